import AttuneCore
import CGuard

/// A worker with what it was told so far: opening its objective, making its evaluator.
final class WorkerSession {
  /// Why a worker did not get ready.
  enum Refusal: Error {
    /// The objective said no.
    case error(AttuneError)
    /// The worker ended.
    case crash(WorkerReport)
    /// The run is ending.
    case stopped
  }

  /// Seconds that opening an objective and making its evaluator may take, unless a trial may take longer.
  private static let startLimit = 300.0

  let process: WorkerProcess
  private var isOrdered = false
  private var isOpen = false
  private var isToldStudy = false
  private(set) var isReady = false
  private(set) var description: ObjectiveDescription?
  private var begun = 0.0
  /// What the objective's own start used, and the trials since.
  var cpuSeconds = 0.0

  init(_ process: WorkerProcess) { self.process = process }

  /// Tells it what to open; it does so while this process goes on.
  func order(_ task: WorkerTask, _ isolation: Isolation) {
    guard !isOrdered else { return }
    isOrdered = true
    begun = monotonicSeconds()
    let order = WorkerOrder(task, isolation, folder: process.folder)
    tell(.open, order.json)
  }

  /// Tells it of the study, once it is told what to open.
  func tell(_ study: WorkerStudy) {
    guard !isToldStudy else { return }
    isToldStudy = true
    tell(.create, study.json)
  }

  private func tell(_ kind: WireKind, _ text: String) {
    process.writer.begin(kind, 0)
    process.writer.put(text)
    process.writer.end()
    // When the worker is gone, the wait for its answer finds why.
    _ = process.channel.send(process.writer, waits: false)
  }

  func waitUntilOpen(
    _ isolation: Isolation, shouldStop: () -> Bool, _ log: (LogLevel, String, String) -> Void
  ) throws(Refusal) {
    while !isOpen { try step(isolation, shouldStop, log) }
  }

  func waitUntilReady(
    _ isolation: Isolation, shouldStop: () -> Bool, _ log: (LogLevel, String, String) -> Void
  ) throws(Refusal) {
    while !isReady { try step(isolation, shouldStop, log) }
  }

  private func step(
    _ isolation: Isolation, _ shouldStop: () -> Bool, _ log: (LogLevel, String, String) -> Void
  ) throws(Refusal) {
    func say(_ line: String) { log(.info, "worker", line) }
    let limit = isolation.timeout.isFinite ? max(isolation.timeout, Self.startLimit) : .infinity
    switch process.wait(milliseconds: 20, say) {
    case .message(let message): try take(message, log)
    case .ended: throw .crash(WorkerReport(process, process.end(say), cause: nil))
    case .corrupt(let what):
      process.kill()
      throw .crash(WorkerReport(process, process.end(say), cause: .corrupt(what)))
    case .quiet:
      if shouldStop() { throw .stopped }
      if monotonicSeconds() - begun > limit {
        process.kill()
        throw .crash(WorkerReport(process, process.end(say), cause: .start(limit)))
      }
    }
  }

  private func take(
    _ message: WireMessage, _ log: (LogLevel, String, String) -> Void
  ) throws(Refusal) {
    let word: Word
    do throws(WireMessage.Malformed) {
      word = try Self.word(message)
    } catch {
      process.kill()
      let ending = process.end { log(.info, "worker", $0) }
      throw .crash(
        WorkerReport(process, ending, cause: .corrupt("message \(message.kind) at its start")))
    }
    switch word {
    case .opened(let json):
      isOpen = true
      do throws(AttuneError) {
        description = try ObjectiveDescription(wireJSON: json)
      } catch {
        throw .error(error)
      }
    case .ready: isReady = true
    case .refused(let error): throw .error(error)
    case .stackOverflow: process.noteOverflow()
    case .log(let level, let component, let text): log(level, component, text)
    }
  }

  /// What a worker says before its first trial.
  private enum Word {
    case opened(String)
    case ready
    case refused(AttuneError)
    case stackOverflow
    case log(LogLevel, String, String)
  }

  private static func word(_ message: WireMessage) throws(WireMessage.Malformed) -> Word {
    var message = message
    switch WireKind(rawValue: message.kind) {
    case .opened: return .opened(try message.text())
    case .ready: return .ready
    case .stackOverflow: return .stackOverflow
    case .log:
      let level = LogLevel(rawValue: try message.take()) ?? .info
      return .log(level, try message.text(), try message.text())
    case .refused:
      let code = AttuneError.Code(rawValue: try message.take()) ?? .internal
      let userCode = try message.take(Int32.self)
      let text = try message.text()
      return .refused(
        AttuneError(code, text, subject: try message.text(), userCode: userCode))
    default: throw WireMessage.Malformed()
    }
  }
}
