import Attune
import AttuneCore
import CAttune
import CGuard
import Synchronization

/// A C function that hears of each finished trial.
final class ProgressCallback: Sendable {
  private let call:
    @Sendable (
      OpaquePointer?, Int64, Int32, UnsafePointer<Double>?, Int
    ) -> (result: Int32, thrown: String?)
  private let thrown = Mutex<String?>(nil)

  init(_ fn: @escaping attune_progress_fn, _ data: UserData) {
    call = { study, number, state, values, count in
      guarded { caught in
        attune_guard_progress(fn, study, number, state, values, count, data.pointer, caught)
      }
    }
  }

  /// Whether the run goes on. `pointer` is the handle the run was started with.
  func report(_ trial: TrialRecord, of study: StudyHandle, _ pointer: UInt) -> Bool {
    let values = trial.state == .complete ? trial.values : []
    let (answer, thrown) = CallbackScope.enter(study) {
      values.withUnsafeBufferPointer { values in
        call(
          OpaquePointer(bitPattern: pointer), Int64(trial.number), trial.state.rawValue,
          values.isEmpty ? nil : values.baseAddress, values.count)
      }
    }
    guard let thrown else { return answer == 0 }
    self.thrown.withLock { $0 = $0 ?? thrown }
    return false
  }

  /// What the callback threw since this was asked last.
  func takeThrown() -> AttuneError? {
    let thrown = self.thrown.withLock { thrown in
      defer { thrown = nil }
      return thrown
    }
    return thrown.map {
      AttuneError(.objective, "the progress callback threw an exception: \($0)")
    }
  }
}
