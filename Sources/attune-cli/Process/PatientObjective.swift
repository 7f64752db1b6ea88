import AttuneCore
import Glibc
import Synchronization

/// A command whose running trials may finish when the run is asked to end.
///
/// A run that is interrupted or out of time lets programs come to their end; only the second signal
/// ends them, since nothing else would: they live in process groups of their own.
final class PatientObjective: Objective {
  private static let isEnding = Atomic<Bool>(false)
  private let objective: any Objective

  init(_ objective: any Objective) { self.objective = objective }

  var description: ObjectiveDescription { objective.description }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    PatientEvaluator(try objective.makeEvaluator(for: space, valueCount: valueCount))
  }

  /// Has all running commands ended by SIGTERM, and waits until they have heard.
  static func endAll() {
    guard !isEnding.exchange(true, ordering: .sequentiallyConsistent) else { return }
    usleep(200_000)
  }

  fileprivate static var shouldEnd: Bool { isEnding.load(ordering: .relaxed) }
}

private final class PatientEvaluator: Evaluator {
  private let evaluator: any Evaluator

  init(_ evaluator: any Evaluator) { self.evaluator = evaluator }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    evaluator.evaluate(PatientTrial(trial), values: values)
  }
}

/// A trial that does not hear of the end of the run.
private final class PatientTrial: EvaluatedTrial {
  private let trial: any EvaluatedTrial

  init(_ trial: any EvaluatedTrial) { self.trial = trial }

  var shouldStop: Bool { PatientObjective.shouldEnd }

  var number: Int { trial.number }
  var seed: UInt64 { trial.seed }
  var space: Space { trial.space }
  var point: Point { trial.point }
  var fidelity: Double { trial.fidelity }
  var wantsGradient: Bool { trial.wantsGradient }

  func report(step: Int64, values: [Double]) throws(AttuneError) {
    try trial.report(step: step, values: values)
  }
  func shouldPrune() throws(AttuneError) -> Bool { try trial.shouldPrune() }
  func setAttribute(_ key: String, json: String) throws(AttuneError) {
    try trial.setAttribute(key, json: json)
  }
  func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {
    try trial.setConstraint(name, value)
  }
  func setGradient(_ gradient: [Double]) throws(AttuneError) { try trial.setGradient(gradient) }
  func requestCancel(reason: String) { trial.requestCancel(reason: reason) }
  func log(_ level: LogLevel, _ message: String) { trial.log(level, message) }
}
