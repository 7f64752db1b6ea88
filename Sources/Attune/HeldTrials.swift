import AttuneCore
import Synchronization

/// The trials that the jobs of a run have asked for and not told yet.
final class HeldTrials: Sendable {
  private struct State {
    var numbers: Set<Int> = []
    /// How many are being asked for.
    var asking = 0
  }

  private let state = Mutex(State())

  /// Asks for a trial; holds it when there is one.
  func take(_ ask: () throws(AttuneError) -> RunningTrial?) throws(AttuneError) -> RunningTrial? {
    state.withLock { $0.asking += 1 }
    var trial: RunningTrial?
    defer {
      state.withLock { state in
        state.asking -= 1
        if let trial { state.numbers.insert(trial.number) }
      }
    }
    trial = try ask()
    return trial
  }

  func leave(_ trial: RunningTrial) {
    state.withLock { _ = $0.numbers.remove(trial.number) }
  }

  /// Whether a job has that trial. Also true while jobs ask, since it may be theirs a moment later.
  func contains(_ number: Int) -> Bool {
    state.withLock { $0.asking > 0 || $0.numbers.contains(number) }
  }
}
