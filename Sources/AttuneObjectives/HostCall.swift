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
    }
  }

  /// Ends the evaluation and gives what set_error said.
  func end() -> Failure? {
    let (trial, failure) = state.withLock { state in
      defer { state.trial = nil }
      return (state.trial, state.failure)
    }
    // Released here, outside the lock.
    withExtendedLifetime(trial) {}
    return failure
  }

  /// Keeps the text of the failure to come; the last one counts.
  func setFailure(_ failure: Failure) { state.withLock { $0.failure = failure } }
}
