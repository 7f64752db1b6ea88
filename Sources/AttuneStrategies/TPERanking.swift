import AttuneNumerics

/// The best trials so far, and how much better than the others they are.
///
/// One objective: complete trials by value and pruned ones by what they would have ended with, behind them
/// by their last value those of which that is not known, ties by number. Several: `TPEFronts`. Behind them
/// those that break constraints, by how far. Values are to be minimised; +∞ and not-a-number are failures
/// and not ranked, and neither is an infinite violation. An add costs O(log n) with one objective.
struct TPERanking: Sendable {
  struct Entry: Sendable {
    let value: Double
    let trial: Int32

    func precedes(_ other: Entry) -> Bool {
      value < other.value || (value == other.value && trial < other.trial)
    }
  }

  /// No more than this many are ever wanted as the good ones.
  static let limit = 40

  /// How many trials are ranked.
  private(set) var count = 0
  /// The best with a value of their own or a foretold one, one more than are ever wanted.
  private var best: [Entry] = []
  /// Pruned ones of which nothing is foretold.
  private var bestPruned: [Entry] = []
  private var leastInfeasible: [Entry] = []
  private var quartile = RunningQuartile()
  private var least = Double.infinity
  private var greatest = -Double.infinity
  /// The best finite value of a complete trial.
  private var leastComplete: Double?
  private var fronts: TPEFronts?

  init(objectiveCount: Int) {
    fronts = objectiveCount > 1 ? TPEFronts(width: objectiveCount) : nil
  }

  /// Adds a complete trial; false, and nothing is added, when it counts as failed.
  mutating func add(_ trial: Int, _ values: [Double], violation: Double) -> Bool {
    guard !values.isEmpty, values.allSatisfy({ $0 < .infinity }), violation < .infinity else {
      return false
    }
    count += 1
    if violation > 0 {
      Self.insert(Entry(value: violation, trial: Int32(trial)), into: &leastInfeasible)
      return true
    }
    if fronts != nil {
      fronts?.add(trial, values)
      return true
    }
    rank(trial, by: values[0])
    if values[0].isFinite { leastComplete = min(leastComplete ?? values[0], values[0]) }
    return true
  }

  private mutating func rank(_ trial: Int, by value: Double) {
    quartile.add(value)
    if value.isFinite {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    Self.insert(Entry(value: value, trial: Int32(trial)), into: &best)
  }

  /// Adds a pruned trial by what it would have ended with, or else by its last value; false, and nothing is
  /// added, when it has no such value.
  mutating func addPruned(
    _ trial: Int, _ value: Double, outlook: Double?, violation: Double
  ) -> Bool {
    guard fronts == nil, value < .infinity, violation < .infinity else { return false }
    count += 1
    if violation > 0 {
      Self.insert(Entry(value: violation, trial: Int32(trial)), into: &leastInfeasible)
    } else if let outlook {
      // What is only foretold is not better than all that is known.
      rank(trial, by: max(outlook, leastComplete ?? outlook))
    } else {
      Self.insert(Entry(value: value, trial: Int32(trial)), into: &bestPruned)
    }
    return true
  }

  private static func insert(_ entry: Entry, into list: inout [Entry]) {
    if list.count > limit, let last = list.last, last.precedes(entry) { return }
    var place = list.count
    while place > 0, entry.precedes(list[place - 1]) { place -= 1 }
    list.insert(entry, at: place)
    if list.count > limit + 1 { list.removeLast() }
  }

  /// The best `wanted` trials, or as many as there are.
  func best(_ wanted: Int) -> [Int32] {
    var chosen = fronts?.best(wanted) ?? best.prefix(wanted).map(\.trial)
    chosen += bestPruned.prefix(max(wanted - chosen.count, 0)).map(\.trial)
    chosen += leastInfeasible.prefix(max(wanted - chosen.count, 0)).map(\.trial)
    return chosen
  }

  /// The weight of each of `trials`, the best ones in any order, between 0.2 of their mean and 1.
  ///
  /// How much better a trial is than the best of the others, on a logarithmic scale that begins at
  /// the best value and whose unit is the distance to the lowest quarter; at least a fifth of the
  /// mean weight, lest one trial owns the density. (The expectation weights of S. Watanabe,
  /// "Tree-structured Parzen estimator", arXiv 2304.11127, section 3.3, on warped values.) Several
  /// objectives weigh all alike.
  func weights(of trials: [Int32]) -> [Double] {
    guard fronts == nil, least <= greatest else { return Array(repeating: 1, count: trials.count) }
    let warp = Warp(least: least, greatest: greatest, quartile: quartile.value, hasLower: hasLower)
    // Trials that are infeasible, or pruned with nothing foretold, are worse than all others.
    let worst = warp(best.count > trials.count ? best[trials.count].value : best.last?.value ?? 0)
    var weights = trials.map { trial in
      best.first { $0.trial == trial }.map { max(worst - warp($0.value), 0) } ?? 0
    }
    if !weights.contains(where: { $0 > 0 }) {
      // All alike: what is feasible and has a value, if a foretold one, still counts for more.
      weights = trials.map { trial in best.contains { $0.trial == trial } ? 1 : 0 }
    }
    let largest = weights.max() ?? 0
    guard largest > 0 else { return Array(repeating: 1, count: trials.count) }
    for index in weights.indices { weights[index] /= largest }
    let floor = 0.2 * weights.reduce(0, +) / Double(weights.count)
    return weights.map { max($0, floor) }
  }

  private var hasLower: Bool { best.first?.value == -.infinity }

  /// Values on the scale of weights; quarters of them, so that no difference overflows.
  private struct Warp {
    let lowest: Double
    let unit: Double

    init(least: Double, greatest: Double, quartile: Double, hasLower: Bool) {
      // −∞ counts as better than the best finite value by the whole range.
      lowest = hasLower ? least / 4 - (greatest / 4 - least / 4) : least / 4
      unit = max(quartile / 4, lowest) - lowest
    }

    func callAsFunction(_ value: Double) -> Double {
      let distance = max(value / 4, lowest) - lowest
      return unit > 0 ? Elementary.log1p(min(distance / unit, 1e300)) : distance
    }
  }
}
