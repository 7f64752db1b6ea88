import AttuneCore
import Synchronization

/// Log messages of the engine, plugins and strategies, on standard error.
enum LogSink {
  private static let reporter = Mutex<(any ProgressReporter)?>(nil)

  /// Sends messages through a run's progress, which knows what is drawn; `nil` for plain lines.
  static func route(through reporter: (any ProgressReporter)?) {
    self.reporter.withLock { $0 = reporter }
  }

  /// Takes over the engine's messages from the level of ATTUNE_LOG up; warnings where it is unset.
  static func install() throws(CommandError) {
    Logger.setSink(minimum: try level()) { level, component, message in
      let stamp = TimeText.logStamp(TimeText.microseconds)
      let source = component.isEmpty ? "" : "\(component): "
      let line = "[\(letter(of: level)) \(stamp)] \(source)\(TextTable.oneLine(message))"
      if let reporter = reporter.withLock({ $0 }) {
        reporter.log(line)
      } else {
        StandardStream.error.writeLine(line)
      }
    }
  }

  private static func level() throws(CommandError) -> LogLevel {
    guard let text = Environment.log.value else { return .warning }
    let names: [String: LogLevel] = [
      "trace": .trace, "debug": .debug, "info": .info, "warn": .warning, "warning": .warning,
      "error": .error, "off": .off,
    ]
    guard let level = names[text.lowercased()] else {
      throw .usage(
        "ATTUNE_LOG is \"\(text)\", wanted trace, debug, info, warning, error or off")
    }
    return level
  }

  private static func letter(of level: LogLevel) -> String {
    switch level {
    case .trace: "T"
    case .debug: "D"
    case .info: "I"
    case .warning: "W"
    case .error, .off: "E"
    }
  }
}
