import Attune
import AttuneCore
import Synchronization

/// What an `attune_study` handle stands for: the study, and the callback that hears of its trials.
final class StudyHandle: Handled, Sendable {
  static let kind = HandleKind.study
  let study: Study
  private let progressCallback = Mutex<ProgressCallback?>(nil)

  init(_ study: Study) { self.study = study }

  var progress: ProgressCallback? { progressCallback.withLock { $0 } }

  func setProgress(_ callback: ProgressCallback?) throws(AttuneError) {
    guard !study.isRunning else {
      throw AttuneError(
        .invalidState,
        "study \"\(study.name)\": set_progress during a run, wanted it before or after",
        subject: study.name)
    }
    let old = progressCallback.withLock { progress in
      defer { progress = callback }
      return progress
    }
    // Its destroy function is foreign code: it runs outside the lock.
    withExtendedLifetime(old) {}
  }
}
