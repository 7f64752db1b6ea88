import AttuneCore
import CGuard

/// What a worker says during an evaluation, and how the evaluation ends.
extension WorkerWatch {
  /// What an objective tells its trial.
  private enum Word {
    case report(step: Int64, values: [Double])
    case attribute(key: String, json: String)
    case constraint(name: String, value: Double)
    case gradient([Double])
    case cancel(reason: String)
    case log(LogLevel, component: String, String)
    case pruneQuery
    case stackOverflow
    case result(WorkerResult)
  }

  /// Takes a message; the outcome when it was the last.
  func take(
    _ message: inout WireMessage, _ values: UnsafeMutableBufferPointer<Double>
  ) throws(WireMessage.Malformed) -> Outcome? {
    let word = try word(&message, values)
    try message.finish()
    switch word {
    case .result(let result): return outcome(result)
    case .pruneQuery: answerPrune()
    case .cancel(let reason): trial.requestCancel(reason: reason)
    case .stackOverflow: process.noteOverflow()
    case .log(let level, "", let text): trial.log(level, text)
    case .log(let level, let component, let text):
      Logger.log(level, component: component, text)
    case .report, .attribute, .constraint, .gradient:
      do throws(AttuneError) {
        try pass(word)
      } catch {
        // The worker checked it as the study does: what is left is the study's own trouble.
        trial.log(.warning, error.message)
      }
    }
    return nil
  }

  /// Hands over to the study what an objective in this process would have.
  private func pass(_ word: Word) throws(AttuneError) {
    switch word {
    case .report(let step, let values): try trial.report(step: step, values: values)
    case .attribute(let key, let json): try trial.setAttribute(key, json: json)
    case .constraint(let name, let value): try trial.setConstraint(name, value)
    case .gradient(let gradient): try trial.setGradient(gradient)
    default: break
    }
  }

  private func word(
    _ message: inout WireMessage, _ values: UnsafeMutableBufferPointer<Double>
  ) throws(WireMessage.Malformed) -> Word {
    let kind = WireKind(rawValue: message.kind)
    switch kind {
    case .log:
      let level = LogLevel(rawValue: try message.take()) ?? .info
      return .log(level, component: try message.text(), try message.text())
    case .stackOverflow: return .stackOverflow
    default: break
    }
    // What belongs to an evaluation must be of this one.
    guard message.sequence == sequence else { throw WireMessage.Malformed() }
    switch kind {
    case .report:
      let step = try message.take(Int64.self)
      return .report(step: step, values: try message.numbers(Double.self, count: values.count))
    case .attribute: return .attribute(key: try message.text(), json: try message.text())
    case .constraint: return .constraint(name: try message.text(), value: try message.take())
    case .gradient:
      guard let count = Int(exactly: try message.take(UInt64.self)) else {
        throw WireMessage.Malformed()
      }
      return .gradient(try message.numbers(Double.self, count: count))
    case .cancel: return .cancel(reason: try message.text())
    case .pruneQuery: return .pruneQuery
    case .result: return .result(try WorkerResult(&message, values))
    default: throw WireMessage.Malformed()
    }
  }

  private func answerPrune() {
    var prunes = false
    do throws(AttuneError) {
      prunes = try trial.shouldPrune()
    } catch {
      trial.log(.warning, error.message)
    }
    process.writer.begin(.pruneReply, sequence)
    process.writer.put(UInt8(prunes ? 1 : 0))
    process.writer.end()
    // A worker that is gone is noticed by the next wait.
    _ = process.channel.send(process.writer, waits: false)
  }

  /// The end of an evaluation that came back.
  private func outcome(_ result: WorkerResult) -> Outcome {
    let cpuSeconds = result.usage.cpu_seconds - session.cpuSeconds
    session.cpuSeconds = result.usage.cpu_seconds
    if isolation.usage || cause != nil {
      var object = JSON.Object()
      WorkerReport.put(
        &object, wall: monotonicSeconds() - begun, cpu: cpuSeconds,
        peak: result.usage.peak_memory)
      keep(.object(object))
    }
    guard let cause else { return .finished(result.evaluation) }
    let failure = Failure(cause.text)
    guard stage == .asked else {
      // It is dying of the signal that it was sent.
      _ = process.end { IsolatedEvaluator.log(trial, $0) }
      return .limit(.fail(failure), isAlive: false)
    }
    return .limit(.fail(failure), isAlive: true)
  }

  /// The end of an evaluation whose worker ended.
  func died() -> Outcome {
    let trial = trial
    let ending = process.end { IsolatedEvaluator.log(trial, $0) }
    var report = WorkerReport(process, ending, cause: cause)
    report.wallSeconds = monotonicSeconds() - begun
    report.cpuSeconds = ending.usage.cpu_seconds - session.cpuSeconds
    keep(report.json)
    if let cause { return .limit(.fail(Failure(cause.text)), isAlive: false) }
    return .crash(Failure("\(name): \(report.reason(isolation))", code: report.code))
  }

  /// The end of an evaluation whose worker said what no worker says.
  func broken(_ what: String) -> Outcome {
    process.kill()
    let trial = trial
    let ending = process.end { IsolatedEvaluator.log(trial, $0) }
    var report = WorkerReport(process, ending, cause: .corrupt(what))
    report.wallSeconds = monotonicSeconds() - begun
    report.cpuSeconds = ending.usage.cpu_seconds - session.cpuSeconds
    keep(report.json)
    return .crash(Failure("\(name): \(report.reason(isolation))", code: report.code))
  }

  private func keep(_ json: JSON) {
    do throws(AttuneError) {
      try trial.setAttribute(Isolation.attribute, json: json.text(.spaced))
    } catch {
      trial.log(.warning, error.message)
    }
  }
}

/// The last message of an evaluation.
private struct WorkerResult {
  let usage: attune_usage
  let evaluation: Evaluation

  /// Reads it, and the values into their place.
  init(
    _ message: inout WireMessage, _ values: UnsafeMutableBufferPointer<Double>
  ) throws(WireMessage.Malformed) {
    let cpuSeconds = try message.take(Double.self)
    usage = attune_usage(cpu_seconds: cpuSeconds, peak_memory: try message.take())
    switch try message.take(UInt8.self) {
    case 0: evaluation = .complete
    case 1: evaluation = .stop
    case 2: evaluation = .pruned
    case 3:
      let code = try message.take(Int32.self)
      evaluation = .fail(Failure(try message.text(), code: code))
    case 4: evaluation = .paused
    default: throw WireMessage.Malformed()
    }
    let bytes = try message.bytes(values.count * MemoryLayout<Double>.size)
    UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
  }
}
