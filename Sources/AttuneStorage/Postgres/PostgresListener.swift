import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection of its own that hears when others add events (see the trigger in `PostgresDialect`).
final class PostgresListener: SQLListener {
  private let url: PostgresURL
  private var connection: PostgresConnection?

  init(_ url: PostgresURL) { self.url = url }

  /// What libpq hands over for a notification.
  private struct Notification {
    let channel: UnsafePointer<CChar>?
    let process: Int32
    let text: UnsafePointer<CChar>?
  }

  func wait(for study: Int64, seconds: Double) throws(AttuneError) {
    let connection = try listening()
    let library = connection.library
    let end = monotonicSeconds() + seconds
    while !hasNews(of: study, connection) {
      let left = end - monotonicSeconds()
      guard left > 0 else { return }
      var descriptor = pollfd(
        fd: library.socket(connection.connection), events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, Int32(left * 1000) + 1) > 0 else { return }
      guard library.consumeInput(connection.connection) == 1 else {
        // Lost: who waits looks for itself, and the next wait connects again.
        self.connection = nil
        return
      }
    }
  }

  private func listening() throws(AttuneError) -> PostgresConnection {
    if let connection { return connection }
    let made = try PostgresConnection(url)
    try made.runScript("LISTEN attune_events")
    connection = made
    return made
  }

  /// Takes all notifications that have come; whether one was of the study.
  private func hasNews(of study: Int64, _ connection: PostgresConnection) -> Bool {
    var isNews = false
    while let found = connection.library.notifications(connection.connection) {
      let text = found.assumingMemoryBound(to: Notification.self).pointee.text
      if text.map({ String(cString: $0) }) == String(study) { isNews = true }
      connection.library.free(found)
    }
    return isNews
  }
}
