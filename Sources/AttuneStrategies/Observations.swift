import AttuneCore
import AttuneNumerics

/// What a study's trials tell a model: values to be made small, failures, and what is pending.
///
/// Follows the event log. Values have their sign turned where they are to be made large. A trial with an
/// infinitely bad value counts as a failure; an infinitely good one is better than the best by the range
/// so far. A PRUNED trial has what it would have ended with (`History.outlook`), but nothing better than the
/// best COMPLETE one; where that is unknown or not asked for its last values, or the medians where those are
/// worse.
struct Observations: Sendable {
  let model: ModelSpace
  private let directions: [Direction]
  private let usesOutlooks: Bool
  /// The trials with a value, in the order they finished.
  private(set) var trials: [Int] = []
  /// Their coordinates, one trial after the other.
  private(set) var coordinates: [Double] = []
  /// Their values, objective by objective, to be made small; all finite.
  private(set) var columns: [[Double]]
  /// The same values trial by trial, and how many trials are better in every way than each; of several
  /// objectives alone.
  private var rows: [Double] = []
  private var dominators: [Int] = []
  /// The sums of the constraints they violate; 0 where feasible.
  private(set) var violations: [Double] = []
  /// The index of the best value of the first objective, the first of equal ones: of feasible trials, if
  /// there are any, else of those that violate least.
  private(set) var best: Int?
  /// How many of the first observations are certain: the ends of later ones may be taken back.
  private(set) var settledCount = 0
  private var eventCount = 0
  /// The best value of the COMPLETE trials that violate nothing, of one objective.
  private var leastComplete: Double?
  /// The derivatives of each objective by the coordinates, a row of all axes an observation; NaN where
  /// there is none. Empty while no trial gave one.
  private(set) var slopes: [[Double]] = []
  /// How many observations there were when the first came that has derivatives.
  private(set) var slopeless = Int.max
  /// Coordinates of trials that failed or violate a constraint, one after the other.
  private(set) var failures: [Double] = []
  /// The trials asked and not finished, in the order they were asked.
  private(set) var pending: [Int] = []
  private var pendingHashes: [UInt64] = []
  /// How many trials have or had each point, by its hash.
  private var seen = HashCounts()
  /// The worst and the least value of each objective.
  private var worsts: [Double]
  private var leasts: [Double]
  /// Whether the least value may have come more than once, as where values come in steps. Unsure where
  /// constraints were violated.
  private(set) var mayHaveSteps = false
  /// The values of each objective in ascending order; kept from the first pruned trial on.
  private var ordered: [[Double]]?

  init(model: ModelSpace, directions: [Direction], usesOutlooks: Bool = false) {
    self.model = model
    self.directions = directions
    self.usesOutlooks = usesOutlooks && directions.count == 1
    columns = directions.map { _ in [] }
    worsts = directions.map { _ in -.infinity }
    leasts = directions.map { _ in .infinity }
  }

  /// The values of the first objective.
  var values: [Double] { columns[0] }
  var count: Int { trials.count }
  /// How many values came since the best one.
  var staleCount: Int { best.map { count - 1 - $0 } ?? 0 }
  var failureCount: Int { model.axes.isEmpty ? 0 : failures.count / model.axes.count }

  /// Takes in an event. The index of the value it brought, if it brought one.
  @discardableResult
  mutating func follow(_ event: History.Event, in history: History) -> Int? {
    eventCount += 1
    defer { if eventCount <= history.settledEventCount { settledCount = count } }
    switch event {
    case .asked(let trial):
      let hash = Self.hash(history.point(trial))
      pending.append(trial)
      pendingHashes.append(hash)
      seen.insert(hash)
      return nil
    case .finished(let trial):
      // Usually the last one asked.
      if let place = pending.lastIndex(of: trial) {
        pending.remove(at: place)
        move(from: pendingHashes.remove(at: place), to: Self.hash(history.point(trial)))
      }
      return finish(trial, history)
    }
  }

