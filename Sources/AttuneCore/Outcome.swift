/// The states of a trial; raw values are those of `attune_trial_state`.
public enum TrialState: Int32, Sendable, CaseIterable {
  case waiting = 0
  case running = 1
  case complete = 2
  case pruned = 3
  case fail = 4

  /// The field's word, as stored and printed: WAITING, RUNNING, COMPLETE, PRUNED, FAIL.
  public var name: String {
    switch self {
    case .waiting: "WAITING"
    case .running: "RUNNING"
    case .complete: "COMPLETE"
    case .pruned: "PRUNED"
    case .fail: "FAIL"
    }
  }

  public init?(name: String) {
    guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }

  public var isFinished: Bool { self != .waiting && self != .running }
}

/// Which way an objective value is better; raw values are those of `attune_direction`.
public enum Direction: Int32, Sendable, CaseIterable {
  case minimize = 0
  case maximize = 1

  public var name: String { self == .minimize ? "minimize" : "maximize" }

  public init?(name: String) {
    guard let direction = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = direction
  }

  /// Whether `a` is better than `b`; infinities are ranked, NaN is never better.
  public func isBetter(_ a: Double, than b: Double) -> Bool { self == .minimize ? a < b : a > b }
}

/// Why a trial failed: a sentence, and the code that user code gave.
public struct Failure: Hashable, Sendable {
  public let reason: String
  public let code: Int32

  public init(_ reason: String, code: Int32 = 0) {
    self.reason = reason
    self.code = code
  }
}

/// How one trial ended.
public enum Outcome: Sendable, Hashable {
  case complete([Double])
  case pruned
  case fail(Failure)
}
