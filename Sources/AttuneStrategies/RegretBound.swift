import AttuneNumerics

/// How far the best of some trials is from the best value of the space, at most, with high confidence.
///
/// The better half of the trials, at least 20, standardized, are given to a Gaussian process. With
/// confidence bounds μ ± √β σ, β = ⅖ ln(d n² π² / 6δ), δ = 0.1, of n trials in d dimensions, the regret is at
/// most min_i UCB(x_i) − min_x LCB(x) (A. Makarova and others, "Automatic termination for hyperparameter
/// optimization", AutoML 2022, equations 4 and 5; the factor ⅖ from Srinivas and others, ICML 2010), both
/// brought back to units of the value.
struct RegretBound: Sendable, Hashable {
  /// Not negative; in units of the value.
  let regret: Double
  /// The deviation of the noise.
  let noise: Double

  /// Fewer than so many trials are not halved.
  private static let leastCount = 20

  /// Of the first `count` observations; `nil` when they are equal, or nothing can be told of them.
  init?(_ observations: Observations, first count: Int) {
    let model = observations.model
    guard count >= 2, !model.axes.isEmpty else { return nil }
    let chosen = Self.top(observations, first: count)
    var targets = chosen.map { observations.values[$0] }
    let deviation = OutputWarp.standardize(&targets).deviation
    guard deviation > 0, deviation.isFinite,
      let process = Self.process(
        chosen.flatMap { observations.coordinates(of: $0) }, targets, model)
    else { return nil }
    let n = Double(chosen.count)
    let beta =
      0.4 * Elementary.log(Double(model.axes.count) * n * n * .pi * .pi / 6 / Self.delta)
    let width = beta.squareRoot()
    var upper = Double.infinity
    for index in chosen {
      let (mean, variance) = process.posterior(at: Array(observations.coordinates(of: index)))
      upper = min(upper, mean + width * variance.squareRoot())
    }
    var search = AcquisitionSearch(
      model: model,
      criterion: AcquisitionCriterion(
        process: process, acquisition: .confidenceBound(width: width)), feasibility: nil,
      box: [ClosedRange<Double>](repeating: 0...1, count: model.axes.count),
      elite: chosen.prefix(3).map { Array(observations.coordinates(of: $0)) }, given: nil,
      stream: RandomStream(seed: 0, trial: UInt64(count), stream: RandomPurpose.stopping),
      isTaken: { _ in false })
    guard let lower = search.maximum().map({ -$0 }) else { return nil }
    regret = max(upper - lower, 0) * deviation
    noise = process.hyperparameters.noise.squareRoot() * deviation
  }

  private static let delta = 0.1

  /// The better half of the first `count` observations, best first, no more than a process can know.
  private static func top(_ observations: Observations, first count: Int) -> [Int] {
    let order = (0..<count).sorted {
      let (a, b) = (observations.values[$0], observations.values[$1])
      return a != b ? a < b : $0 < $1
    }
    return Array(order.prefix(min(max(leastCount, count / 2), Surrogate.pointLimit)))
  }

  private static func process(
    _ coordinates: [Double], _ targets: [Double], _ model: ModelSpace
  ) -> GaussianProcess? {
    let axisCount = model.axes.count
    let prior = Surrogate.prior(axisCount: axisCount, noise: .unknown, count: targets.count)
    var search = GaussianProcessFit(
      coordinates: coordinates, axisCount: axisCount, orderedCount: model.orderedCount,
      targets: targets, prior: prior)
    let starts = [0.5, 0.2].map { share in
      let length = Elementary.log(share * Double(axisCount).squareRoot())
      return [Double](repeating: length, count: axisCount) + [0, prior.logNoise.mean]
    }
    guard let fit = search.fit(from: starts, evaluations: 60) else { return nil }
    var process = GaussianProcess(fit.hyperparameters, orderedCount: model.orderedCount)
    process.setPoints(coordinates)
    process.setTargets(targets)
    return process.targetCount == targets.count ? process : nil
  }
}