  /// A define-by-run objective may ask for another point in the end than it was given.
  private mutating func move(from old: UInt64, to hash: UInt64) {
    guard hash != old else { return }
    seen.insert(hash)
    seen.remove(old)
  }

  /// The coordinates of the trial with value `index`.
  func coordinates(of index: Int) -> ArraySlice<Double> {
    coordinates[(index * model.axes.count)..<((index + 1) * model.axes.count)]
  }

  /// How many different points were asked.
  var seenCount: Int { seen.count }

  /// Whether a point was asked before.
  func hasSeen(_ point: Point) -> Bool { seen.contains(Self.hash(point)) }

  private mutating func finish(_ trial: Int, _ history: History) -> Int? {
    var row = directions.indices.map { objective in
      let raw = history.value(trial, objective: objective)
      return directions[objective] == .maximize ? -raw : raw
    }
    let state = history.state(trial)
    guard state != .fail, row.allSatisfy({ !$0.isNaN && $0 < .infinity }) else {
      // A trial pruned before its first report tells nothing, nor does one without a point to be avoided.
      let tells = state != .pruned || row.contains(.infinity)
      if tells, history.hasPoint(trial) { failures += coordinates(trial, history) }
      return nil
    }
    let violation = history.violation(trial)
    if let outlook = outlook(trial, history) {
      // No median here: with few COMPLETE trials it would make the good ones of the others all alike.
      row[0] = max(outlook, leastComplete ?? outlook)
    } else {
      for objective in row.indices {
        row[objective] = settled(row[objective], objective, isPruned: state == .pruned)
      }
      if state == .complete, violation <= 0 { leastComplete = min(leastComplete ?? row[0], row[0]) }
    }
    let index = count
    trials.append(trial)
    coordinates += coordinates(trial, history)
    violations.append(violation)
    if violation > 0 || row[0] == leasts[0] { mayHaveSteps = true }
    if violation > 0 { failures += coordinates(of: index) }
    for (objective, value) in row.enumerated() { take(value, objective) }
    followSlopes(trial, history)
    if row.count > 1 {
      rows += row
      var counts = dominators
      dominators = []
      rank(index, &counts)
      dominators = counts
    }
    if best.map({ isBetter(index, than: $0) }) ?? true { best = index }
    return index
  }

  /// Takes in the derivatives of the last observation: those of a pruned trial, or of a value that counts
  /// as another, say nothing.
  private mutating func followSlopes(_ trial: Int, _ history: History) {
    let width = model.axes.count
    let isWhole = history.state(trial) == .complete
    if slopes.isEmpty {
      guard isWhole, hasDerivative(trial, history) else { return }
      slopeless = count - 1
      slopes = directions.map { _ in [Double](repeating: .nan, count: slopeless * width) }
    }
    for objective in directions.indices {
      slopes[objective] += [Double](repeating: .nan, count: width)
      guard isWhole, history.value(trial, objective: objective).isFinite else { continue }
      for (axis, scale) in model.gradientAxes {
        let parameter = model.axes[axis].parameter
        guard let slot = history.slot(trial, parameter) else { continue }
        let raw = history.derivative(trial, parameter, objective: objective)
        let slope = scale.slope(directions[objective] == .maximize ? -raw : raw, atSlot: slot)
        if slope.isFinite { slopes[objective][(count - 1) * width + axis] = slope }
      }
    }
  }

  private func hasDerivative(_ trial: Int, _ history: History) -> Bool {
    directions.indices.contains { objective in
      model.gradientAxes.contains { axis, _ in
        history.derivative(trial, model.axes[axis].parameter, objective: objective).isFinite
      }
    }
  }

  /// The derivative of an objective by the coordinate along `axis` at an observation; NaN where there is
  /// none.
  func slope(_ index: Int, _ axis: Int, objective: Int = 0) -> Double {
    index < slopeless ? .nan : slopes[objective][index * model.axes.count + axis]
  }

