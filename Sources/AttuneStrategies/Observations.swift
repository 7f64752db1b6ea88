import AttuneCore
import AttuneNumerics

/// What a study's trials tell a model: values to be made small, failures, and what is pending.
///
/// Follows the event log. Values are those of one objective, with their sign turned where they are to
/// be made large. An infinitely bad value counts as a failure, an infinitely good one as better than
/// the best by the range so far. A PRUNED trial has its last value, or the median if that is worse.
struct Observations: Sendable {
  let model: ModelSpace
  private let isMaximized: Bool
  /// The trials with a value, in the order they finished.
  private(set) var trials: [Int] = []
  /// Their coordinates, one trial after the other.
  private(set) var coordinates: [Double] = []
  /// Their values, to be made small; all finite.
  private(set) var values: [Double] = []
  /// The sums of the constraints they violate; 0 where feasible.
  private(set) var violations: [Double] = []
  /// The index of the best value, the first of equal ones: of feasible trials, if there are any, else of
  /// those that violate least.
  private(set) var best: Int?
  /// Coordinates of trials that failed or violate a constraint, one after the other.
  private(set) var failures: [Double] = []
  /// The trials asked and not finished, in the order they were asked.
  private(set) var pending: [Int] = []
  private var pendingHashes: [UInt64] = []
  /// How many trials have or had each point, by its hash.
  private var seen: [UInt64: Int32] = [:]
  private var worst: Double?
  private var least = Double.infinity
  /// Whether the least value may have come more than once, as where values come in steps. Unsure where
  /// constraints were violated.
  private(set) var mayHaveSteps = false
  /// The values in ascending order; kept from the first pruned trial on.
  private var ordered: [Double]?

  init(model: ModelSpace, direction: Direction) {
    self.model = model
    isMaximized = direction == .maximize
  }

  var count: Int { values.count }
  /// How many values came since the best one.
  var staleCount: Int { best.map { values.count - 1 - $0 } ?? 0 }
  var failureCount: Int { model.axes.isEmpty ? 0 : failures.count / model.axes.count }

  /// Takes in an event. The index of the value it brought, if it brought one.
  @discardableResult
  mutating func follow(_ event: History.Event, in history: History) -> Int? {
    switch event {
    case .asked(let trial):
      let hash = Self.hash(history.point(trial))
      pending.append(trial)
      pendingHashes.append(hash)
      seen[hash, default: 0] += 1
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
    seen[hash, default: 0] += 1
    let count = seen[old] ?? 1
    seen[old] = count > 1 ? count - 1 : nil
  }

  /// The coordinates of the trial with value `index`.
  func coordinates(of index: Int) -> ArraySlice<Double> {
    coordinates[(index * model.axes.count)..<((index + 1) * model.axes.count)]
  }

  /// How many different points were asked.
  var seenCount: Int { seen.count }

  /// Whether a point was asked before.
  func hasSeen(_ point: Point) -> Bool { seen[Self.hash(point)] != nil }

  private mutating func finish(_ trial: Int, _ history: History) -> Int? {
    let raw = history.value(trial)
    var value = isMaximized ? -raw : raw
    let state = history.state(trial)
    guard state != .fail, !value.isNaN, value < .infinity else {
      // A trial pruned before its first report tells nothing.
      if state != .pruned || value == .infinity { failures += coordinates(trial, history) }
      return nil
    }
    if state == .pruned, !values.isEmpty { value = max(value, median()) }
    if value == -.infinity {
      let least = best.map { values[$0] } ?? 0
      value = max(least - max((worst ?? least) - least, 1), -.greatestFiniteMagnitude)
    }
    let violation = history.violation(trial)
    trials.append(trial)
    coordinates += coordinates(trial, history)
    values.append(value)
    if let place = ordered.map({ Self.place(of: value, in: $0) }) {
      ordered?.insert(value, at: place)
    }
    violations.append(violation)
    if violation > 0 || value == least { mayHaveSteps = true }
    least = min(least, value)
    if violation > 0 { failures += coordinates(of: values.count - 1) }
    if best.map({ isBetter(values.count - 1, than: $0) }) ?? true { best = values.count - 1 }
    worst = worst.map { max($0, value) } ?? value
    return values.count - 1
  }

  /// Whether one observation ranks before another: by violation, then by value.
  func isBetter(_ a: Int, than b: Int) -> Bool {
    violations[a] != violations[b] ? violations[a] < violations[b] : values[a] < values[b]
  }

  /// Of values, of which there must be some.
  private mutating func median() -> Double {
    let ordered = ordered ?? values.sorted()
    self.ordered = ordered
    return ordered[ordered.count / 2]
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
    [Double](unsafeUninitializedCapacity: model.axes.count) { buffer, count in
      if let base = buffer.baseAddress { model.write({ history.slot(trial, $0) }, to: base) }
      count = model.axes.count
    }
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
