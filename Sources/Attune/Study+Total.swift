import AttuneCore
import Synchronization

/// Working on one study together until it has enough trials.
extension Study {
  /// What the error is about that says that the study has enough.
  static let totalKey = "options.total_trials"

  /// Fails when so many trials have begun. Those that wait do not count, nor do those lost with their
  /// worker, which are tried again.
  func checkTotal(_ ledger: borrowing Ledger, _ total: Int?) throws(AttuneError) {
    guard let total else { return }
    var count = ledger.log.trialCount - ledger.waiting.all.count
    // Looked for only when it matters: this goes through all trials.
    guard count >= total else { return }
    count -= ledger.details.values.count { $0.failure == .workerLost }
    guard count >= total else { return }
    throw AttuneError(
      .exhausted, "the study has \(count) trials, \(total) were wanted in all",
      subject: Self.totalKey)
  }

  /// Whether trials run that other workers may lose.
  var hasTrialsOfOthers: Bool {
    guard let store else { return false }
    return ledger.withLock { _ in store.hasTrialsOfOthers }
  }

  /// Waits until other workers may have gone on, or so many seconds.
  func waitForOthers(seconds: Double) throws(AttuneError) {
    guard let store else { return }
    try waiting.withLock { _ throws(AttuneError) in try store.waitForOthers(seconds: seconds) }
  }
}
