import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A worker in a process group of its own, with the lines to it and to its warden, its parent.
///
/// The warden ends all that comes from the worker, also what has left the group, and is ended at the
/// latest when this object goes.
final class WorkerProcess: @unchecked Sendable {
  // Unchecked: handed from one owner to the next, and used by one at a time.

  /// What a wait brought.
  enum Wake {
    case message(WireMessage)
    /// Nothing but perhaps output, which is in the log.
    case quiet
    /// The process has ended, or closed the line.
    case ended
    case corrupt(String)
  }

  private enum Waited { case worker, warden }

  /// Seconds after which a warden is taken to be stuck.
  private static let wardenLimit = 10.0

  /// How a worker ended, and what it used.
  struct Ending {
    var end = ChildProcess.Ending.lost
    /// It closed the line and lived on.
    var closedLine = false
    var usage = attune_usage()
  }

  /// The warden's process.
  let pid: Int32
  let channel: WireChannel
  let writer = WireWriter()
  /// The private folder of a sandbox.
  let folder: String?
  private(set) var output: WorkerOutput
  private var channelDescriptor: Int32
  private var control: Int32
  private var line: Int32
  private var watch: Int32
  /// What the warden said last; 0 as the worker before its first word.
  private var word = attune_warden_word()
  private var isOver = false
  /// Whether it said that its stack is used up.
  private(set) var hasOverflowed = false

  /// Starts one that is empty: it waits for what to open.
  init(program: String, sandbox: Bool) throws(AttuneError) {
    folder = sandbox ? try Self.makeFolder() : nil
    var ends = Ends()
    var pid: Int32 = -1
    do throws(AttuneError) {
      try ends.make()
      var environment = Surroundings.inheritedVariables + ["SWIFT_BACKTRACE=enable=no"]
      if let folder {
        environment.removeAll { $0.hasPrefix("TMPDIR=") }
        environment.append("TMPDIR=\(folder)")
      }
      let error = ChildProcess.withCArray([program, "--serve"]) { arguments in
        ChildProcess.withCArray(environment) { environment in
          attune_spawn(
            &pid, program, 0, arguments.baseAddress, environment.baseAddress, ends.child,
            Int32(ends.child.count))
        }
      }
      guard error == 0 else {
        throw AttuneError(
          error == ENOENT ? .notFound : .io, "cannot start \(program): \(File.reason(error))",
          subject: program)
      }
    } catch {
      ends.closeAll()
      if let folder { attune_remove_folder(folder) }
      throw error
    }
    ends.closeChild()
    self.pid = pid
    channelDescriptor = ends.channel
    control = ends.control
    line = ends.line
    channel = WireChannel(ends.channel)
    output = WorkerOutput(output: ends.output, errors: ends.errors)
    watch = attune_child_watch(pid)
  }

  deinit {
    guard !isOver else { return }
    kill()
    _ = end { _ in }
  }

