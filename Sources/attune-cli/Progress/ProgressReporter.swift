import Attune
import AttuneCore

/// Shows a run while it goes on. Trials are reported one at a time; log messages come any time.
protocol ProgressReporter: AnyObject, Sendable {
  func began(_ run: RunFacts)
  func finished(_ trial: TrialRecord, best: BestSoFar, counts: TrialCounts)
  /// Whole lines, which must not run into what is drawn.
  func log(_ line: String)
  func ended()
}

/// What is known of a run before it starts.
struct RunFacts: Sendable {
  let studyName: String
  let storage: String?
  let isContinued: Bool
  /// Trials of the study before this run.
  let trialCount: Int
  /// The trials of this run, where a number limits them.
  let limit: Int?
  let timeout: Double?
  let strategy: String
  let seed: UInt64
}
