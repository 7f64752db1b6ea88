import AttuneCore
import Synchronization

/// A trial in a worker process: what the objective tells it goes to the host.
///
/// Requests are checked here as the host's study would check them, so that the objective gets the same
/// answers as in the host.
final class WorkerTrial: EvaluatedTrial {
  let number: Int
  let seed: UInt64
  let space: Space
  let point: Point
  let fidelity: Double
  let wantsGradient: Bool
  let pausing: Pausing?
  private let valueCount: Int
  private let sequence: UInt64
  private let line: WorkerLine

  init(
    number: Int, seed: UInt64, space: Space, point: Point, fidelity: Double, wantsGradient: Bool,
    pausing: Pausing?, valueCount: Int, sequence: UInt64, line: WorkerLine
  ) {
    self.number = number
    self.seed = seed
    self.space = space
    self.point = point
    self.fidelity = fidelity
    self.wantsGradient = wantsGradient
    self.pausing = pausing
    self.valueCount = valueCount
    self.sequence = sequence
    self.line = line
  }

  var shouldStop: Bool { line.isStopped(sequence) }

  func report(step: Int64, values: [Double]) throws(AttuneError) {
    guard step >= 0 else {
      throw AttuneError(
        .invalidArgument, "trial \(number) reports at step \(step), wanted 0 or more",
        subject: "step")
    }
    guard values.count == valueCount else {
      throw AttuneError(
        .invalidArgument,
        "trial \(number) reports \(values.count) values, wanted \(valueCount), one per direction",
        subject: "values")
    }
    try tell(.report) { writer in
      writer.put(step)
      values.withUnsafeBytes { writer.put($0) }
    }
  }

  func shouldPrune() throws(AttuneError) -> Bool { try line.askPrune(sequence) }

  func setAttribute(_ key: String, json: String) throws(AttuneError) {
    guard !key.isEmpty else {
      throw AttuneError(.invalidArgument, "the key of an attribute is empty", subject: "key")
    }
    do { _ = try JSON(parsing: json) } catch {
      throw AttuneError(error, in: "attribute \"\(key)\"")
    }
    try tell(.attribute) { writer in
      writer.put(key)
      writer.put(json)
    }
  }

  func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {
    guard !name.isEmpty else {
      throw AttuneError(.invalidArgument, "the name of a constraint is empty", subject: "name")
    }
    try tell(.constraint) { writer in
      writer.put(name)
      writer.put(value)
    }
  }

  func setGradient(_ gradient: [Double]) throws(AttuneError) {
    try tell(.gradient) { writer in
      writer.put(UInt64(gradient.count))
      gradient.withUnsafeBytes { writer.put($0) }
    }
  }

  func requestCancel(reason: String) { line.tell(.cancel, sequence) { $0.put(reason) } }

  func log(_ level: LogLevel, _ message: String) {
    line.tell(.log, sequence) { writer in
      writer.put(level.rawValue)
      // Without a component: it is the trial's.
      writer.put("")
      writer.put(message)
    }
  }

  private func tell(_ kind: WireKind, _ fill: (WireWriter) -> Void) throws(AttuneError) {
    guard line.tell(kind, sequence, fill) else {
      throw AttuneError(
        .invalidState, "trial \(number) is over: the host no longer takes what it says")
    }
  }
}

/// A worker's end of the line to its host, shared by the threads of the objective.
final class WorkerLine: @unchecked Sendable {
  // Unchecked: channel and writer are used under their locks only.

  private let channel: WireChannel
  private let writer = WireWriter()
  private let writing = Mutex<Void>(())
  /// Held from a question to its answer.
  private let asking = Mutex<Void>(())
  /// The evaluation going on; 0 between two.
  private let current = Atomic<UInt64>(0)
  /// The last evaluation that is to stop.
  private let stopped = Atomic<UInt64>(0)

  init(_ channel: WireChannel) { self.channel = channel }

  func begin(_ sequence: UInt64) { current.store(sequence, ordering: .sequentiallyConsistent) }

  func stop(_ sequence: UInt64) { stopped.store(sequence, ordering: .relaxed) }

  func isStopped(_ sequence: UInt64) -> Bool {
    stopped.load(ordering: .relaxed) >= sequence
  }

  /// Sends a message of an evaluation; `false` when that is over, or the host gone.
  @discardableResult
  func tell(_ kind: WireKind, _ sequence: UInt64, _ fill: (WireWriter) -> Void) -> Bool {
    writing.withLock { _ in
      guard current.load(ordering: .relaxed) == sequence else { return false }
      return send(kind, sequence, fill)
    }
  }

  /// Sends the last message of an evaluation: no other of it comes after.
  func finish(_ sequence: UInt64, _ fill: (WireWriter) -> Void) -> Bool {
    writing.withLock { _ in
      current.store(0, ordering: .sequentiallyConsistent)
      return send(.result, sequence, fill)
    }
  }

  /// Sends a message that belongs to no evaluation.
  @discardableResult
  func say(_ kind: WireKind, _ fill: (WireWriter) -> Void) -> Bool {
    writing.withLock { _ in
      send(kind, current.load(ordering: .relaxed), fill)
    }
  }

  private func send(
    _ kind: WireKind, _ sequence: UInt64, _ fill: (WireWriter) -> Void
  ) -> Bool {
    writer.begin(kind, sequence)
    fill(writer)
    writer.end()
    return channel.send(writer, waits: true)
  }

  /// Asks the host whether to give the trial up.
  func askPrune(_ sequence: UInt64) throws(AttuneError) -> Bool {
    try asking.withLock { _ throws(AttuneError) in
      guard tell(.pruneQuery, sequence, { _ in }) else {
        throw AttuneError(.invalidState, "the trial is over, wanted one that is evaluated")
      }
      guard case .message(var reply) = channel.receive(waits: true),
        reply.kind == WireKind.pruneReply.rawValue, let answer = try? reply.take(UInt8.self)
      else {
        throw AttuneError(.internal, "the host did not answer whether to prune")
      }
      return answer != 0
    }
  }

  /// Waits for the host's next message and hands it over.
  func receive<Result>(_ take: (WireChannel.Receipt) -> Result) -> Result {
    asking.withLock { _ in take(channel.receive(waits: true)) }
  }
}
