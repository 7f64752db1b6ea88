import AttuneNumerics

/// The Gaussian process of a study: which trials it knows, when it is fitted anew, how values are warped.
///
/// A pure function of the observations: fits happen at fixed counts of the settled ones, each from where the
/// one before ended, whether or not anyone asked in between; and one of all, where there are others, which a
/// copy of the process follows for a single proposal. Between fits points are added at O(n²). Once
/// trials give derivatives, the process knows these too: see `Surrogate+Derivatives.swift`.
struct Surrogate: Sendable {
  /// What is known of the noise of the values.
  enum Noise: Sendable, Hashable {
    case unknown
    case none
    case some
  }

  let model: ModelSpace
  let noise: Noise
  /// The warp, where it is not chosen by evidence.
  let fixedWarp: OutputWarp?
  /// The objective whose values it learns.
  let objective: Int
  private(set) var process: GaussianProcess?
  private(set) var warp: OutputWarp
  /// The observations the process knows, in its order.
  private(set) var members: [Int] = []
  /// Their targets.
  private(set) var targets: [Double] = []
  /// The least step by which values can improve, where they come in steps; else 0.
  private(set) var quantum = 0.0
  /// By how much a value near the best grows with its target.
  private(set) var spread = 0.0
  private(set) var ruler: OutputWarp.Ruler?
  private(set) var standard = (mean: 0.0, deviation: 0.0)
  private(set) var theta: [Double]?
  /// ln ρ of the derivatives' noise, once a fit has found it.
  var logDerivativeNoise: Double?
  private var nextFit = 2
  private var knownCount = -1
  /// At how many observations the last fit was that others than settled ones had a part in.
  private var provisionalFit = 0

  /// The most points of a fit and of the process.
  static let pointLimit = 256

  init(model: ModelSpace, noise: Noise, fixedWarp: OutputWarp? = nil, objective: Int = 0) {
    self.model = model
    self.noise = noise
    self.fixedWarp = fixedWarp
    self.objective = objective
    warp = fixedWarp ?? .logarithm(quantile: 0.5)
  }

  /// Brings the process up to date. At least two observations are wanted.
  mutating func follow(_ observations: Observations) {
    catchUp(observations)
    guard observations.count != knownCount, theta != nil else { return }
    knownCount = observations.count
    extend(observations, to: observations.count)
    retarget(observations)
  }

  /// Makes the fits that are due. Late ones end as they would have in time.
  private mutating func catchUp(_ observations: Observations) {
    while nextFit <= observations.settledCount {
      fit(observations, first: nextFit)
      nextFit = Self.fitAfter(nextFit)
    }
    let count = observations.count
    guard count > max(observations.settledCount, 1), count != provisionalFit else { return }
    provisionalFit = count
    fit(observations, first: count)
  }

  /// The least step by which values can improve, where they come in steps; else 0.
  ///
  /// Needs no process, and mostly no fit: a study that was opened again makes none till it asks one.
  mutating func quantum(_ observations: Observations) -> Double {
    guard observations.mayHaveSteps else { return 0 }
    if observations.count == knownCount { return quantum }
    catchUp(observations)
    let chosen = subset(of: observations, first: observations.count)
    return Self.quantum(chosen.map { observations.columns[objective][$0] }.sorted())
  }

  /// The count of observations at which the fit after that at `count` happens.
  static func fitAfter(_ count: Int) -> Int {
    if count < 20 { return count + 1 }
    return count + max(1, count < pointLimit ? count * 8 / 100 : count / 5)
  }

  /// The least difference of values when the best has come more than once, as accuracies on few samples
  /// do; else 0.
  private static func quantum(_ sorted: [Double]) -> Double {
    guard sorted.count > 1, sorted[0] == sorted[1] else { return 0 }
    var least = Double.infinity
    for index in 1..<sorted.count where sorted[index] > sorted[index - 1] {
      least = min(least, sorted[index] - sorted[index - 1])
    }
    return least.isFinite ? least : 0
  }

  /// Lets the process know the first `count` observations, or those of them that matter most.
  private mutating func extend(_ observations: Observations, to count: Int) {
    guard let theta else { return }
    let axisCount = model.axes.count
    let hasSlopes = observations.slopeless < count
    if process == nil || count > Self.pointLimit || hasSlopes {
      members = subset(of: observations, first: count)
      process = hasSlopes ? processWithDerivatives(observations) : nil
      guard process == nil else { return }
      process = GaussianProcess(
        GaussianProcessFit.hyperparameters(theta), orderedCount: model.orderedCount)
      var chosen: [Double] = []
      chosen.reserveCapacity(members.count * axisCount)
      for index in members { chosen += observations.coordinates(of: index) }
      process?.setPoints(chosen)
    } else {
      for index in members.count..<max(count, members.count) {
        members.append(index)
        process?.append(Array(observations.coordinates(of: index)))
      }
    }
  }

  private mutating func retarget(_ observations: Observations) {
    let values = members.map { observations.columns[objective][$0] }
    let sorted = values.sorted()
    let warped = warp.targets(values, sorted: sorted)
    quantum = Self.quantum(sorted)
    targets = warped.values
    ruler = warped.ruler
    standard = OutputWarp.standardize(&targets)
    spread = warped.unit * standard.deviation
    let slopes = slopeTargets(observations)
    process?.setTargets(targets, slopes: slopes)
  }

