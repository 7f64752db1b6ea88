import AttuneCore
import Synchronization

/// Waiting in a deterministic study.
extension Study {
  /// A trial that cannot be chosen before another has come further.
  struct Wait: Sendable {
    let number: Int
    let other: Int

    init(number: Int, for other: Int) {
      self.number = number
      self.other = other
    }
  }

  /// What asking came to.
  enum Asked: Sendable {
    case trial(RunningTrial)
    case wait(Wait)
  }

  /// Who asks in a deterministic study.
  struct Askers: Sendable {
    /// The threads of this process that asked for trials that run.
    var threads: [Int: UInt] = [:]
    /// Whether a thread looks for what other processes do.
    var isWatched = false
  }

  /// Remembers that the calling thread asked for a trial.
  func noteAsker(of number: Int) {
    guard definition.window != nil else { return }
    askers.withLock { $0.threads[number] = RunState.currentThread }
  }

  /// A trial has ended or went back: who waits for it goes on.
  func noteEnd(of number: Int) {
    guard definition.window != nil else { return }
    gate.signal { askers.withLock { $0.threads[number] = nil } }
  }

  /// Waits for another trial until it may have come further; an error where it cannot.
  func outlast(_ wait: Wait) throws(AttuneError) {
    let asker = askers.withLock { $0.threads[wait.other] }
    guard asker != RunState.currentThread, asker != nil || store != nil, ownsTrials else {
      throw AttuneError(
        .invalidState,
        "trial \(wait.number) is chosen when trial \(wait.other) has ended, as the study is "
          + "deterministic with a window of \(definition.window ?? 0): tell that one first",
        subject: "trial \(wait.other)")
    }
    try pause(wait)
  }

  /// Waits a moment, or until the trial waited for has ended.
  func pause(_ wait: Wait) throws(AttuneError) {
    let isMine = { self.askers.withLock { $0.threads[wait.other] != nil } }
    if store == nil || isMine() {
      _ = gate.wait(seconds: Self.pauseSeconds) { !isMine() }
      return
    }
    let watches = askers.withLock { askers in
      defer { askers.isWatched = true }
      return !askers.isWatched
    }
    guard watches else {
      _ = gate.wait(seconds: Self.pauseSeconds) { !askers.withLock { $0.isWatched } }
      return
    }
    defer { gate.signal { askers.withLock { $0.isWatched = false } } }
    try waitForOthers(seconds: Self.watchSeconds)
  }

  /// The longest time until a run that waits sees that it is to stop.
  private static let pauseSeconds = 0.05
  /// How soon the end of a trial of another process is seen, where nobody tells.
  private static let watchSeconds = 0.002
}

/// When a run begins no more trials.
struct AskLimits: Sendable {
  /// So many trials in all.
  var total: Int?
  /// FAIL trials from the first number on, beyond so many.
  var failures: (first: Int, limit: Int)?
  /// The trial that wants the run to end.
  var stop: Int?
  /// The stop rules.
  var judge: StopJudge?
  /// What the rules have judged while this trial is asked for: in a deterministic study the last trial.
  var judged: Int?
  /// Whether paused trials go on.
  var resuming = Resuming.none

  /// How paused trials go on.
  enum Resuming: Sendable {
    case none
    /// Before a new trial begins.
    case first
    /// And no new trial begins.
    case only
  }
}

extension Study {
  /// What the error is about that says that the objective has ended the run.
  static let stopKey = "objective.stop"

  /// Fails where the results that trial `next` may know of end the run, so that which trials a
  /// deterministic study has does not depend on when they came.
  func check(_ limits: AskLimits, _ ledger: borrowing Ledger, next: Int) throws(AttuneError) {
    guard ledger.hasOrder, let order = ledger.order else { return }
    let last = order.lastKnown(to: next)
    if let stop = limits.stop, stop <= last {
      throw AttuneError(.exhausted, "trial \(stop) ends the run", subject: Self.stopKey)
    }
    try check(limits, ledger, through: last)
  }

  func check(_ limits: AskLimits, _ ledger: borrowing Ledger, through last: Int) throws(AttuneError)
  {
    guard let (first, limit) = limits.failures else { return }
    let failures = ledger.failures(from: first, through: last)
    guard failures.count > limit else { return }
    let number = failures[limit]
    let failure = ledger.details[number]?.failure ?? Failure("no reason given")
    let text =
      limit == 0
      ? "trial \(number) failed: "
      : "\(limit + 1) trials failed, max_failures is \(limit); the last, trial \(number): "
    throw AttuneError(
      .objective, text + failure.reason, subject: "trial \(number)", userCode: failure.code)
  }

  /// Gives a trial back that the end of its run cut short: the next to ask gets it again.
  func release(_ trial: RunningTrial) throws(AttuneError) {
    defer { flushLog() }
    let time = currentMicroseconds()
    try update { ledger throws(AttuneError) in
      try ledger.checkRunning(trial.number)
      ledger.release(trial.number)
    } events: {
      [.released(number: trial.number, time: time)]
    }
    noteEnd(of: trial.number)
  }
}
