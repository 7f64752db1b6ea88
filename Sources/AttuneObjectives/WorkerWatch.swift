import AttuneCore

/// Watches over one evaluation in a worker: passes on what it says, and ends it at its limits.
struct WorkerWatch {
  /// How an evaluation ended.
  enum Outcome {
    case finished(Evaluation)
    /// It came to a limit; whether the worker still lives.
    case limit(Evaluation, isAlive: Bool)
    case crash(Failure)
  }

  /// What was done to end it.
  enum Stage { case none, asked, terminated, killed }

  /// The longest time between two looks at the trial, in milliseconds.
  private static let tick: Int32 = 20

  let session: WorkerSession
  let process: WorkerProcess
  let trial: any EvaluatedTrial
  let isolation: Isolation
  let name: String
  let sequence: UInt64
  let begun = monotonicSeconds()
  private(set) var stage = Stage.none
  private var nextStage = Double.infinity
  private(set) var cause: WorkerReport.Cause?
  private var isAskedToStop = false

  init(
    _ session: WorkerSession, _ trial: any EvaluatedTrial, _ isolation: Isolation, name: String,
    sequence: UInt64
  ) {
    self.session = session
    process = session.process
    self.trial = trial
    self.isolation = isolation
    self.name = name
    self.sequence = sequence
  }

  mutating func run(_ values: UnsafeMutableBufferPointer<Double>) -> Outcome {
    let trial = trial
    let log: (String) -> Void = { IsolatedEvaluator.log(trial, $0) }
    while true {
      switch process.wait(milliseconds: pause, log) {
      case .message(var message):
        do throws(WireMessage.Malformed) {
          if let outcome = try take(&message, values) { return outcome }
        } catch {
          return broken("message \(message.kind) of evaluation \(message.sequence)")
        }
      case .corrupt(let what): return broken(what)
      case .ended: return died()
      case .quiet: break
      }
      look(monotonicSeconds())
    }
  }

  /// How long to wait for the worker at most.
  private var pause: Int32 {
    let due = min(begun + isolation.timeout, nextStage) - monotonicSeconds()
    guard due < Double(Self.tick) / 1000 else { return Self.tick }
    return due <= 0 && stage == .none ? 0 : Int32(max(1, (due * 1000).rounded(.up)))
  }

  /// Passes a stop on, and goes on to the next stage when it is due.
  private mutating func look(_ now: Double) {
    if !isAskedToStop, trial.shouldStop {
      isAskedToStop = true
      process.stop(sequence)
    }
    switch stage {
    case .none:
      if now >= begun + isolation.timeout {
        cause = .timeout(isolation.timeout)
      } else if isolation.cpuTime.isFinite,
        process.cpuSeconds - session.cpuSeconds >= isolation.cpuTime
      {
        cause = .cpuTime(isolation.cpuTime)
      }
      guard cause != nil else { return }
      process.stop(sequence)
      stage = .asked
      nextStage = now + isolation.grace
    case .asked:
      guard now >= nextStage else { return }
      process.terminate()
      stage = .terminated
      nextStage = now + isolation.grace
    case .terminated:
      guard now >= nextStage else { return }
      process.kill()
      stage = .killed
      nextStage = .infinity
    case .killed: break
    }
  }
}
