import Attune
import AttuneCore
import CAttune
import CGuard

/// A C function that hears of each finished trial.
final class ProgressCallback: Sendable {
  private let call:
    @Sendable (
      OpaquePointer?, Int64, Int32, UnsafePointer<Double>?, Int
    ) -> (result: Int32, thrown: String?)
  init(_ fn: @escaping attune_progress_fn, _ data: UserData) {
    call = { study, number, state, values, count in
      guarded { caught in
        attune_guard_progress(fn, study, number, state, values, count, data.pointer, caught)
      }
    }
  }

  /// Tells of a trial; whether the run goes on, and what the callback threw. `pointer` is the handle
  /// the run was started with.
  func report(_ trial: TrialRecord, _ pointer: UInt) -> (goesOn: Bool, thrown: String?) {
    let values = trial.state == .complete ? trial.values : []
    let (answer, thrown) = values.withUnsafeBufferPointer { values in
      call(
        OpaquePointer(bitPattern: pointer), Int64(trial.number), trial.state.rawValue,
        values.isEmpty ? nil : values.baseAddress, values.count)
    }
    return (answer == 0 && thrown == nil, thrown)
  }
}
