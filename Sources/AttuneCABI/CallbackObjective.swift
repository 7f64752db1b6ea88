import Attune
import AttuneCore
import CAttune
import CGuard

/// A C function of the calling process as an objective.
final class CallbackObjective: Objective {
  private let call:
    @Sendable (
      OpaquePointer, UnsafeMutableBufferPointer<Double>
    ) -> (result: Int32, thrown: String?)

  init(_ fn: @escaping attune_objective_fn, _ data: UserData) {
    call = { trial, values in
      guarded { caught in
        attune_guard_objective(fn, trial, values.baseAddress, values.count, data.pointer, caught)
      }
    }
  }

  /// Any space and any number of values: what a callback takes only it knows.
  let description = ObjectiveDescription(
    kind: "callback", id: "callback", summary: "a function of the calling process",
    capabilities: [.threadSafe])

  func makeEvaluator(for space: Space, valueCount: Int) -> any Evaluator {
    CallbackEvaluator(objective: self)
  }

  fileprivate func evaluate(
    _ trial: any EvaluatedTrial, _ values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    guard let trial = trial as? RunningTrial else {
      return .fail(Failure("a callback evaluates trials of this process only"))
    }
    guard let handle = HandleTable.insert(trial, .trial) else {
      return .fail(Failure("no room for the handle of the trial"))
    }
    // Borrowed by the callback: no handle any more when it returns.
    defer { HandleTable.drop(HandleBits(handle)) }
    let (status, thrown) = call(handle, values)
    if let thrown { return .fail(Failure("the callback threw an exception: \(thrown)")) }
    return Self.evaluation(status, trial.pendingFailure)
  }

  private static func evaluation(_ status: Int32, _ pending: Failure?) -> Evaluation {
    switch status {
    case 0: return .complete
    case 1: return .pruned
    case 2: return .stop
    default:
      let code = pending.map(\.code) ?? 0
      let reason = pending.map(\.reason) ?? ""
      let name = AttuneError.Code(rawValue: status)?.name ?? "unknown"
      return .fail(
        Failure(
          reason.isEmpty ? "callback returned \(status) (\(name)) without a message" : reason,
          code: code == 0 ? status : code))
    }
  }
}

private final class CallbackEvaluator: Evaluator {
  let objective: CallbackObjective

  init(objective: CallbackObjective) { self.objective = objective }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    objective.evaluate(trial, values)
  }
}
