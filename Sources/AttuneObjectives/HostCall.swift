import AttuneCore
import Synchronization

/// What the host services need while one evaluation runs; found through `attune_eval.host_data`.
///
/// An object lives as long as its evaluator. Plugins may ask from threads of their own, also from
/// one that outlives the evaluation: it then finds no trial and is told so.
final class HostCall: Sendable {
  private struct State {
    var trial: (any EvaluatedTrial)?
    var failure: Failure?
    /// Whether the trial was asked to pause.
    var isToPause = false
    /// The path of its folder, for as long as the evaluation runs.
    var folder: CText?
  }

  let valueCount: Int
  private let state = Mutex(State())

  init(valueCount: Int) { self.valueCount = valueCount }

  /// The trial that is being evaluated.
  var trial: (any EvaluatedTrial)? { state.withLock { $0.trial } }

  func begin(_ trial: any EvaluatedTrial) {
    state.withLock { state in
      state.trial = trial
      state.failure = nil
      state.isToPause = false
    }
  }

  /// Ends the evaluation and gives what set_error said.
  func end() -> Failure? {
    let (trial, failure) = state.withLock { state in
      defer {
        state.trial = nil
        state.folder = nil
      }
      return (state.trial, state.failure)
    }
    // Released here, outside the lock.
    withExtendedLifetime(trial) {}
    return failure
  }

  /// Notes that the trial is to be given up: one that may pause is asked to.
  func notePruning() { state.withLock { $0.isToPause = true } }

  /// Whether the trial that ran last was asked to pause.
  var isToPause: Bool { state.withLock { $0.isToPause } }

  /// The path of the trial's own folder, which is there now; NULL when it may not pause, or there is none.
  func folder() -> UnsafePointer<CChar>? {
    guard let path = trial?.pausing?.folder, File.makeOwnFolder(path) else { return nil }
    return state.withLock { state in
      // Another thread of the objective may have asked before: one text for all.
      if state.folder == nil, state.trial != nil { state.folder = CText(path) }
      return state.folder?.pointer
    }
  }

  /// Keeps the text of the failure to come; the last one counts.
  func setFailure(_ failure: Failure) { state.withLock { $0.failure = failure } }
}
