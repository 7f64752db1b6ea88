import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The life of a worker process: it opens one objective and evaluates what its host sends.
///
/// It ends when the host closes the line, or is gone. Its parent, the warden, is what the host started.
public enum WorkerServer {
  /// The exit status of a worker that lost the line while it had something to say.
  static let lostLine: Int32 = 121

  /// Serves the host on the descriptors it was started with; the exit status.
  public static func run() -> Int32 {
    guard isSocket(Int32(ATTUNE_WORKER_CHANNEL)), isSocket(Int32(ATTUNE_WORKER_CONTROL)),
      isSocket(Int32(ATTUNE_WORKER_LINE))
    else { return 2 }
    let error = attune_warden_begin()
    guard error == 0 else {
      let text = "attune-worker: no process for the objective: \(File.reason(error))\n"
      _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
      return 3
    }
    attune_worker_begin()
    let line = WorkerLine(WireChannel(Int32(ATTUNE_WORKER_CHANNEL)))
    Logger.setSink(minimum: .trace) { level, component, message in
      line.say(.log) { writer in
        writer.put(level.rawValue)
        writer.put(component)
        writer.put(message)
      }
    }
    guard let order = text(from: line, .open) else { return 0 }
    let objective: any Objective
    do throws(AttuneError) {
      objective = try open(WorkerOrder(json: order), line)
    } catch {
      return refuse(line, error)
    }
    let description = objective.description
    line.say(.opened) { $0.put(description.wireJSON) }
    guard let study = text(from: line, .create) else { return 0 }
    do throws(AttuneError) {
      let study = try WorkerStudy(json: study)
      let space = try Space(json: study.spaceJSON)
      let evaluator = try objective.makeEvaluator(for: space, valueCount: study.valueCount)
      line.say(.ready) { _ in }
      let loop = WorkerLoop(line, evaluator, space: space, valueCount: study.valueCount)
      return loop.run()
    } catch {
      return refuse(line, error)
    }
  }

  /// Limits first, so that the objective's own start is under them too.
  private static func open(
    _ order: WorkerOrder, _ line: WorkerLine
  ) throws(AttuneError) -> any Objective {
    if let folder = order.sandboxFolder { try Sandbox.enter(writable: folder) }
    for (key, limit, value) in [
      ("open_files", ATTUNE_LIMIT_FILES, order.openFiles),
      ("stack", ATTUNE_LIMIT_STACK, order.stack), ("memory", ATTUNE_LIMIT_MEMORY, order.memory),
    ] {
      guard let value else { continue }
      let error = attune_worker_limit(Int32(limit), value)
      guard error == 0 else {
        throw AttuneError(
          .notSupported, "the limit \"\(key)\" of \(value) is refused: \(File.reason(error))",
          subject: "options.\(key)")
      }
    }
    try watchHost(line)
    let last = WireWriter()
    last.begin(.stackOverflow, 0)
    last.end()
    attune_worker_watch_stack(last.bytes.baseAddress, last.bytes.count)
    return try order.task.open()
  }

  /// Hears of stops, and ends this process and all it started when the host is gone, whatever the
  /// objective is doing.
  private static func watchHost(_ line: WorkerLine) throws(AttuneError) {
    try ThreadGroup.detach {
      var sequence: UInt64 = 0
      while true {
        let count = attune_channel_receive(
          Int32(ATTUNE_WORKER_CONTROL), &sequence, MemoryLayout<UInt64>.size, 1)
        guard count == MemoryLayout<UInt64>.size else {
          // An objective that closed this end leaves the host alive: it sees that, and says so.
          if count == -Int(EBADF) || count == -Int(ENOTSOCK) { sleep(1) }
          attune_end_group()
        }
        line.stop(sequence)
      }
    }
  }

  private static func text(from line: WorkerLine, _ kind: WireKind) -> String? {
    line.receive { receipt in
      guard case .message(var message) = receipt, message.kind == kind.rawValue else { return nil }
      // A host that sends half a message is none; the line is then left.
      return try? message.text()
    }
  }

