import Attune
import AttuneCore
import Synchronization

/// What a run has brought so far. Trials come one at a time, on any thread.
final class RunOutcome: Sendable {
  private struct State {
    var best: BestSoFar
    var counts = TrialCounts()
    var failures = FailureCounts()
  }

  private let state: Mutex<State>

  init(best: BestSoFar) { state = Mutex(State(best: best)) }

  var counts: TrialCounts { state.withLock { $0.counts } }
  var failures: FailureCounts { state.withLock { $0.failures } }

  func take(_ record: TrialRecord) -> (BestSoFar, TrialCounts) {
    state.withLock { state in
      state.best.take(record)
      state.counts.take(record.state)
      if let failure = record.failure, record.state == .fail {
        state.failures.take(failure.reason, trial: record.number)
      }
      return (state.best, state.counts)
    }
  }
}
