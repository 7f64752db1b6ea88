import AttuneCore

/// The results that a generation of CMA-ES has so far.
struct CMAESGeneration: Sendable {
  /// One trial that ended.
  struct Result: Sendable {
    let trial: Int
    let draw: CMAESDraw
    let rank: CMAESRank
    /// Whether it was not drawn from the distribution that it moves.
    var isOutside: Bool
  }

  private(set) var results: [Result] = []
  /// How many of them the strategy asked for.
  private(set) var ownCount = 0
  /// How many trials of this generation run.
  var pendingCount = 0

  /// Adds a result.
  mutating func add(_ result: Result, isOwn: Bool) {
    results.append(result)
    if isOwn { ownCount += 1 }
  }

  /// Begins the next generation, and gives the results of this one, best first.
  mutating func finish() -> [Result] {
    var ranked: [Result] = []
    ranked.reserveCapacity(results.count)
    swap(&ranked, &results)
    (ownCount, pendingCount) = (0, 0)
    ranked.sort {
      $0.rank < $1.rank || $0.trial < $1.trial && $0.rank == $1.rank
    }
    return ranked
  }

  /// Whether there are enough results: `size`, and as many as trials still run, within reason.
  ///
  /// So with many workers generations are larger, and most results are of the current one.
  func isFull(_ size: Int) -> Bool { ownCount >= size && ownCount >= min(pendingCount, 8 * size) }
}

/// How good a trial is: feasible before infeasible, complete before pruned, then by value; failed last.
struct CMAESRank: Sendable, Equatable, Comparable {
  let violation: Double
  let isPruned: Bool
  /// To be made small; infinite where the trial failed.
  let value: Double

  /// The rank of trials that failed.
  static let failed = CMAESRank(violation: .infinity, isPruned: true, value: .infinity)

  var isFailed: Bool { value == .infinity }

  init(violation: Double, isPruned: Bool, value: Double) {
    self.violation = violation
    self.isPruned = isPruned
    self.value = value
  }

  /// The rank of a finished trial.
  init(_ trial: Int, in history: History, isMaximized: Bool) {
    let raw = history.value(trial)
    let value = isMaximized ? -raw : raw
    let violation = history.violation(trial)
    let state = history.state(trial)
    guard state != .fail, !value.isNaN, value < .infinity, violation < .infinity else {
      self = .failed
      return
    }
    self.init(violation: violation, isPruned: state == .pruned, value: value)
  }

  static func < (a: CMAESRank, b: CMAESRank) -> Bool {
    // A failed one has the largest of all three.
    if a.violation != b.violation { return a.violation < b.violation }
    if a.isPruned != b.isPruned { return b.isPruned }
    return a.value < b.value
  }
}
