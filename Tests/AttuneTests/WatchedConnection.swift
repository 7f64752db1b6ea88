import AttuneCore
import Testing

@testable import Attune
@testable import AttuneStorage

/// A connection that counts what goes through it, and can lose the answers to commits.
final class WatchedConnection: SQLConnection {
  private let inner: any SQLConnection
  private(set) var statements = 0
  private(set) var transactions = 0
  /// Whether the next commits, whose answers are lost, happen.
  var lost: [Bool] = []
  /// Whether there is a connection again at once.
  var comesBack = true
  private(set) var isCommitUnanswered = false

  init(_ inner: any SQLConnection) { self.inner = inner }

  func reset() { (statements, transactions) = (0, 0) }

  var dialect: any SQLDialect { inner.dialect }
  var place: String { inner.place }

  @discardableResult
  func run(
    _ statement: String, _ parameters: [SQLValue],
    row: (any SQLRow) throws(AttuneError) -> Void
  ) throws(AttuneError) -> Int {
    statements += 1
    return try inner.run(statement, parameters, row: row)
  }

  func runAll(_ writes: [SQLWrite]) throws(AttuneError) -> [Int64] {
    statements += inner is PostgresConnection ? 1 : writes.count
    return try inner.runAll(writes)
  }

  func runScript(_ statements: String) throws(AttuneError) { try inner.runScript(statements) }

  func begin(locking study: Int64?) throws(AttuneError) {
    transactions += 1
    isCommitUnanswered = false
    try inner.begin(locking: study)
  }

  func commit() throws(AttuneError) {
    guard !lost.isEmpty else { return try inner.commit() }
    if lost.removeFirst() { try inner.commit() } else { inner.rollback() }
    isCommitUnanswered = true
    throw AttuneError(.io, "the connection was lost")
  }

  func rollback() { inner.rollback() }

  func canRetry(attempt: Int) -> Bool { isCommitUnanswered && comesBack }

  func changeStamp() throws(AttuneError) -> Int64? { try inner.changeStamp() }
}

extension Samples {
  /// Opens a study through a connection that is watched.
  static func watched(_ storage: String) throws -> (Study, WatchedConnection) {
    let connection = WatchedConnection(try connection(storage))
    let recorded = try StudyDatabase.recorded(1, "study", connection)
    let (definition, text) = try #require(recorded)
    let store = SQLStore(connection, study: 1, definition, recorded: text, ownsTrials: true)
    let study = try Study(definition, store: store)
    try study.refresh()
    return (study, connection)
  }
}
