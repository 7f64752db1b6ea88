import AttuneCore
import Synchronization

/// Waiting for what another trial of the same point comes to, where a study reuses values.
extension Study {
  /// The longest pause between two looks at another trial, in milliseconds.
  private static let longestPause = 50
  /// Seconds between two looks for trials whose worker is dead.
  private static let lookAfter = 1.0

  /// Waits while another job or process evaluates the first trial of this one's point; `isHeld` tells which
  /// the jobs of this run have. A failure when the run ends first.
  ///
  /// The first trial of a point waits for none, so that none wait for each other. Nor does one of a
  /// deterministic study, which knows by the order of trials what it may know.
  func awaitSamePoint(
    as trial: RunningTrial, isHeld: (Int) -> Bool
  ) throws(AttuneError) -> Failure? {
    guard definition.duplicates == .reuse, definition.window == nil, !isDefineByRun else {
      return nil
    }
    var pause = 1
    var nextLook = monotonicSeconds() + Self.lookAfter
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
    }
    return nil
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
