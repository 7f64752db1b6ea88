public import AttuneCore
import AttuneObjectives

/// How long a run goes on and how it treats failures.
public struct RunOptions: Sendable {
  /// What a FAIL trial does to the run.
  public enum FailurePolicy: String, Sendable, CaseIterable {
    /// A FAIL trial is a result like others.
    case `continue`
    /// The first FAIL trial ends the run with an error.
    case stop
  }

  /// So many trials more; `nil`: no limit.
  public var nTrials: Int?
  /// The run ends when the study has so many trials, whoever made them; those that wait, and those lost
  /// with their worker, do not count. Waits for the trials of other workers, to take over those that
  /// are lost. `nil`: no limit.
  public var totalTrials: Int?
  /// Seconds after which no trial is begun and running ones see `shouldStop`; `nil`: no limit.
  public var timeout: Double?
  /// Trials evaluated at a time. With 1 the objective runs on the calling thread only. `nil`: as many as
  /// there are processors, or 1 for an objective that wants a process for itself and shares this one.
  public var nJobs: Int? = 1
  /// Stop rules as `StopRuleText` reads them, such as `no-improvement=50`: the run ends when the first one
  /// holds on the finished trials of the study, whoever made them. Trials that run then go on to their end.
  public var stopWhen: [String] = []
  public var onFailure = FailurePolicy.continue
  /// A trial that fails is evaluated so many times more before it is FAIL. It keeps its number, seed and
  /// point, and what it reported.
  public var retries = 0
  /// The run ends with an error at the first FAIL trial beyond so many; `nil`: no limit.
  public var maxFailures: Int?
  /// Called after each trial, never twice at a time; `false` ends the run.
  public var progress: (@Sendable (Study, TrialRecord) -> Bool)?

  public init(nTrials: Int? = nil, timeout: Double? = nil, nJobs: Int? = 1) {
    self.nTrials = nTrials
    self.timeout = timeout
    self.nJobs = nJobs
  }

  public static let maximumJobs = 4096

  /// Reads a failure policy: `continue`, `stop`, or `retry=N`; `false` for another text.
  public mutating func setFailurePolicy(_ text: String) -> Bool {
    if let policy = FailurePolicy(rawValue: text) {
      (onFailure, retries) = (policy, 0)
      return true
    }
    guard text.hasPrefix(Self.retryPrefix), let count = Int(text.dropFirst(Self.retryPrefix.count)),
      (0...Self.maximumRetries).contains(count)
    else { return false }
    (onFailure, retries) = (.continue, count)
    return true
  }

  /// What a failure policy may be, for error texts.
  public static let failurePolicies = "continue, stop or retry=N with N of 0 to \(maximumRetries)"
  private static let maximumRetries = 1_000_000
  private static let retryPrefix = "retry="

  /// The number of jobs for an objective.
  func jobs(for objective: ObjectiveDescription) -> Int {
    if let nJobs { return nJobs }
    let isAlone = objective.capabilities.contains(.processOnly) && !objective.isIsolated
    return isAlone ? 1 : min(Surroundings.processorCount, Self.maximumJobs)
  }

  func check() throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "option \"\(key)\" is \(found), wanted \(wanted)",
        subject: "options.\(key)")
    }
    if let nJobs, !(1...Self.maximumJobs).contains(nJobs) {
      throw refuse("n_jobs", "\(nJobs)", "1 to \(Self.maximumJobs)")
    }
    guard retries >= 0 else { throw refuse("on_failure", "retry=\(retries)", "0 or more retries") }
    if let nTrials, nTrials < 0 { throw refuse("n_trials", "\(nTrials)", "0 or more") }
    if let totalTrials, totalTrials < 0 {
      throw refuse("total_trials", "\(totalTrials)", "0 or more")
    }
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw refuse("timeout", "\(timeout)", "a number of seconds above 0")
    }
    if let maxFailures, maxFailures < 0 {
      throw refuse("max_failures", "\(maxFailures)", "0 or more")
    }
  }
}

/// Why a run ended.
public enum StopReason: Sendable, Hashable {
  case nTrials
  case timeout
  /// By the objective, the progress callback or `stop`.
  case stopped
  /// The strategy has no point left.
  case exhausted
  /// A stop rule holds.
  case rule(StopVerdict)

  /// The name that C, the command line and Python give: n_trials, timeout, stopped, exhausted, or the rule's.
  public var name: String {
    switch self {
    case .nTrials: "n_trials"
    case .timeout: "timeout"
    case .stopped: "stopped"
    case .exhausted: "exhausted"
    case .rule(let verdict): verdict.rule
    }
  }
}
