import AttuneCore
import Synchronization

/// The worker processes of one objective: starts them, and keeps an empty one ready for the next crash.
final class WorkerPool: Sendable {
  private struct State {
    /// The worker that told what the objective is, until an evaluator takes it.
    var first: Handed?
    var spare: WorkerProcess?
    var evaluators = 0
    /// A study that an evaluator was made for.
    var known: WorkerStudy?
    /// Whether an evaluation came to its end, whatever its outcome.
    var hasFinished = false
    var crashes = 0
  }

  /// So many crashes before any evaluation ends, and the objective is given up.
  static let hopeless = 3

  let task: WorkerTask
  let isolation: Isolation
  private let program: String
  private let state: Mutex<State>

  init(_ task: WorkerTask, _ isolation: Isolation, program: String) {
    self.task = task
    self.isolation = isolation
    self.program = program
    state = Mutex(State())
  }

  deinit {
    let first = state.withLock { $0.first }
    first?.session.process.close(patience: 2) { _ in }
  }

  /// Keeps a worker that has opened the objective.
  func keep(first session: WorkerSession) {
    let handed = Handed(session: session)
    state.withLock { $0.first = handed }
  }

  /// A worker, opening the objective or having done so.
  func take() throws(AttuneError) -> WorkerSession {
    let (first, spare) = state.withLock { state in
      defer {
        if state.first == nil { state.spare = nil }
        state.first = nil
      }
      return (state.first, state.first == nil ? state.spare : nil)
    }
    if let first { return first.session }
    let process: WorkerProcess
    if let spare { process = spare } else { process = try start() }
    let session = WorkerSession(process)
    session.order(task, isolation)
    return session
  }

  private struct Handed: @unchecked Sendable {
    // Unchecked: on its way through the pool, from the one that made it to the one that asks.
    let session: WorkerSession
  }

  private func start() throws(AttuneError) -> WorkerProcess {
    try WorkerProcess(program: program, sandbox: isolation.sandbox)
  }

  /// Starts the next empty worker, where there is none.
  func refill() {
    guard state.withLock({ $0.spare == nil && $0.evaluators > 0 }) else { return }
    // Without a spare the next crash takes longer, and says why there is none.
    guard let process = try? start() else { return }
    let surplus = state.withLock { state -> WorkerProcess? in
      guard state.spare == nil, state.evaluators > 0 else { return process }
      state.spare = process
      return nil
    }
    withExtendedLifetime(surplus) {}
  }

  func enter() { state.withLock { $0.evaluators += 1 } }

  /// The last evaluator to leave takes the spare with it.
  func leave() {
    let spare = state.withLock { state -> WorkerProcess? in
      state.evaluators -= 1
      guard state.evaluators == 0 else { return nil }
      // Another run begins with hope again.
      state.hasFinished = false
      state.crashes = 0
      defer { state.spare = nil }
      return state.spare
    }
    withExtendedLifetime(spare) {}
  }

  /// Whether an evaluator was made for such a study already.
  func knows(_ study: WorkerStudy) -> Bool { state.withLock { $0.known == study } }
  func learn(_ study: WorkerStudy) { state.withLock { $0.known = study } }

  /// Notes that an evaluation came to its end.
  func noteFinished() { state.withLock { $0.hasFinished = true } }

  /// Notes a crash; whether there is no hope left.
  func noteCrash() -> Bool {
    state.withLock { state in
      state.crashes += 1
      return !state.hasFinished && state.crashes >= Self.hopeless
    }
  }
}