  /// What a PRUNED trial would have ended with, to be made small; `nil` where it is not known.
  private func outlook(_ trial: Int, _ history: History) -> Double? {
    guard usesOutlooks, history.state(trial) == .pruned else { return nil }
    let raw = history.outlook(trial)
    return raw.isNaN ? nil : directions[0] == .maximize ? -raw : raw
  }

  /// What a value counts as.
  private mutating func settled(_ raw: Double, _ objective: Int, isPruned: Bool) -> Double {
    let value = isPruned && count > 0 ? max(raw, median(objective)) : raw
    guard value == -.infinity else { return value }
    guard count > 0 else { return -1 }
    let least =
      columns.count == 1 ? columns[0][best ?? 0] : leasts[objective]
    return max(least - max(worsts[objective] - least, 1), -.greatestFiniteMagnitude)
  }

  private mutating func take(_ value: Double, _ objective: Int) {
    columns[objective].append(value)
    if let place = ordered.map({ Self.place(of: value, in: $0[objective]) }) {
      ordered?[objective].insert(value, at: place)
    }
    leasts[objective] = min(leasts[objective], value)
    worsts[objective] = max(worsts[objective], value)
  }

  /// Whether one observation ranks before another: by violation, then by the first value.
  func isBetter(_ a: Int, than b: Int) -> Bool {
    violations[a] != violations[b]
      ? violations[a] < violations[b] : columns[0][a] < columns[0][b]
  }

  /// The first `count` observations, best first: by violation, then by value; with several objectives by
  /// how many of them are better in every way. Ties by age.
  func ranked(first count: Int) -> [Int] {
    guard columns.count > 1 else {
      return (0..<count).sorted {
        isBetter($0, than: $1) || (!isBetter($1, than: $0) && $0 < $1)
      }
    }
    let dominators = count == self.count ? dominators : counted(first: count)
    return (0..<count).sorted { a, b in
      if violations[a] != violations[b] { return violations[a] < violations[b] }
      return dominators[a] != dominators[b] ? dominators[a] < dominators[b] : a < b
    }
  }

  private func counted(first count: Int) -> [Int] {
    var dominators: [Int] = []
    for index in 0..<count { rank(index, &dominators) }
    return dominators
  }

  /// Counts who is better than the observation `index` in every way and violates no more, and it among
  /// those that are better than earlier ones.
  private func rank(_ index: Int, _ dominators: inout [Int]) {
    let width = columns.count
    func isBetter(_ a: Int, _ b: Int) -> Bool {
      violations[a] <= violations[b]
        && Dominance.dominates(rows, at: a * width, rows, from: b * width, width: width)
    }
    var own = 0
    for other in 0..<index {
      if isBetter(other, index) {
        own += 1
      } else if isBetter(index, other) {
        dominators[other] += 1
      }
    }
    dominators.append(own)
  }

  /// The values of an observation, one for each objective.
  func row(of index: Int) -> [Double] { columns.map { $0[index] } }

  /// Of values of an objective, of which there must be some.
  private mutating func median(_ objective: Int) -> Double {
    let ordered = ordered ?? columns.map { $0.sorted() }
    self.ordered = ordered
    return ordered[objective][ordered[objective].count / 2]
  }

  private static func place(of value: Double, in ordered: [Double]) -> Int {
    var (low, high) = (0, ordered.count)
    while low < high {
      let middle = (low + high) / 2
      if ordered[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func coordinates(_ trial: Int, _ history: History) -> [Double] {
    model.coordinates { history.slot(trial, $0) }
  }

  /// Equal for equal points, also where one has places for more parameters; for different ones by chance
  /// once in 2⁶⁴ pairs.
  static func hash(_ point: Point) -> UInt64 {
    var state: UInt64 = 0x51_7c_c1_b7_27_22_0a_95
    for index in point.slots.indices {
      guard let slot = point[index] else { continue }
      state = splitMix64((state &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15) ^ slot)
    }
    return state
  }
}
