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

/// How the trials of a run ended.
struct TrialCounts: Sendable {
  private(set) var complete = 0
  private(set) var pruned = 0
  private(set) var failed = 0

  var total: Int { complete + pruned + failed }

  mutating func take(_ state: TrialState) {
    switch state {
    case .complete: complete += 1
    case .pruned: pruned += 1
    case .fail: failed += 1
    case .waiting, .running: break
    }
  }

  /// "30 trials (27 complete, 2 pruned, 1 failed)".
  var text: String {
    let trials = total == 1 ? "1 trial" : "\(total) trials"
    guard pruned + failed > 0 else { return trials }
    var parts = ["\(complete) complete"]
    if pruned > 0 { parts.append("\(pruned) pruned") }
    if failed > 0 { parts.append("\(failed) failed") }
    return "\(trials) (\(parts.joined(separator: ", ")))"
  }
}
