import AttuneCore
import Synchronization

/// Waiting for what another trial of the same point comes to, where a study reuses values.
extension Study {
  /// The longest pause between two looks at another trial, in milliseconds.
  private static let longestPause = 50
  /// Seconds between two looks for trials whose worker is dead.
  private static let lookAfter = 1.0
  /// So many seconds, or twice the longest trial so far, a worker waits for a trial of another one: that
  /// one may be alive and yet never tell.
  private static let patience = 60.0

  /// Waits while another job or process evaluates the first trial of this one's point; `isHeld` tells which
  /// the jobs of this run have. A failure when the run ends first.
  ///
  /// What another process has for much longer than trials take is evaluated here after all, with a warning:
  /// one that hangs must not make the others hang.
  ///
  /// The first trial of a point waits for none, so that none wait for each other. Nor does one of a
  /// deterministic study, which knows by the order of trials what it may know.
  func awaitSamePoint(
    as trial: RunningTrial, isHeld: (Int) -> Bool, patience: Double = patience
  ) throws(AttuneError) -> Failure? {
    guard definition.duplicates == .reuse, definition.window == nil, !isDefineByRun else {
      return nil
    }
    var pause = 1
    let began = monotonicSeconds()
    var nextLook = began + Self.lookAfter
    while let first = runningTrial(at: trial.point), first != trial.number,
      isHeld(first) || isElsewhere(first)
    {
      guard !run.shouldStop else {
        return Failure(
          "the run ended before trial \(first), which has the same parameters, was finished")
      }
      sleepMilliseconds(pause)
      pause = min(pause * 2, Self.longestPause)
      try refresh()
      guard store != nil, monotonicSeconds() >= nextLook else { continue }
      nextLook = monotonicSeconds() + Self.lookAfter
      try giveUpLostTrials()
      let waited = monotonicSeconds() - began
      guard waited < patience || isHeld(first) || waited < 2 * longestTrial else {
        trial.log(
          .warning,
          "trial \(first) of another worker has the same parameters and is not told after "
            + "\(Int(waited)) s: evaluates them again")
        return nil
      }
    }
    return nil
  }

  /// The seconds that the longest finished trial took. Cost: linear in the trials.
  private var longestTrial: Double {
    ledger.withLock { ledger in
      let longest = (0..<ledger.log.trialCount).map {
        ledger.log.finished($0) - ledger.log.started($0)
      }.max()
      return Double(longest ?? 0) * 1e-6
    }
  }

  /// The first trial of a point, while it runs.
  private func runningTrial(at point: Point) -> Int? {
    ledger.withLock { ledger in
      guard let first = ledger.seen[point], ledger.log.state(first) == .running else { return nil }
      return first
    }
  }

  private func isElsewhere(_ number: Int) -> Bool {
    guard let store else { return false }
    return ledger.withLock { _ in store.isOfOther(number) }
  }
}
