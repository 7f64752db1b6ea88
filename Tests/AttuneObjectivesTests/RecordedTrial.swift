import AttuneCore
import Synchronization

/// A trial without a study, which keeps all that an objective tells it.
final class RecordedTrial: EvaluatedTrial {
  struct Record: Sendable {
    var reports: [Int64: [Double]] = [:]
    var attributes: [String: String] = [:]
    var constraints: [String: Double] = [:]
    var gradient: [Double]?
    var cancelReason: String?
    var messages: [String] = []
  }

  let number: Int
  let seed: UInt64
  let space: Space
  let point: Point
  let fidelity = 1.0
  let wantsGradient: Bool
  let valueCount: Int
  /// Prunes from this step on.
  let prunesAt: Int64
  let pausing: Pausing?
  private let state = Mutex(Record())
  private let stopping = Atomic<Bool>(false)

  init(
    _ space: Space, _ values: [(name: String, value: Value)], number: Int = 3,
    seed: UInt64 = 12_345,
    wantsGradient: Bool = false, valueCount: Int = 1, prunesAt: Int64 = .max,
    pausing: Pausing? = nil
  ) throws {
    self.space = space
    self.number = number
    self.seed = seed
    self.wantsGradient = wantsGradient
    self.valueCount = valueCount
    self.prunesAt = prunesAt
    self.pausing = pausing
    let partial = try PartialPoint(values, in: space)
    point = space.point { partial.slots[$0] ?? space.parameters[$0].distribution.slot(atUnit: 0) }
  }

  var record: Record { state.withLock { $0 } }
  var shouldStop: Bool { stopping.load(ordering: .relaxed) }
  func stop() { stopping.store(true, ordering: .relaxed) }

  func report(step: Int64, values: [Double]) throws(AttuneError) {
    guard step >= 0 else {
      throw AttuneError(
        .invalidArgument, "trial \(number) reports at step \(step), wanted 0 or more")
    }
    guard values.count == valueCount else {
      throw AttuneError(
        .invalidArgument,
        "trial \(number) reports \(values.count) values, wanted \(valueCount), one per direction")
    }
    state.withLock { if $0.reports[step] == nil { $0.reports[step] = values } }
  }
  func shouldPrune() throws(AttuneError) -> Bool {
    state.withLock { ($0.reports.keys.max() ?? -1) >= prunesAt }
  }
  func setAttribute(_ key: String, json: String) throws(AttuneError) {
    state.withLock { $0.attributes[key] = json }
  }
  func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {
    state.withLock { $0.constraints[name] = value }
  }
  func setGradient(_ gradient: [Double]) throws(AttuneError) {
    state.withLock { $0.gradient = gradient }
  }
  func requestCancel(reason: String) { state.withLock { $0.cancelReason = reason } }
  func log(_ level: LogLevel, _ message: String) {
    state.withLock { $0.messages.append("\(level): \(message)") }
  }
}

extension Objective {
  /// Evaluates one trial with an evaluator of its own.
  func evaluate(_ trial: RecordedTrial) throws -> (evaluation: Evaluation, values: [Double]) {
    let evaluator = try makeEvaluator(for: trial.space, valueCount: trial.valueCount)
    return evaluator.evaluate(trial)
  }
}

extension Evaluator {
  func evaluate(_ trial: RecordedTrial) -> (evaluation: Evaluation, values: [Double]) {
    var values = [Double](repeating: .nan, count: trial.valueCount)
    let evaluation = values.withUnsafeMutableBufferPointer { evaluate(trial, values: $0) }
    return (evaluation, values)
  }
}

/// The message of the error that a closure throws; "no error" when it throws none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// The reason of a failure, or what happened instead.
func reason(_ evaluation: Evaluation) -> String {
  if case .fail(let failure) = evaluation { failure.reason } else { "\(evaluation)" }
}
