public import AttuneCore
import Synchronization

/// Loops ask, evaluate, tell until told to stop: a client of `Study` that does nothing a caller
/// could not.
final class Runner: Sendable {
  private let study: Study
  private let options: RunOptions
  private let progress: ProgressQueue
  private let shared = Mutex(Shared())

  private struct Shared {
    var begun = 0
    var failures = 0
    var reason: StopReason?
    var error: AttuneError?
  }

  init(_ study: Study, _ options: RunOptions) {
    self.study = study
    self.options = options
    progress = ProgressQueue(study, options.progress)
  }

  /// Runs to the end; the evaluators are used one by each worker.
  func run(_ evaluators: [any Evaluator]) throws(AttuneError) -> StopReason {
    if evaluators.count == 1, let evaluator = evaluators.first {
      work(evaluator)
    } else {
      try runThreads(evaluators)
    }
    let (reason, error) = shared.withLock { ($0.reason, $0.error) }
    if let error { throw error }
    return reason ?? .stopped
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

  /// An evaluator on its way to the one thread that will use it.
  private struct Handed: @unchecked Sendable {
    let evaluator: any Evaluator
    init(_ evaluator: any Evaluator) { self.evaluator = evaluator }
  }

  private func work(_ evaluator: any Evaluator) {
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: study.directions.count)
    defer { values.deallocate() }
    while begin() {
      do throws(AttuneError) {
        let trial = try study.ask()
        try evaluate(trial, evaluator, values)
      } catch {
        end(
          error.code == .exhausted ? .exhausted : .stopped, error.code == .exhausted ? nil : error)
      }
    }
  }

  /// Whether another trial may begin; counts it.
  private func begin() -> Bool {
    shared.withLock { shared in
      guard shared.reason == nil else { return false }
      if study.run.isStopped {
        shared.reason = .stopped
      } else if let limit = options.nTrials, shared.begun >= limit {
        shared.reason = .nTrials
      } else if study.run.isPastDeadline {
        shared.reason = .timeout
      }
      guard shared.reason == nil else { return false }
      shared.begun += 1
      return true
    }
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
    if let known = study.knownValues(of: trial) {
      try study.tell(trial, values: known)
      afterTrial(trial, .complete, nil)
      return
    }
    values.update(repeating: .nan)
    let evaluation = evaluator.evaluate(trial, values: values)
    var state = TrialState.complete
    var failure: Failure?
    switch evaluation {
    case .complete, .stop:
      let told = Array(values)
      state = try study.tell(trial, values: told)
      failure = Failure(nanIn: told)
    case .pruned:
      state = .pruned
      try study.tell(trial, .pruned)
    case .fail(let given):
      (state, failure) = (.fail, given)
      try study.tell(trial, .fail, reason: given.reason, code: given.code)
    }
    if evaluation == .stop { end(.stopped) }
    afterTrial(trial, state, failure)
  }

  private func afterTrial(_ trial: RunningTrial, _ state: TrialState, _ failure: Failure?) {
    if let failure, state == .fail { countFailure(trial, failure) }
    progress.add(trial.number) { end(.stopped) }
  }

  private func countFailure(_ trial: RunningTrial, _ failure: Failure) {
    let count = shared.withLock { shared in
      shared.failures += 1
      return shared.failures
    }
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

/// Hands finished trials to the progress callback, one at a time and without a lock.
private final class ProgressQueue: Sendable {
  private let study: Study
  private let callback: (@Sendable (Study, TrialRecord) -> Bool)?
  private let state = Mutex(State())

  private struct State {
    var waiting: [Int] = []
    var isDraining = false
  }

  init(_ study: Study, _ callback: (@Sendable (Study, TrialRecord) -> Bool)?) {
    self.study = study
    self.callback = callback
  }

  /// Reports a finished trial, here or on the thread that is reporting already; calls `end` as soon
  /// as the callback asks for it. Trials that are finished by then are still reported.
  func add(_ number: Int, end: () -> Void) {
    guard let callback else { return }
    let drains = state.withLock { state in
      state.waiting.append(number)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    while drains {
      let batch = state.withLock { state -> [Int]? in
        guard !state.waiting.isEmpty else {
          state.isDraining = false
          return nil
        }
        defer { state.waiting = [] }
        return state.waiting
      }
      guard let batch else { break }
      for number in batch where !callback(study, study.record(number)) { end() }
    }
  }
}

extension Study {
  /// Evaluates `objective` on trial after trial until a limit, a stop or exhaustion.
  ///
  /// Throws before the first trial when the objective does not fit the space, and `objective` when
  /// the failure policy ends the run. One run at a time: a second is `invalidState`.
  @discardableResult
  public func optimize(
    _ objective: any Objective, _ options: RunOptions
  ) throws(AttuneError) -> StopReason {
    try options.check()
    guard options.nTrials != nil || options.timeout != nil || isFinite else {
      throw AttuneError(
        .invalidArgument,
        "the run has no end: give n_trials, a timeout or a finite strategy such as grid",
        subject: "n_trials")
    }
    guard run.begin(timeout: options.timeout) else {
      throw AttuneError(.invalidState, "a run of study \"\(name)\" is going on already")
    }
    defer { run.end() }
    return try run.working { () throws(AttuneError) in
      try refresh()
      let evaluators = try evaluators(objective, options)
      return try Runner(self, options).run(evaluators)
    }
  }

  private func evaluators(
    _ objective: any Objective, _ options: RunOptions
  ) throws(AttuneError) -> [any Evaluator] {
    var evaluators: [any Evaluator] = []
    for _ in 0..<options.nJobs {
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
      guard let first = ledger.seen[trial.point], first != trial.number,
        ledger.log.state(first) == .complete
      else { return nil }
      let history = ledger.log.snapshot
      return directions.indices.map { history.value(first, objective: $0) }
    }
  }
}
