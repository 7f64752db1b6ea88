import Attune
import AttuneCore
import Foundation
import Synchronization

/// Trains steps 1 to 9, pauses where it is asked to, and goes on where it was; as a plugin would.
final class PausingObjective: Objective {
  /// A step that was trained.
  struct Step: Hashable {
    let trial: Int
    let step: Int64
    let seed: UInt64
    let params: String
  }

  static let steps: Int64 = 9

  private let kind: String
  private let capabilities: ObjectiveDescription.Capabilities
  private let isSandboxed: Bool
  /// Called before a step is trained.
  private let before: @Sendable (RunningTrial, Int64) -> Void
  let trained = Mutex<[Step]>([])

  init(
    kind: String = "plugin", capabilities: ObjectiveDescription.Capabilities = .pause,
    isSandboxed: Bool = false,
    before: @escaping @Sendable (RunningTrial, Int64) -> Void = { _, _ in }
  ) {
    self.kind = kind
    self.capabilities = capabilities
    self.isSandboxed = isSandboxed
    self.before = before
  }

  var description: ObjectiveDescription {
    ObjectiveDescription(
      kind: kind, id: "counts", capabilities: capabilities, isSandboxed: isSandboxed)
  }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    PausingEvaluator(self)
  }

  /// The same for the same trial; early steps tell little of it.
  static func value(_ trial: RunningTrial, _ step: Int64) -> Double {
    let x = trial.params.first?.value.number ?? 0
    return x * x + sin(Double(trial.number * 7)) / Double(step * step)
  }

  private final class PausingEvaluator: Evaluator {
    let objective: PausingObjective
    init(_ objective: PausingObjective) { self.objective = objective }

    func evaluate(
      _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
    ) -> Evaluation {
      guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
      do {
        return try run(trial, values)
      } catch {
        return .fail(Failure("\(error)"))
      }
    }

    private func run(
      _ trial: RunningTrial, _ values: UnsafeMutableBufferPointer<Double>
    ) throws -> Evaluation {
      let file = trial.pausing.map { "\($0.folder)/step" } ?? ""
      var step: Int64 = 0
      if trial.pausing?.isResumed == true {
        step = Int64(try String(contentsOfFile: file, encoding: .utf8)) ?? -100
      }
      while step < PausingObjective.steps {
        step += 1
        objective.before(trial, step)
        objective.trained.withLock {
          $0.append(
            Step(trial: trial.number, step: step, seed: trial.seed, params: trial.paramsJSON))
        }
        values[0] = PausingObjective.value(trial, step)
        try trial.report(step: step, values: [values[0]])
        guard step < PausingObjective.steps, try trial.shouldPrune() else { continue }
        guard let folder = trial.pausing?.folder else { return .pruned }
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try "\(step)".write(toFile: file, atomically: true, encoding: .utf8)
        return .paused
      }
      return .complete
    }
  }
}
