import AttuneCore
import AttuneObjectives
import Synchronization

/// Loops ask, evaluate, tell until told to stop: a client of `Study` that does nothing a caller
/// could not.
final class Runner: Sendable {
  private let study: Study
  private let options: RunOptions
  private let progress: ProgressQueue
  private let shared = Mutex(Shared())
  private let isDeterministic: Bool
  /// Failures count from this trial on.
  private let first: Int
  private let held = HeldTrials()
  /// Whether paused trials go on.
  private let resumes: Bool
  private let judge: StopJudge?

  private struct Shared {
    var begun = 0
    var failures = 0
    /// The first trial whose objective ended the run.
    var stop: Int?
    var reason: StopReason?
    var error: AttuneError?
  }

  init(_ study: Study, _ options: RunOptions, _ judge: StopJudge?) {
    self.judge = judge
    self.study = study
    self.options = options
    isDeterministic = study.definition.window != nil
    resumes = study.resumes
    first = options.totalTrials == nil ? study.ledger.withLock { $0.nextNumber } : 0
    progress = ProgressQueue(study, options.progress)
  }

  /// Runs to the end; the evaluators are used one by each worker.
  func run(_ evaluators: [any Evaluator]) throws(AttuneError) -> StopReason {
    try endPaused(atEnd: false)
    do throws(AttuneError) {
      if evaluators.count == 1, let evaluator = evaluators.first {
        work(evaluator)
      } else {
        try runThreads(evaluators)
      }
      try endPaused(atEnd: true)
    } catch {
      end(.stopped, error)
    }
    let (reason, error) = shared.withLock { ($0.reason, $0.error) }
    if let error { throw error }
    if isDeterministic {
      try study.ledger.withLock { ledger throws(AttuneError) in
        try study.check(limits, ledger, through: ledger.log.trialCount - 1)
      }
    }
    return reason ?? .stopped
  }

  /// Ends the paused trials that cannot go on, or cannot any more.
  private func endPaused(atEnd: Bool) throws(AttuneError) {
    for number in try study.endPaused(atEnd: atEnd) { progress.add(number) { end(.stopped) } }
    if atEnd, resumes { study.tidyStates() }
  }

  private func runThreads(_ evaluators: [any Evaluator]) throws(AttuneError) {
    var threads: [WorkerThread] = []
    defer { for thread in threads { thread.join() } }
    for evaluator in evaluators {
      let handed = Handed(evaluator)
      do throws(AttuneError) {
        threads.append(
          try WorkerThread { self.study.run.working { self.work(handed.evaluator) } })
      } catch {
        end(.stopped, error)
        throw error
      }
    }
  }