  private static func refuse(_ line: WorkerLine, _ error: AttuneError) -> Int32 {
    line.say(.refused) { writer in
      writer.put(error.code.rawValue)
      writer.put(error.userCode)
      writer.put(error.message)
      writer.put(error.subject)
    }
    return 1
  }

  private static func isSocket(_ descriptor: Int32) -> Bool {
    var type: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    #if canImport(Darwin)
      return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0
    #else
      return getsockopt(descriptor, SOL_SOCKET, Int32(SO_TYPE), &type, &size) == 0
    #endif
  }
}

/// Evaluates trial after trial.
private struct WorkerLoop {
  private enum Next {
    case evaluate(WorkerTrial, UInt64)
    case end
    case broken
  }

  private let line: WorkerLine
  private let evaluator: any Evaluator
  private let space: Space
  private let valueCount: Int
  private let process = getpid()

  init(_ line: WorkerLine, _ evaluator: any Evaluator, space: Space, valueCount: Int) {
    self.line = line
    self.evaluator = evaluator
    self.space = space
    self.valueCount = valueCount
  }

  func run() -> Int32 {
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: valueCount)
    defer { values.deallocate() }
    while true {
      switch line.receive(next) {
      case .end: return 0
      case .broken: return 3
      case .evaluate(let trial, let sequence):
        values.update(repeating: .nan)
        line.begin(sequence)
        let evaluation = evaluator.evaluate(trial, values: values)
        // A fork of the objective's that came back here: there must be one worker only.
        if getpid() != process { _exit(0) }
        guard line.finish(sequence, { Self.put(evaluation, values, $0) }) else {
          return WorkerServer.lostLine
        }
      }
    }
  }

  private func next(_ receipt: WireChannel.Receipt) -> Next {
    guard case .message(var message) = receipt else { return .end }
    guard message.kind == WireKind.evaluate.rawValue else { return .broken }
    do throws(WireMessage.Malformed) {
      let trial = try trial(&message)
      return .evaluate(trial, message.sequence)
    } catch {
      return .broken
    }
  }

  private func trial(_ message: inout WireMessage) throws(WireMessage.Malformed) -> WorkerTrial {
    let number = try message.take(Int64.self)
    let seed = try message.take(UInt64.self)
    let fidelity = try message.take(Double.self)
    let flags = try message.take(UInt8.self)
    let slots = try message.numbers(UInt64.self, count: space.count)
    let words = try message.numbers(UInt64.self, count: (space.count + 63) / 64)
    let active = words.withUnsafeBufferPointer { ActiveSet(words: $0) }
    var pausing: Pausing?
    if flags & WireFlag.mayPause != 0 {
      pausing = Pausing(
        isResumed: flags & WireFlag.isResumed != 0, folder: try message.text())
    }
    return WorkerTrial(
      number: Int(number), seed: seed, space: space, point: Point(slots: slots, active: active),
      fidelity: fidelity, wantsGradient: flags & WireFlag.wantsGradient != 0, pausing: pausing,
      valueCount: valueCount, sequence: message.sequence, line: line)
  }

  private static func put(
    _ evaluation: Evaluation, _ values: UnsafeMutableBufferPointer<Double>, _ writer: WireWriter
  ) {
    let usage = attune_own_usage()
    writer.put(usage.cpu_seconds)
    writer.put(usage.peak_memory)
    switch evaluation {
    case .complete: writer.put(UInt8(0))
    case .stop: writer.put(UInt8(1))
    case .pruned: writer.put(UInt8(2))
    case .paused: writer.put(UInt8(4))
    case .fail(let failure), .giveUp(let failure):
      writer.put(UInt8(3))
      writer.put(failure.code)
      writer.put(failure.reason)
    }
    writer.put(UnsafeRawBufferPointer(values))
  }
}
