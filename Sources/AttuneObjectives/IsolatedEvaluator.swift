import AttuneCore

/// One job's hold on an isolated objective: a worker process, and another when that one ends.
final class IsolatedEvaluator: Evaluator {
  /// Seconds before a worker is started anew, from the third crash in a row on; doubled each time.
  private static let firstPause = 0.1
  private static let longestPause = 5.0

  private let pool: WorkerPool
  private let study: WorkerStudy
  private let space: Space
  /// What failures begin with.
  private let name: String
  private var session: WorkerSession?
  private var sequence: UInt64 = 0
  private var crashesInRow = 0
  private var hasFinished = false

  private var isolation: Isolation { pool.isolation }

  init(
    _ pool: WorkerPool, _ session: WorkerSession, _ study: WorkerStudy, space: Space, name: String
  ) {
    self.pool = pool
    self.session = session
    self.study = study
    self.space = space
    self.name = name
    pool.enter()
  }

  deinit {
    session?.process.close(patience: 2) { Logger.log(.info, component: "worker", $0) }
    pool.leave()
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    guard trial.space === space || trial.space == space else {
      return .fail(Failure("\(name): the trial is of another space than the evaluator"))
    }
    guard values.count == study.valueCount else {
      return .fail(
        Failure("\(name): room for \(values.count) values, wanted \(study.valueCount)"))
    }
    // A worker that was killed between two trials is no fault of the second one.
    for _ in 0..<3 {
      let session: WorkerSession
      do throws(WorkerSession.Refusal) {
        session = try ready(trial)
      } catch {
        return failure(of: error)
      }
      sequence += 1
      guard !session.process.isWardenGone, send(trial, to: session.process) else {
        _ = session.process.end { Self.log(trial, $0) }
        self.session = nil
        trial.log(.warning, "its worker ended between two trials, and is started anew")
        continue
      }
      return finish(session, trial, values)
    }
    return .fail(Failure("\(name): its workers end before they get a trial"))
  }

  /// A worker that waits for a trial.
  private func ready(_ trial: any EvaluatedTrial) throws(WorkerSession.Refusal) -> WorkerSession {
    if let session, session.isReady { return session }
    if session == nil {
      pause(trial)
      do { try renew() } catch { throw .error(error) }
    }
    guard let session else { throw .stopped }
    do throws(WorkerSession.Refusal) {
      try session.waitUntilReady(
        isolation, shouldStop: { trial.shouldStop }, IsolatedObjective.log)
      return session
    } catch {
      self.session = nil
      throw error
    }
  }

  /// Takes another worker and sets it to work.
  private func renew() throws(AttuneError) {
    let session = try pool.take()
    session.tell(study)
    self.session = session
    pool.refill()
  }

  /// Waits before a worker is started anew, when it would likely crash again.
  private func pause(_ trial: any EvaluatedTrial) {
    guard crashesInRow >= 3 else { return }
    let doublings = Double(1 << min(crashesInRow - 3, 16))
    let end = monotonicSeconds() + min(Self.firstPause * doublings, Self.longestPause)
    while monotonicSeconds() < end, !trial.shouldStop { sleepMilliseconds(10) }
  }

  private func send(_ trial: any EvaluatedTrial, to process: WorkerProcess) -> Bool {
    let point = trial.point
    let writer = process.writer
    process.beginTrial()
    writer.begin(.evaluate, sequence)
    writer.put(Int64(trial.number))
    writer.put(trial.seed)
    writer.put(trial.fidelity)
    let pausing = trial.pausing
    var flags = trial.wantsGradient ? WireFlag.wantsGradient : 0
    if let pausing {
      flags |= WireFlag.mayPause | (pausing.isResumed ? WireFlag.isResumed : 0)
    }
    writer.put(flags)
    point.slots.withUnsafeBytes { writer.put($0) }
    for word in 0..<(space.count + 63) / 64 { writer.put(point.active.word(word)) }
    if let pausing { writer.put(pausing.folder) }
    writer.end()
    return process.channel.send(writer, waits: false)
  }

  /// Waits for the end of the evaluation, and does what follows from it.
  private func finish(
    _ session: WorkerSession, _ trial: any EvaluatedTrial,
    _ values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    var watch = WorkerWatch(
      session, trial, isolation, name: name, sequence: sequence)
    switch watch.run(values) {
    case .finished(let evaluation):
      crashesInRow = 0
      if !hasFinished {
        hasFinished = true
        pool.noteFinished()
      }
      return evaluation
    case .limit(let evaluation, let isAlive):
      if !isAlive { renewNow() }
      return evaluation
    case .crash(let failure):
      let isHopeless = noteCrash()
      return isHopeless ? .giveUp(hopeless(failure)) : .fail(failure)
    }
  }

  /// Counts a crash, and starts the next worker unless that is better done later.
  private func noteCrash() -> Bool {
    crashesInRow += 1
    session = nil
    let isHopeless = pool.noteCrash()
    if !isHopeless, crashesInRow < 3 { renewNow() }
    return isHopeless
  }

  private func renewNow() {
    session = nil
    // Without a process now, the next trial tries again and fails with the reason.
    try? renew()
  }

  private func failure(of refusal: WorkerSession.Refusal) -> Evaluation {
    switch refusal {
    case .stopped: return .fail(Failure("\(name): stopped at its start, since the run is ending"))
    case .error(let error):
      crashesInRow += 1
      return .fail(Failure("its worker did not start: \(error.message)", code: error.userCode))
    case .crash(let report):
      let failure = Failure(
        "\(name): it crashed at its start: \(report.reason(isolation))", code: report.code)
      return noteCrash() ? .giveUp(hopeless(failure)) : .fail(failure)
    }
  }

  private func hopeless(_ failure: Failure) -> Failure {
    Failure(
      "\(failure.reason); its first \(WorkerPool.hopeless) evaluations crashed and none ended well",
      code: failure.code)
  }

  static func log(_ trial: any EvaluatedTrial, _ line: String) { trial.log(.info, line) }
}
