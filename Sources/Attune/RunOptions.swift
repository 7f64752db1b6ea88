import AttuneCore

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
  /// Seconds after which no trial is begun and running ones see `shouldStop`; `nil`: no limit.
  public var timeout: Double?
  /// Trials evaluated at a time. With 1 the objective runs on the calling thread only.
  public var nJobs = 1
  public var onFailure = FailurePolicy.continue
  /// The run ends with an error at the first FAIL trial beyond so many; `nil`: no limit.
  public var maxFailures: Int?
  /// Called after each trial, never twice at a time; `false` ends the run.
  public var progress: (@Sendable (Study, TrialRecord) -> Bool)?

  public init(nTrials: Int? = nil, timeout: Double? = nil, nJobs: Int = 1) {
    self.nTrials = nTrials
    self.timeout = timeout
    self.nJobs = nJobs
  }

  public static let maximumJobs = 4096

  func check() throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "option \"\(key)\" is \(found), wanted \(wanted)",
        subject: "options.\(key)")
    }
    guard (1...Self.maximumJobs).contains(nJobs) else {
      throw refuse("n_jobs", "\(nJobs)", "1 to \(Self.maximumJobs)")
    }
    if let nTrials, nTrials < 0 { throw refuse("n_trials", "\(nTrials)", "0 or more") }
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw refuse("timeout", "\(timeout)", "a number of seconds above 0")
    }
    if let maxFailures, maxFailures < 0 {
      throw refuse("max_failures", "\(maxFailures)", "0 or more")
    }
  }
}

/// Why a run ended.
public enum StopReason: String, Sendable, CaseIterable {
  case nTrials = "n_trials"
  case timeout
  /// By the objective, the progress callback or `stop`.
  case stopped
  /// The strategy has no point left.
  case exhausted
}
