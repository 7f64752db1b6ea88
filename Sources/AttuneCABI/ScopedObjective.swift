import AttuneCore

/// An objective whose evaluations are known as callbacks of a study (`CallbackScope`).
final class ScopedObjective: Objective {
  private let inner: any Objective
  private let study: StudyHandle

  init(_ inner: any Objective, of study: StudyHandle) {
    self.inner = inner
    self.study = study
  }

  var description: ObjectiveDescription { inner.description }

  func makeEvaluator(
    for space: Space, valueCount: Int
  ) throws(AttuneError) -> any Evaluator {
    let inner = try inner.makeEvaluator(for: space, valueCount: valueCount)
    return ScopedEvaluator(inner: inner, study: study)
  }
}

private final class ScopedEvaluator: Evaluator {
  private let inner: any Evaluator
  private let study: StudyHandle

  init(inner: any Evaluator, study: StudyHandle) {
    self.inner = inner
    self.study = study
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    CallbackScope.enter(study) { inner.evaluate(trial, values: values) }
  }
}
