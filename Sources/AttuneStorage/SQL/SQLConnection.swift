import AttuneCore

/// One connection to a database: what a `StudyStore` in SQL needs of SQLite, PostgreSQL and the like.
///
/// Used by one thread at a time. Statements number their parameters `$1`, `$2`... in the order they
/// first appear, a notation that all databases here share; the same text is prepared once and kept.
/// A failed statement leaves the transaction to be rolled back by the caller.
///
/// Errors: `alreadyExists` where a unique key is taken, `io` where the disk or the connection fails,
/// `storage` where others hold a lock too long and for the rest. Their texts name `place`.
protocol SQLConnection: AnyObject {
  var dialect: any SQLDialect { get }

  /// The path, or the URL without its password: for error texts.
  var place: String { get }

  /// The path of the file that is the database, if it is one.
  var file: String? { get }

  /// Runs one statement, hands each row of its result to `row`, and gives how many rows it changed.
  @discardableResult
  func run(
    _ statement: String, _ parameters: [SQLValue],
    row: (any SQLRow) throws(AttuneError) -> Void
  ) throws(AttuneError) -> Int

  /// Runs statements without parameters or results, one after another.
  func runScript(_ statements: String) throws(AttuneError)

  /// Runs writes in order, and gives for each the number that it returned, or how many rows it changed.
  func runAll(_ writes: [SQLWrite]) throws(AttuneError) -> [Int64]

  /// Begins a transaction that reads and writes, and shuts others out of a study until it ends; where the
  /// database has only one writer, waits to be it.
  func begin(locking study: Int64?) throws(AttuneError)

  func commit() throws(AttuneError)

  /// Whether the last commit failed without an answer: the database alone knows whether it happened.
  /// It is over in any case when the connection is used again.
  var isCommitUnanswered: Bool { get }

  /// Gives a transaction up. Never fails: what is broken says so at the next call.
  func rollback()

  /// Whether the transaction that failed last may succeed when all of it is done again; waits until then.
  /// `attempt` counts from 1.
  func canRetry(attempt: Int) -> Bool

  /// Hears of others' events as they come; `nil` where the database does not tell.
  func listener() -> (any SQLListener)?

  /// A number that differs from the last one when another connection has committed since; `nil` where
  /// the database does not tell. Asked inside a transaction.
  func changeStamp() throws(AttuneError) -> Int64?
}

extension SQLConnection {
  var file: String? { nil }

  /// A file tells nobody.
  func listener() -> (any SQLListener)? { nil }

  /// A file is there or not.
  var isCommitUnanswered: Bool { false }

  /// Each by itself.
  func runAll(_ writes: [SQLWrite]) throws(AttuneError) -> [Int64] {
    var results: [Int64] = []
    for write in writes {
      let parameters = write.parameters.map { value in
        value == .newID ? .int(orNull: results.first) : value
      }
      guard let column = write.returning else {
        results.append(Int64(try run(write.text, parameters)))
        continue
      }
      results.append(try int("\(write.text) RETURNING \(column)", parameters) ?? 0)
    }
    return results
  }

  /// Most databases say no the same way twice.
  func canRetry(attempt: Int) -> Bool { false }

  /// Runs one statement that gives no rows.
  @discardableResult
  func run(_ statement: String, _ parameters: [SQLValue] = []) throws(AttuneError) -> Int {
    try run(statement, parameters) { _ in }
  }

  /// The whole number in the first column of the first row; `nil` for NULL or no row.
  func int(_ statement: String, _ parameters: [SQLValue] = []) throws(AttuneError) -> Int64? {
    var found: Int64?
    try run(statement, parameters) { row in if found == nil { found = row.int(0) } }
    return found
  }

  /// The texts in the first column.
  func texts(_ statement: String, _ parameters: [SQLValue] = []) throws(AttuneError) -> [String] {
    var found: [String] = []
    try run(statement, parameters) { row in if let text = row.text(0) { found.append(text) } }
    return found
  }

  /// Runs `body` in a transaction: all of it happens, or nothing.
  ///
  /// Databases on other machines may ask for the whole again: then `body` runs anew, and must not count on
  /// what it did before. Where a commit got no answer, it does so unless `happened` finds its traces; a
  /// body that may be done twice needs none.
  func transaction<Result>(
    _ body: () throws(AttuneError) -> Result,
    unless happened: () throws(AttuneError) -> Bool = { () throws(AttuneError) in false }
  ) throws(AttuneError) -> Result {
    var attempt = 0
    while true {
      var done: Result?
      do throws(AttuneError) {
        try begin(locking: nil)
        let result = try body()
        done = result
        try commit()
        return result
      } catch {
        let isUnanswered = isCommitUnanswered
        rollback()
        attempt += 1
        guard canRetry(attempt: attempt) else { throw error }
        if isUnanswered, let done, try happened() { return done }
      }
    }
  }
}

/// Waits for news of a study, beside the connection that works on it.
protocol SQLListener: AnyObject {
  /// Returns when somebody has added events to a study, or after so many seconds.
  func wait(for study: Int64, seconds: Double) throws(AttuneError)
}

/// One row of a result, readable only while its closure runs. Columns count from 0.
///
/// A column read as another type than it has gives its value where the database can convert it; NULL
/// gives `nil`.
protocol SQLRow {
  func int(_ column: Int) -> Int64?
  func double(_ column: Int) -> Double?
  func text(_ column: Int) -> String?
  /// The bytes of a text.
  func bytes(_ column: Int) -> [UInt8]?
}

/// A parameter of a statement.
enum SQLValue: Sendable, Hashable {
  case null
  case int(Int64)
  case double(Double)
  case text(String)
  /// A text in UTF-8.
  case utf8([UInt8])
  /// Among several writes: what the first of them returns.
  case newID
}

/// A statement that writes, among several that go to the database together where it can take them so.
struct SQLWrite {
  /// Others of the same table cannot go with it.
  let table: String
  let text: String
  var parameters: [SQLValue]
  /// A column of the one row it makes.
  var returning: String?
  /// What it means when it changes nothing.
  var conflict: AttuneError?
}

extension SQLValue {
  /// A text, or NULL.
  static func text(orNull text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

  /// Whole numbers as a list in JSON: see `SQLDialect.isListed`.
  static func list(_ numbers: some Sequence<Int64>) -> SQLValue {
    .text("[\(numbers.map(String.init).joined(separator: ","))]")
  }

  /// A number, or NULL.
  static func int(orNull number: Int64?) -> SQLValue { number.map(SQLValue.int) ?? .null }
}
