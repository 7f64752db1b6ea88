import AttuneCore
import CGuard

/// What became of a worker that ended, or had to: for the reason of a failure and its attribute.
struct WorkerReport {
  /// Why the host ended it; `nil` when it ended by itself.
  enum Cause {
    case timeout(Double)
    case cpuTime(Double)
    case corrupt(String)
    /// The objective did not start within so many seconds.
    case start(Double)

    /// The whole reason of a failure at a limit.
    var text: String {
      switch self {
      case .timeout(let limit): "timeout after \(limit) s"
      case .cpuTime(let limit): "processor time limit of \(limit) s is used up"
      case .corrupt(let what): "its worker sent a damaged reply: \(what)"
      case .start(let limit): "it is not ready after \(limit) s"
      }
    }
  }

  let ending: WorkerProcess.Ending
  let cause: Cause?
  let errorTail: String
  let overflowed: Bool
  var wallSeconds: Double?
  var cpuSeconds: Double?

  init(_ process: WorkerProcess, _ ending: WorkerProcess.Ending, cause: Cause?) {
    self.ending = ending
    self.cause = cause
    errorTail = process.output.errors.text
    overflowed = process.hasOverflowed
  }

  /// What happened, for people.
  func reason(_ isolation: Isolation) -> String {
    if let cause { return cause.text + tail }
    var text: String
    if overflowed {
      text = "stack overflow"
      if case .killed(let signal) = ending.end { text += ", killed by \(Self.name(signal))" }
    } else if closedLine {
      text = "it closed its worker's line to Attune"
    } else {
      switch ending.end {
      case .killed(let signal):
        text = "killed by \(Self.name(signal))"
        if Self.name(signal) == "SIGKILL" {
          text += " from outside; the system may be out of memory"
        }
      case .exited(let status): text = "exit status \(status) in the middle of the trial"
      case .lost: text = "its end is unknown, since this process ignores SIGCHLD"
      }
    }
    if let limit = isolation.memory, !overflowed, !closedLine {
      text += ", with \(Self.mebibytes(ending.usage.peak_memory)) MiB at its peak"
      text += " and a memory limit of \(Self.mebibytes(limit)) MiB"
    }
    return text + tail
  }

  /// Whether the objective cut the worker off.
  private var closedLine: Bool {
    ending.closedLine || ending.end == .exited(WorkerServer.lostLine)
  }

  /// The signal or the exit status.
  var code: Int32 {
    guard cause == nil, !closedLine else { return 0 }
    switch ending.end {
    case .killed(let signal): return signal
    case .exited(let status): return status
    case .lost: return 0
    }
  }

  /// The value of `Isolation.attribute`.
  var json: JSON {
    var object = JSON.Object()
    if cause == nil, !closedLine {
      switch ending.end {
      case .killed(let signal):
        object["signal"] = .int(Int64(signal))
        object["signal_name"] = .string(Self.name(signal))
      case .exited(let status): object["exit_code"] = .int(Int64(status))
      case .lost: break
      }
    }
    if overflowed { object["stack_overflow"] = .bool(true) }
    Self.put(&object, wall: wallSeconds, cpu: cpuSeconds, peak: ending.usage.peak_memory)
    if !errorTail.isEmpty { object["stderr"] = .string(errorTail) }
    return .object(object)
  }

  /// What a trial used.
  static func put(_ object: inout JSON.Object, wall: Double?, cpu: Double?, peak: UInt64) {
    if let wall { object["wall_seconds"] = .float(wall) }
    if let cpu { object["cpu_seconds"] = .float(max(0, cpu)) }
    object["peak_memory_bytes"] = JSON(peak)
  }

  private var tail: String { errorTail.isEmpty ? "" : "; standard error ends: \(errorTail)" }

  private static func mebibytes(_ bytes: UInt64) -> UInt64 { bytes >> 20 }

  private static func name(_ signal: Int32) -> String {
    attune_signal_name(signal).map { String(cString: $0) } ?? "signal \(signal)"
  }
}
