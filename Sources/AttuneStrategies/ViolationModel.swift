import AttuneNumerics

/// Which points succeed, from by how much trials break constraints: a Gaussian process of its own.
///
/// Feasible trials have one positive target, others a negative one that falls with the logarithm of
/// their violation, so that the model knows on which side of what it knows the boundary lies. Like
/// `Surrogate` a pure function of the observations.
struct ViolationModel: Sendable {
  let model: ModelSpace
  private var theta: [Double]?
  private var nextFit = 4

  /// The target of feasible trials, and how far from 0 those of the others begin.
  static let gap = 0.5
  private static let noiseFloor = 1e-4

  init(model: ModelSpace) { self.model = model }

  /// The model of what is known; `nil` below two trials that broke a constraint.
  mutating func process(_ observations: Observations) -> GaussianProcess? {
    while nextFit <= observations.count {
      fit(observations, first: nextFit)
      nextFit = Surrogate.fitAfter(nextFit)
    }
    guard let theta else { return nil }
    let known = members(observations, first: observations.count)
    var process = GaussianProcess(
      GaussianProcessFit.hyperparameters(theta), orderedCount: model.orderedCount)
    process.setPoints(known.flatMap { observations.coordinates(of: $0) })
    process.setTargets(Self.targets(known.map { observations.violations[$0] }))
    return process
  }

  private mutating func fit(_ observations: Observations, first count: Int) {
    let known = members(observations, first: count)
    let violations = known.map { observations.violations[$0] }
    guard violations.count(where: { $0 > 0 }) >= 2 else { return }
    let axisCount = model.axes.count
    let prior = GaussianProcessFit.Prior(
      logLength: (0.5 * Elementary.log(Double(max(axisCount, 1))) - 1, 1),
      logSignal: (0, 1.5), logNoise: (Elementary.log(1e-3), 2), noiseFloor: Self.noiseFloor)
    var search = GaussianProcessFit(
      coordinates: known.flatMap { observations.coordinates(of: $0) }, axisCount: axisCount,
      orderedCount: model.orderedCount, targets: Self.targets(violations), prior: prior)
    let length = 0.5 * Elementary.log(Double(max(axisCount, 1))) - 0.6931471805599453
    let start = [Double](repeating: length, count: axisCount) + [0, Elementary.log(1e-3)]
    let found = search.fit(
      from: theta.map { [$0, start] } ?? [start], evaluations: theta == nil ? 60 : 25)
    if let found { theta = found.theta } else if theta == nil { theta = start }
  }

  /// All of the first `count` observations, or the best and some of the rest.
  private func members(_ observations: Observations, first count: Int) -> [Int] {
    var limit = Surrogate.pointLimit
    while limit > 32, limit * limit / 2 * model.axes.count > 3_000_000 { limit -= 16 }
    guard count > limit else { return Array(0..<count) }
    return Array(observations.ranked(first: count).prefix(limit)).sorted()
  }

  /// Positive for feasible trials.
  private static func targets(_ violations: [Double]) -> [Double] {
    let positive = violations.filter { $0 > 0 }.sorted()
    let unit = positive.isEmpty ? 1 : max(positive[positive.count / 2], 1e-300)
    return violations.map { violation in
      guard violation > 0 else { return gap }
      // Beyond e⁶ times the middle one, how far makes no difference.
      return -gap - Elementary.log1p(min(violation / unit, 400))
    }
  }
}
