public import AttuneCore
import Synchronization

/// Running trials.
extension Study {
  /// Evaluates `objective` on trial after trial until a limit, a stop rule, a stop or exhaustion.
  ///
  /// Throws before the first trial when the objective does not fit the space, and `objective` when
  /// the failure policy ends the run. One run at a time: a second is `invalidState`.
  @discardableResult
  public func optimize(
    _ objective: any Objective, _ options: RunOptions
  ) throws(AttuneError) -> StopReason {
    try options.check()
    let judge =
      options.stopWhen.isEmpty ? nil : try StopJudge(parsing: options.stopWhen, for: self)
    let hasEnd =
      options.nTrials != nil || options.totalTrials != nil || options.timeout != nil
      || judge?.endsEveryRun == true
    guard hasEnd || isFinite else {
      throw AttuneError(
        .invalidArgument,
        "the run has no end: give n_trials, a timeout, the stop rule no_improvement or a finite strategy "
          + "such as grid", subject: "n_trials")
    }
    guard run.begin(timeout: options.timeout) else {
      throw AttuneError(.invalidState, "a run of study \"\(name)\" is going on already")
    }
    defer { run.end() }
    return try run.working { () throws(AttuneError) in
      try refresh()
      try checkPausing(of: objective)
      let evaluators = try evaluators(objective, options)
      let reason = try Runner(self, options, judge).run(evaluators)
      if case .rule(let verdict) = reason {
        Logger.log(
          .info, component: "study", "ended by stop rule \(verdict.rule): \(verdict.reason)")
      }
      return reason
    }
  }

  private func evaluators(
    _ objective: any Objective, _ options: RunOptions
  ) throws(AttuneError) -> [any Evaluator] {
    let jobs = options.jobs(for: objective.description)
    if let window = definition.window, jobs > window {
      Logger.log(
        .warning, component: "study",
        "n_jobs is \(jobs), but the window of \"\(name)\" lets \(window) trials run at a time")
    }
    var evaluators: [any Evaluator] = []
    for _ in 0..<jobs {
      evaluators.append(
        try objective.makeEvaluator(for: space, valueCount: directions.count))
    }
    return evaluators
  }

  /// Whether a run ends by itself.
  private var isFinite: Bool {
    proposer.withLock { $0.pointCount } != nil || finitePointCount != nil
  }

  /// The values that the point of a trial had before, where the study reuses them.
  func knownValues(of trial: RunningTrial) -> [Double]? {
    guard definition.duplicates == .reuse, !isDefineByRun else { return nil }
    return ledger.withLock { ledger in
      if let order = ledger.order {
        guard let first = order.complete[trial.point],
          first <= order.lastKnown(to: trial.number)
        else { return nil }
        let history = ledger.log.snapshot
        return directions.indices.map { history.value(first, objective: $0) }
      }
      guard let first = ledger.seen[trial.point], first != trial.number,
        ledger.log.state(first) == .complete
      else { return nil }
      let history = ledger.log.snapshot
      return directions.indices.map { history.value(first, objective: $0) }
    }
  }
}
