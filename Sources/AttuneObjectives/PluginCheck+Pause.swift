import AttuneCore

/// Whether an objective that claims so can pause and go on.
extension PluginCheck {
  /// Has a trial pause as soon as it asks, and another evaluator go on with it, and compares it with one that
  /// was not paused.
  mutating func checkPausing(
    _ objective: PluginObjective, _ descriptor: PluginDescriptor,
    _ evaluator: any Evaluator, _ point: Point
  ) throws(AttuneError) {
    let folders = StateFolders(root: nil)
    let valueCount = descriptor.valueCount
    func trial(
      _ pausing: Pausing, prunes: Bool = false
    ) -> CheckTrial {
      CheckTrial(
        number: 0, space: descriptor.space, point: point, wantsGradient: false, pausing: pausing,
        prunes: prunes)
    }
    let whole = trial(Pausing(isResumed: false, folder: try folders.path(of: 1)))
      .run(evaluator, valueCount: valueCount)
    let folder = try folders.path(of: 0)
    let first = trial(Pausing(isResumed: false, folder: folder), prunes: true)
      .run(evaluator, valueCount: valueCount)
    let name = "\(descriptor.id): pause"
    guard first.trial.counts.isToldToPrune else {
      return add(name, false, "it never asked should_prune after a report")
    }
    guard first.evaluation == .paused else {
      return add(name, false, "asked to pause, it returned \(Self.text(first.evaluation))")
    }
    // Of a process-only objective there is but one.
    let other =
      descriptor.capabilities.contains(.processOnly)
      ? evaluator : try objective.makeEvaluator(for: descriptor.space, valueCount: valueCount)
    let second = trial(Pausing(isResumed: true, folder: folder))
      .run(other, valueCount: valueCount)
    guard second.evaluation == whole.evaluation else {
      return add(
        name, false,
        "resumed, it returned \(Self.text(second.evaluation)), at once "
          + Self.text(whole.evaluation))
    }
    let (last, next) = (first.trial.counts.steps?.upperBound, second.trial.counts.steps?.lowerBound)
    if let last, let next, next <= last {
      return add(name, false, "paused after step \(last), it goes on with step \(next)")
    }
    guard descriptor.capabilities.contains(.deterministic) else {
      return add(name, true, "paused at step \(last ?? 0), it went on; values not compared")
    }
    // Not every library's generators can be kept, so other bits are told and no fault.
    let isSame = second.values.map(\.bitPattern) == whole.values.map(\.bitPattern)
    add(
      name, true,
      isSame
        ? "paused at step \(last ?? 0), it went on to the same bits"
        : "paused at step \(last ?? 0), it went on to \(second.values), at once \(whole.values)")
  }

  private static func text(_ evaluation: Evaluation) -> String {
    switch evaluation {
    case .complete: "OK"
    case .stop: "STOP"
    case .pruned: "PRUNED"
    case .paused: "PAUSED"
    case .fail(let failure), .giveUp(let failure): "a failure: \(failure.reason)"
    }
  }
}
