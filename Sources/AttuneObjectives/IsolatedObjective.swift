public import AttuneCore

/// An objective of a plugin or a native function in worker processes, one for each evaluator.
///
/// Results are those of the same objective in this process, bit for bit. Whatever the objective does to
/// its process, this one goes on: the trial fails with the reason, and the worker is started anew.
public final class IsolatedObjective: Objective {
  public let description: ObjectiveDescription
  public let isolation: Isolation
  /// How many values one evaluation gives, where the objective says so.
  public let valueCount: Int?
  private let pool: WorkerPool

  /// Opens the objective in a first worker: an error or a crash there is thrown here.
  public init(_ task: WorkerTask, _ isolation: Isolation = Isolation()) throws(AttuneError) {
    try isolation.check()
    try task.check()
    self.isolation = isolation
    let task = task.absolute
    let program = try WorkerProgram.find(isolation.worker)
    let pool = WorkerPool(task, isolation, program: program)
    let session = try pool.take()
    do throws(WorkerSession.Refusal) {
      try session.waitUntilOpen(isolation, shouldStop: { false }, Self.log)
    } catch {
      throw Self.error(error, task.name, isolation)
    }
    guard var description = session.description else {
      throw AttuneError(.internal, "\(program) gave no description of \(task.name)")
    }
    description.isIsolated = true
    description.isSandboxed = isolation.sandbox
    self.description = description
    valueCount = task.valueCount ?? description.directions?.count
    self.pool = pool
    pool.keep(first: session)
  }

  public func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator
  {
    let study = WorkerStudy(spaceJSON: space.json, valueCount: valueCount)
    let session = try pool.take()
    session.tell(study)
    let name = "objective \(description.id)"
    let evaluator = IsolatedEvaluator(pool, session, study, space: space, name: name)
    // Those after the first get ready while others work.
    if !pool.knows(study) {
      do throws(WorkerSession.Refusal) {
        try session.waitUntilReady(isolation, shouldStop: { false }, Self.log)
      } catch {
        throw Self.error(error, name, isolation)
      }
      pool.learn(study)
    }
    pool.refill()
    return evaluator
  }

  static func log(_ level: LogLevel, _ component: String, _ message: String) {
    Logger.log(level, component: component, message)
  }

  private static func error(
    _ refusal: WorkerSession.Refusal, _ name: String, _ isolation: Isolation
  ) -> AttuneError {
    switch refusal {
    case .error(let error): error
    case .crash(let report):
      AttuneError(
        .plugin, "\(name): it crashed at its start: \(report.reason(isolation))",
        userCode: report.code)
    case .stopped: AttuneError(.cancelled, "\(name): stopped at its start")
    }
  }
}

extension WorkerTask {
  /// The task with paths that hold wherever the process goes.
  fileprivate var absolute: WorkerTask {
    switch self {
    case .plugin(let path, let id, let config, let trust):
      .plugin(path: File.absolute(path), id: id, config: config, trust: trust)
    case .native(let library, let symbol, let signature, let threadSafe):
      .native(
        library: library.utf8.contains(UInt8(ascii: "/")) ? File.absolute(library) : library,
        symbol: symbol, signature: signature, threadSafe: threadSafe)
    }
  }

  /// What errors call it before it has said its own name.
  fileprivate var name: String {
    switch self {
    case .plugin(let path, _, _, _): "plugin \(path)"
    case .native(let library, let symbol, let signature, _):
      "native function \(symbol ?? signature) of \(library)"
    }
  }
}
