import AttuneNumerics

/// When a search of CMA-ES is over, and how the next one starts.
///
/// N. Hansen, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed", GECCO 2009:
/// after the first search, ones with a population that doubles each time and ones with a small
/// population and step size take turns so that both have had as many evaluations.
struct CMAESRestarts: Sendable {
  /// What draws are for: the `stream` of their `RandomStream`. Never changes.
  static let purpose: UInt32 = 0x434D_4102
  private static let doublingLimit = 9

  private let restart: CMAESSettings.Restart
  private let standardSize: Int
  private(set) var populationSize: Int
  private(set) var count = 0
  private var doublings = 0
  private var isSmall = true
  private var smallEvaluations = 0
  private var largeEvaluations = 0
  private var lastLarge = Int.max
  /// Results of this search.
  private var evaluations = 0
  /// The best and the worst value of the last generations, and their medians, oldest first.
  private var bests: [Double] = []
  private var worsts: [Double] = []
  private var medians: [Double] = []
  private var failedGenerations = 0

  init(_ settings: CMAESSettings, standardSize: Int) {
    restart = settings.restart
    self.standardSize = standardSize
    populationSize = standardSize
  }

  /// Takes in the values of a generation, best first; those of failed trials are infinite.
  mutating func follow(_ values: [Double]) {
    evaluations += values.count
    guard let best = values.first, best < .infinity else {
      failedGenerations += 1
      return
    }
    failedGenerations = 0
    bests.append(best)
    worsts.append(values.last { $0 < .infinity } ?? best)
    medians.append(values[values.count / 2])
  }

  /// Whether a search is over: it converged, is stuck, or used up what a small one may take.
  func isOver(_ distribution: CMAESDistribution, start: Double) -> Bool {
    guard restart != .none else { return false }
    if failedGenerations >= 3 { return true }
    if restart == .bipop, count > 0, isSmall, evaluations > lastLarge / 2 { return true }
    return isFlat(distribution.dimension) || isStagnant(distribution.dimension)
      || isUnmoved(distribution, start)
  }

  /// Whether the values of the last generations are the same.
  private func isFlat(_ dimension: Int) -> Bool {
    let span = 10 + (30 * dimension + populationSize - 1) / populationSize
    guard bests.count > span else { return false }
    let (low, high) = (bests.suffix(span).min() ?? 0, worsts.suffix(span).max() ?? 0)
    return !(high - low >= 1e-12)
  }

  /// Whether neither the best nor the middle of generations has fallen in the newest tenth of them.
  private func isStagnant(_ dimension: Int) -> Bool {
    let d = Double(max(dimension, 1))
    let least = 100 + 100 * d * d.squareRoot() / Double(populationSize)
    guard Double(bests.count) > least, bests.count % 10 == 0 else { return false }
    let part = max(bests.count / 10, 1)
    func middle(_ values: ArraySlice<Double>) -> Double { values.sorted()[values.count / 2] }
    func hasFallen(_ values: [Double]) -> Bool {
      let end = values.count
      return middle(values[(end - part)...])
        < middle(values[(end - 2 * part)..<(end - part)])
    }
    return !hasFallen(bests) && !hasFallen(medians)
  }

  /// Whether steps are too small or too large to tell, or the covariance too long.
  private func isUnmoved(_ distribution: CMAESDistribution, _ start: Double) -> Bool {
    let d = distribution.dimension
    guard d > 0 else { return false }
    let (sampler, sigma) = (distribution.sampler, distribution.sampler.sigma)
    let limit = 1e4 * max(start, 1)
    let (largest, smallest) = distribution.rootRange(limit: limit)
    guard sigma.isFinite, largest.isFinite, sigma * largest <= limit else {
      return true
    }
    if largest > 1e7 * smallest { return true }
    var isTiny = true
    for axis in 0..<d {
      let deviation = sigma * sampler.scales[axis] * distribution.variances[axis].squareRoot()
      if sampler.mean[axis] == sampler.mean[axis] + 0.2 * deviation { return true }
      if deviation >= 1e-12 * start || (sigma * distribution.path[axis]).magnitude >= 1e-12 * start
      {
        isTiny = false
      }
    }
    return isTiny
  }

  /// Begins the next search: where it starts and how wide, relative to the first.
  mutating func begin(seed: UInt64, axisCount: Int) -> (mean: [Double], factor: Double) {
    if isSmall { smallEvaluations += evaluations } else { largeEvaluations += evaluations }
    if !isSmall || count == 0 { lastLarge = evaluations }
    count += 1
    (bests, worsts, medians) = ([], [], [])
    (evaluations, failedGenerations) = (0, 0)
    let stream = RandomStream(
      seed: seed, trial: UInt64(truncatingIfNeeded: count), stream: Self.purpose)
    isSmall = restart == .bipop && smallEvaluations < largeEvaluations
    var factor = 1.0
    if isSmall {
      let (u, v) = (stream.unit(at: 0), stream.unit(at: 1))
      let ratio = 0.5 * Double(1 << doublings)
      let growth = Elementary.exp(Elementary.log(max(ratio, 1)) * u * u)
      populationSize = max(Int(Double(standardSize) * growth), 2)
      factor = Elementary.exp(-2 * v * Elementary.log(10))
    } else {
      doublings = min(doublings + 1, Self.doublingLimit)
      populationSize = standardSize << doublings
    }
    let mean = (0..<axisCount).map { stream.unit(at: UInt32(truncatingIfNeeded: $0 + 2)) }
    return (mean, factor)
  }
}