  private static func makeFolder() throws(AttuneError) -> String {
    let (error, path) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      buffer.initialize(repeating: 0)
      let error = attune_private_folder(buffer.baseAddress, buffer.count)
      return (error, buffer.baseAddress.map { String(cString: $0) } ?? "")
    }
    guard error == 0 else {
      throw AttuneError(
        .io, "cannot make a private folder for the sandbox: \(File.reason(error))", subject: path)
    }
    return path
  }

  /// Waits for a message at most so long; lines of output go to `log` meanwhile.
  func wait(milliseconds: Int32, _ log: (String) -> Void) -> Wake {
    var pause = channel.hasRest ? 0 : milliseconds
    // Without a descriptor that tells of the end, only looking does.
    if watch < 0 { pause = min(pause, 5) }
    var polls = (
      pollfd(fd: channelDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: watch, events: Int16(POLLIN), revents: 0),
      pollfd(fd: output.outputDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: output.errorDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: line, events: Int16(POLLIN), revents: 0)
    )
    let count = channel.awaited { hasCome in
      withUnsafeMutablePointer(to: &polls) {
        $0.withMemoryRebound(to: pollfd.self, capacity: 5) { Int(poll($0, 5, hasCome ? 0 : pause)) }
      }
    }
    // Output first: what was written before a message belongs before it.
    if count > 0, polls.2.revents | polls.3.revents != 0 { output.serve(log) }
    if channel.hasRest || polls.0.revents != 0, let wake = received() { return wake }
    if polls.4.revents != 0 { hear() }
    guard hasEnded(polls.1.revents != 0) else { return .quiet }
    // Its last words may have come since the poll, such as that its stack overflowed.
    return received() ?? .ended
  }

  /// What the channel holds; `nil` when nothing.
  private func received() -> Wake? {
    switch channel.receive(waits: false) {
    case .message(let message): .message(message)
    case .corrupt(let what): .corrupt(what)
    case .closed: .ended
    case .nothing: nil
    }
  }

  private func hear() { while attune_warden_hear(line, &word) != 0 {} }

  /// Whether the worker, or its warden, has ended.
  private func hasEnded(_ isWatchReady: Bool) -> Bool {
    word.has_ended != 0 || isWatchReady || (watch < 0 && isWardenGone)
  }

  /// Whether the warden has ended: then a worker that lives on has nobody to tell how it ends. One call of
  /// the system.
  var isWardenGone: Bool { attune_has_ended(pid) != 0 }

  /// The processor time the worker has used so far; 0 where the system does not say.
  var cpuSeconds: Double {
    if word.worker == 0 { hear() }
    return word.worker == 0 ? 0 : max(0, attune_child_cpu_seconds(word.worker))
  }

  func beginTrial() { output.beginTrial() }

  /// Tells the objective to stop an evaluation and those before.
  func stop(_ sequence: UInt64) {
    var sequence = sequence
    // A worker that does not read is ended by force soon after.
    _ = attune_channel_send(control, &sequence, MemoryLayout<UInt64>.size, 0)
  }

  func noteOverflow() { hasOverflowed = true }

  func terminate() { ask(kills: false) }

  func kill() { ask(kills: true) }

  private func ask(kills: Bool) {
    guard !isOver else { return }
    attune_warden_ask(line, pid, kills ? 1 : 0)
  }

  /// Lets it end by itself, as `destroy` of a plugin may want, then ends it.
  func close(patience: Double, _ log: (String) -> Void) {
    guard !isOver else { return }
    shutdown(channelDescriptor, Int32(SHUT_WR))
    _ = waitForEnd(patience, log)
    _ = end(log)
  }

  /// Ends it and all it started, and takes its status. Called once it has ended, this changes nothing of that.
  func end(_ log: (String) -> Void) -> Ending {
    guard !isOver else { return Ending() }
    var ending = Ending()
    attune_warden_wake(pid)
    // A worker that dies closes its line a moment before its status is there.
    ending.closedLine = !waitForEnd(0.2, log)
    kill()
    let wardenEnd = reapWarden(log)
    hear()
    if word.has_ended != 0 {
      ending.end = word.signal != 0 ? .killed(signal: word.signal) : .exited(word.exit_code)
      ending.usage = word.usage
    } else {
      // Without its warden a worker ends by itself, now that the control stream is closed.
      (ending.end, ending.usage) = wardenEnd
    }
    isOver = true
    output.drain(log)
    output.close()
    for end in [\WorkerProcess.channelDescriptor, \.control, \.line, \.watch] {
      ChildProcess.Streams.close(&self[keyPath: end])
    }
    if let folder { attune_remove_folder(folder) }
    return ending
  }

  /// Waits for the warden, which ends once nothing is left of the worker; how it ended.
  private func reapWarden(_ log: (String) -> Void) -> (ChildProcess.Ending, attune_usage) {
    // What it killed may be stuck in the system: then this does not wait for it.
    if !waitForEnd(Self.wardenLimit, of: .warden, log) { attune_warden_end(pid) }
    var code: Int32 = 0
    var signal: Int32 = 0
    var usage = attune_usage()
    let reaped = attune_reap(pid, &code, &signal, &usage)
    return (reaped != 0 ? .lost : signal != 0 ? .killed(signal: signal) : .exited(code), usage)
  }

  /// Whether it has ended within so many seconds; its output is read meanwhile.
  private func waitForEnd(
    _ seconds: Double, of process: Waited = .worker, _ log: (String) -> Void
  ) -> Bool {
    let deadline = monotonicSeconds() + seconds
    while attune_has_ended(pid) == 0 {
      if process == .worker {
        hear()
        if word.has_ended != 0 { break }
      }
      let left = deadline - monotonicSeconds()
      guard left > 0 else { return false }
      var polls = [
        pollfd(fd: watch, events: Int16(POLLIN), revents: 0),
        pollfd(fd: process == .worker ? line : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output.outputDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output.errorDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&polls, 4, watch < 0 ? 1 : Int32((min(left, 1) * 1000).rounded(.up)))
      output.serve(log)
    }
    return true
  }
}

/// The descriptors of a worker: six for the child, five for the host.
private struct Ends {
  /// Standard input, which is /dev/null, output, errors, channel, control, the warden's line.
  var child: [Int32] = [-1, -1, -1, -1, -1, -1]
  var output: Int32 = -1
  var errors: Int32 = -1
  var channel: Int32 = -1
  var control: Int32 = -1
  var line: Int32 = -1

  mutating func make() throws(AttuneError) {
    (output, child[1]) = try ChildProcess.Streams.pipe()
    (errors, child[2]) = try ChildProcess.Streams.pipe()
    (channel, child[3]) = try Self.pair()
    (control, child[4]) = try Self.pair()
    (line, child[5]) = try Self.pair()
  }

  private static func pair() throws(AttuneError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    let error = attune_channel(&ends)
    guard error == 0 else {
      throw AttuneError(.io, "cannot make a socket for a worker: \(File.reason(error))")
    }
    return (ends[0], ends[1])
  }

  mutating func closeChild() {
    for index in child.indices { ChildProcess.Streams.close(&child[index]) }
  }

  mutating func closeAll() {
    closeChild()
    ChildProcess.Streams.close(&output)
    ChildProcess.Streams.close(&errors)
    ChildProcess.Streams.close(&channel)
    ChildProcess.Streams.close(&control)
    ChildProcess.Streams.close(&line)
  }
}
