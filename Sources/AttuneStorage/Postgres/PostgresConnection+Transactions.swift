import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Transactions that outlive the server they began on.
extension PostgresConnection {
  func begin(locking study: Int64?) throws(AttuneError) {
    isTransient = false
    isCommitUnanswered = false
    isInTransaction = false
    try reconnectIfIdle()
    // As Optuna does to give trials their numbers.
    let lock = study.map { "; SELECT FROM studies WHERE study_id = \($0) FOR UPDATE" } ?? ""
    library.clear(
      try checked(library.execute(connection, "BEGIN ISOLATION LEVEL READ COMMITTED" + lock)))
    isInTransaction = true
  }

  func commit() throws(AttuneError) {
    guard isInTransaction else {
      throw AttuneError(.internal, "\(place): a commit without a transaction")
    }
    defer { isInTransaction = false }
    do throws(AttuneError) {
      library.clear(try checked(library.execute(connection, "COMMIT")))
    } catch {
      // Its number would not tell: a server that died may have given it to another transaction since.
      isCommitUnanswered = library.status(connection) != PostgresCode.connectionIsGood
      throw error
    }
  }

  func rollback() {
    isInTransaction = false
    guard library.status(connection) == PostgresCode.connectionIsGood,
      library.transactionStatus(connection) != PostgresCode.transactionIdle
    else { return }
    library.clear(library.execute(connection, "ROLLBACK"))
  }

  func listener() -> (any SQLListener)? { PostgresListener(url) }

  /// Other sessions' commits are seen by reading alone.
  func changeStamp() throws(AttuneError) -> Int64? { nil }

  /// Whether a transaction that failed so may succeed when all of it is done again: then this has waited,
  /// and there is a connection.
  func canRetry(attempt: Int) -> Bool {
    if attempt == 1 { retryingSince = monotonicSeconds() }
    guard isTransient, monotonicSeconds() - retryingSince < Self.patience else { return false }
    if library.status(connection) != PostgresCode.connectionIsGood {
      // Why it failed is said by the error at hand.
      return (try? connectPatiently()) != nil
    }
    Self.sleep(0.002 * Double(1 << min(attempt, 8)) * Double.random(in: 0.5...1.5))
    return true
  }

  /// Seconds that a server may take to come back, and that a transaction is tried for.
  private static var patience: Double { 120 }

  private func connectPatiently() throws(AttuneError) {
    let end = monotonicSeconds() + Self.patience
    var delay = 0.05
    Logger.enqueue(
      .warning, component: "storage", "\(place): the connection was lost, connecting again")
    while true {
      do throws(AttuneError) {
        try connect()
        isTransient = true
        return
      } catch {
        guard monotonicSeconds() + delay < end else { throw error }
        Self.sleep(delay * Double.random(in: 0.5...1.5))
        delay = min(delay * 2, 2)
      }
    }
  }

  static func sleep(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }
}