  /// The target of a value, also of one that the process does not know.
  func target(of value: Double) -> Double {
    guard let ruler, standard.deviation > 0 else { return 0 }
    return (ruler.target(of: value) - standard.mean) / standard.deviation
  }

  private mutating func fit(_ observations: Observations, first count: Int) {
    let isFirst = theta == nil
    if !isFirst {
      extend(observations, to: count)
      chooseWarp(observations, margin: 2)
    }
    improve(observations, first: count, isFirst: isFirst)
    if isFirst, fixedWarp == nil {
      process = nil
      extend(observations, to: count)
      let before = warp
      chooseWarp(observations, margin: 0)
      if warp != before { improve(observations, first: count, isFirst: true) }
    }
    process = nil
    members = []
    knownCount = -1
    extend(observations, to: count)
  }

  private mutating func chooseWarp(_ observations: Observations, margin: Double) {
    guard fixedWarp == nil, let process, process.count == members.count else { return }
    warp = OutputWarp.likeliest(
      members.map { observations.columns[objective][$0] },
      slopes: scaledSlopes(process, observations), factor: process.factor, kept: warp,
      margin: margin)
  }

  private mutating func improve(_ observations: Observations, first count: Int, isFirst: Bool) {
    let chosen = subset(of: observations, first: count)
    let values = chosen.map { observations.columns[objective][$0] }
    let warped = warp.targets(values, sorted: values.sorted())
    var targets = warped.values
    let deviation = OutputWarp.standardize(&targets).deviation
    let axisCount = model.axes.count
    let prior = Self.prior(axisCount: axisCount, noise: noise, count: count)
    let root = Double(max(axisCount, 1)).squareRoot()
    let tail = [0, max(prior.logNoise.mean, Elementary.log(prior.noiseFloor))]
    func isotropic(_ length: Double) -> [Double] {
      [Double](repeating: Elementary.log(length), count: axisCount) + tail
    }
    var starts: [[Double]] = []
    if let theta { starts.append(theta) }
    if isFirst || count & (count - 1) == 0 { starts.append(isotropic(0.5 * root)) }
    if isFirst { starts.append(isotropic(0.2 * root)) }
    let coordinates = chosen.flatMap { observations.coordinates(of: $0) }
    let evaluations = isFirst ? 60 : 25
    let slopes = FitSlopes(chosen: chosen, ruler: warped.ruler, deviation: deviation)
    if let found = fitWithDerivatives(
      observations, slopes, coordinates, targets, prior, starts, evaluations)
    {
      theta = found
    } else {
      var search = GaussianProcessFit(
        coordinates: coordinates, axisCount: axisCount, orderedCount: model.orderedCount,
        targets: targets, prior: prior)
      if let found = search.fit(from: starts, evaluations: evaluations) { theta = found.theta }
    }
    if theta == nil { theta = isotropic(0.5 * root) }
  }

  /// What is believed of the hyperparameters before any target is seen.
  static func prior(axisCount: Int, noise: Noise, count: Int) -> GaussianProcessFit.Prior {
    let logNoise: (mean: Double, deviation: Double) =
      switch noise {
      case .unknown: (Elementary.log(1e-4), 3)
      case .none: (Elementary.log(1e-6), 0.1)
      case .some: (-4, 1)
      }
    return GaussianProcessFit.Prior(
      logLength: (0.5 * Elementary.log(Double(max(axisCount, 1))) - 1, 1),
      logSignal: (0, 1.5), logNoise: logNoise, noiseFloor: 1e-6)
  }

  /// All of the first `count` observations, or the best, those nearest to the best, and some of the rest.
  private func subset(of observations: Observations, first count: Int) -> [Int] {
    // Differences of all pairs along all axes are kept while fitting: at most 3 million.
    var limit = Self.pointLimit
    while limit > 32, limit * limit / 2 * model.axes.count > 3_000_000 { limit -= 16 }
    guard count > limit else { return Array(0..<count) }
    let order = observations.ranked(first: count)
    let hashes = (0..<count).map { splitMix64(UInt64(observations.trials[$0])) }
    var isChosen = [Bool](repeating: false, count: count)
    guard observations.columns.count == 1 else {
      // A front is no place to be near to.
      for index in order.prefix(limit / 4 * 3) { isChosen[index] = true }
      take(limit - limit / 4 * 3, &isChosen) { hashes[$0] < hashes[$1] }
      return (0..<count).filter { isChosen[$0] }
    }
    for index in order.prefix(limit / 4) { isChosen[index] = true }
    let distances = distances(observations, Array(0..<count), from: order[0])
    take(limit / 4, &isChosen) {
      distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
    }
    take(limit - limit / 4 * 2, &isChosen) { hashes[$0] < hashes[$1] }
    return (0..<count).filter { isChosen[$0] }
  }

  private func take(_ total: Int, _ isChosen: inout [Bool], by isBefore: (Int, Int) -> Bool) {
    let rest = isChosen.indices.filter { !isChosen[$0] }.sorted(by: isBefore)
    for index in rest.prefix(total) { isChosen[index] = true }
  }
}
