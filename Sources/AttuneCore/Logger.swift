import Synchronization

/// Where the library's messages go: one sink for the process, warnings to standard error by default.
///
/// The sink gets one whole message a call, from any thread but never from two at once. No lock is
/// held while it runs, so it may log itself; such a message comes after.
public enum Logger {
  /// What gets the messages.
  public typealias Sink = @Sendable (LogLevel, _ component: String, _ message: String) -> Void

  private struct State {
    var minimum = LogLevel.warning
    var sink: Sink = standardSink
    var waiting: [(LogLevel, String, String)] = []
    var isDraining = false
  }

  private static let state = Mutex(State())
  private static let standardSink: Sink = { level, component, message in
    writeToStandardError("attune: \(level): \(component): \(message)\n")
  }

  /// Sets the sink, standard error for `nil`, and the least level it gets.
  public static func setSink(minimum: LogLevel, _ sink: Sink?) {
    // The old sink may run foreign code when it goes: let it go outside the lock.
    let old = state.withLock { state in
      defer {
        state.minimum = minimum
        state.sink = sink ?? standardSink
      }
      return state.sink
    }
    withExtendedLifetime(old) {}
  }

  /// Logs one message without a newline at its end.
  public static func log(_ level: LogLevel, component: String, _ message: String) {
    enqueue(level, component: component, message)
    flush()
  }

  /// Keeps a message until the next `log` or `flush`: for code that holds a lock.
  public static func enqueue(_ level: LogLevel, component: String, _ message: String) {
    state.withLock { state in
      guard level >= state.minimum, level != .off else { return }
      state.waiting.append((level, component, message))
    }
  }

  /// Hands out what waits, unless another thread is doing so already. Not under a lock.
  public static func flush() {
    let drains = state.withLock { state in
      guard !state.isDraining, !state.waiting.isEmpty else { return false }
      state.isDraining = true
      return true
    }
    if drains { drain() }
  }

  /// Hands out what waits, on the thread that found nobody else doing so.
  private static func drain() {
    while true {
      let next = state.withLock { state -> (Sink, [(LogLevel, String, String)])? in
        guard !state.waiting.isEmpty else {
          state.isDraining = false
          return nil
        }
        defer { state.waiting = [] }
        return (state.sink, state.waiting)
      }
      guard let (sink, messages) = next else { return }
      for (level, component, message) in messages { sink(level, component, message) }
    }
  }
}
