import Attune
import AttuneCore
import Synchronization

/// What an `attune_study` handle stands for: the study, and what C adds to its runs.
final class StudyHandle: Handled, Sendable {
  static let kind = HandleKind.study
  let study: Study
  private let progress = Mutex<ProgressCallback?>(nil)
  private let isRunning = Atomic<Bool>(false)

  init(_ study: Study) { self.study = study }

  /// The callback of the run that begins, and the right to run; `endRun` gives it back.
  func beginRun() throws(AttuneError) -> ProgressCallback? {
    if isRunning.exchange(true, ordering: .acquiringAndReleasing) {
      let place = CallbackScope.isInside(self) ? "inside one of its callbacks" : "during a run"
      throw AttuneError(
        .invalidState, "study \"\(study.name)\": called \(place), wanted one run at a time",
        subject: study.name)
    }
    return progress.withLock { $0 }
  }

  func endRun() { isRunning.store(false, ordering: .releasing) }

  func setProgress(_ callback: ProgressCallback?) throws(AttuneError) {
    try checkIdle("set_progress")
    let old = progress.withLock { progress in
      defer { progress = callback }
      return progress
    }
    // Its destroy function is foreign code: it runs outside the lock.
    withExtendedLifetime(old) {}
  }

  func setPruner(
    _ name: String, _ options: [(key: String, value: Value)]
  ) throws(AttuneError) {
    try checkIdle("set_pruner")
    try study.setPruner(name, options: options)
  }

  private func checkIdle(_ call: String) throws(AttuneError) {
    if isRunning.load(ordering: .acquiring) {
      throw AttuneError(
        .invalidState, "study \"\(study.name)\": \(call) during a run, wanted it before or after",
        subject: study.name)
    }
  }
}