  private func work(_ evaluator: any Evaluator) {
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: study.directions.count)
    defer { values.deallocate() }
    while let resuming = begin() {
      do throws(AttuneError) {
        let trial = try held.take { () throws(AttuneError) in try next(resuming) }
        guard let trial else {
          if resuming == .only { return } else { continue }
        }
        defer { held.leave(trial) }
        try evaluate(trial, evaluator, values)
      } catch {
        end(
          error.code == .exhausted ? .exhausted : .stopped, error.code == .exhausted ? nil : error)
      }
    }
  }

  /// The next trial; `nil` when there is none at this moment, or none any more.
  private func next(_ resuming: AskLimits.Resuming) throws(AttuneError) -> RunningTrial? {
    do throws(AttuneError) {
      while true {
        var limits = limits
        limits.resuming = resuming
        switch try study.ask(within: &limits) {
        case .trial(let trial):
          if resuming == .first, trial.pausing?.isResumed == true { uncount() }
          return trial
        case .wait(let wait):
          try study.pause(wait)
          if givesUpWaiting() { return nil }
        }
      }
    } catch  where error.subject == Study.stopKey {
      end(.stopped)
      return nil
    } catch  where error.subject == Study.promotionKey {
      return nil
    } catch  where error.subject == Study.totalKey {
      shared.withLock { $0.begun -= 1 }
      if study.hasTrialsOfOthers { try study.waitForOthers(seconds: 2) } else { end(.nTrials) }
      return nil
    } catch {
      guard let verdict = StopVerdict(error) else { throw error }
      end(.rule(verdict))
      return nil
    }
  }

  /// Whether the run ends while a trial waits to begin, which then does not count. That as many as are
  /// wanted have begun, this one among them, is no end yet.
  private func givesUpWaiting() -> Bool {
    shared.withLock { shared in
      let isOver = shared.reason != nil && shared.reason != .nTrials
      guard isOver || study.run.shouldStop else { return false }
      shared.begun -= 1
      if !isOver { shared.reason = nil }
      return true
    }
  }

  /// A trial that goes on is none more.
  private func uncount() {
    shared.withLock { shared in
      shared.begun -= 1
      if shared.reason == .nTrials { shared.reason = nil }
    }
  }

  /// When no more trials begin.
  private var limits: AskLimits {
    var limits = AskLimits(total: options.totalTrials, judge: judge)
    guard isDeterministic else { return limits }
    limits.stop = shared.withLock(\.stop)
    let limit = options.onFailure == .stop ? 0 : options.maxFailures
    limits.failures = limit.map { (first, $0) }
    return limits
  }

  /// How the next trial is to be had, a new one counted; `nil` when there is none any more.
  ///
  /// When no new one begins, paused ones go on as long as any is promoted.
  private func begin() -> AskLimits.Resuming? {
    shared.withLock { shared in
      if shared.reason != nil { return goesOn(shared) ? .only : nil }
      if study.run.isStopped {
        shared.reason = .stopped
      } else if let limit = options.nTrials, shared.begun >= limit {
        shared.reason = .nTrials
      } else if study.run.isPastDeadline {
        shared.reason = .timeout
      }
      if shared.reason != nil { return goesOn(shared) ? .only : nil }
      shared.begun += 1
      return resumes ? .first : AskLimits.Resuming.none
    }
  }

  private func goesOn(_ shared: Shared) -> Bool {
    guard resumes, shared.error == nil, !study.run.shouldStop else { return false }
    return shared.reason == .nTrials || shared.reason == .exhausted
  }

  /// Ends the run for the first reason given; the first error is kept.
  private func end(_ reason: StopReason, _ error: AttuneError? = nil) {
    shared.withLock { shared in
      if shared.reason == nil { shared.reason = reason }
      if shared.error == nil { shared.error = error }
    }
  }

  private func evaluate(
    _ trial: RunningTrial, _ evaluator: any Evaluator,
    _ values: UnsafeMutableBufferPointer<Double>
  ) throws(AttuneError) {
    do throws(AttuneError) {
      try evaluateAndTell(trial, evaluator, values)
    } catch  where error.code == .conflict {
      // Others went on while this worker was silent: so does it.
      Logger.log(.warning, component: "study", error.message)
    }
  }

  private func evaluateAndTell(
    _ trial: RunningTrial, _ evaluator: any Evaluator,
    _ values: UnsafeMutableBufferPointer<Double>
  ) throws(AttuneError) {
    if let failure = try study.awaitSamePoint(as: trial, isHeld: held.contains) {
      try study.tell(trial, .fail, reason: failure.reason)
      return afterTrial(trial, .fail, failure)
    }
    if let known = study.knownValues(of: trial) {
      try study.tell(trial, values: known)
      afterTrial(trial, .complete, nil)
      return
    }
    let evaluation = evaluator.evaluate(trial, values, retries: options.retries)
    if isDeterministic, trial.isToldToStop || isCutShort(evaluation, values) {
      return try study.release(trial)
    }
    var state = TrialState.complete
    var failure: Failure?
    switch evaluation {
    case .complete, .stop:
      // Known before the trials can be asked that must not begin after it.
      if evaluation == .stop { noteStop(trial.number) }
      let told = Array(values)
      state = try study.tell(trial, values: told)
      failure = Failure(nanIn: told)
    case .pruned:
      state = .pruned
      try study.tell(trial, .pruned)
    case .paused: return try study.pause(trial)
    case .fail(let given), .giveUp(let given):
      (state, failure) = (.fail, given)
      try study.tell(trial, .fail, reason: given.reason, code: given.code)
    }
    if case .giveUp(let given) = evaluation, options.maxFailures == nil {
      end(
        .stopped,
        AttuneError(
          .objective, given.reason, subject: "trial \(trial.number)", userCode: given.code))
    }
    afterTrial(trial, state, failure)
  }

  /// Whether a trial failed while the run was ending, and may do better another time.
  private func isCutShort(
    _ evaluation: Evaluation, _ values: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    study.run.shouldStop && evaluation.failure(values) != nil
  }

  /// The objective ends the run with this trial.
  private func noteStop(_ number: Int) {
    guard isDeterministic else { return end(.stopped) }
    shared.withLock { $0.stop = min($0.stop ?? number, number) }
  }

  private func afterTrial(_ trial: RunningTrial, _ state: TrialState, _ failure: Failure?) {
    if let failure, state == .fail { countFailure(trial, failure) }
    if trial.pausing != nil { study.states.remove(trial.number) }
    progress.add(trial.number) { end(.stopped) }
  }

  private func countFailure(_ trial: RunningTrial, _ failure: Failure) {
    let count = shared.withLock { shared in
      shared.failures += 1
      return shared.failures
    }
    // Which trial is one too many shows when those before it have ended.
    guard !isDeterministic else { return }
    if options.onFailure == .stop {
      end(
        .stopped,
        AttuneError(
          .objective, "trial \(trial.number) failed: \(failure.reason)",
          subject: "trial \(trial.number)", userCode: failure.code))
    } else if let limit = options.maxFailures, count > limit {
      end(
        .stopped,
        AttuneError(
          .objective,
          "\(count) trials failed, max_failures is \(limit); the last, trial \(trial.number): "
            + failure.reason, subject: "trial \(trial.number)", userCode: failure.code))
    }
  }
}
