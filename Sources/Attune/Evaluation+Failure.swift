import AttuneCore

extension Evaluation {
  /// Why it failed and could do better the next time.
  func failure(_ values: UnsafeMutableBufferPointer<Double>) -> Failure? {
    switch self {
    case .fail(let failure): failure
    case .complete: Failure(nanIn: Array(values))
    case .stop, .pruned, .paused, .giveUp: nil
    }
  }
}

extension Evaluator {
  /// Evaluates a trial, and again while it fails and may be tried once more.
  func evaluate(
    _ trial: RunningTrial, _ values: UnsafeMutableBufferPointer<Double>, retries: Int
  ) -> Evaluation {
    var retries = retries
    while true {
      values.update(repeating: .nan)
      let evaluation = evaluate(trial, values: values)
      guard retries > 0, !trial.study.run.shouldStop, let failure = evaluation.failure(values)
      else { return evaluation }
      trial.log(.warning, "failed, is evaluated again, retries left: \(retries); \(failure.reason)")
      retries -= 1
    }
  }
}
