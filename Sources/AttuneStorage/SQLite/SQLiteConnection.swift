import AttuneCore
import CSQLite

/// A database file, opened by SQLite. The only code that calls it, with `SQLiteError`.
///
/// In WAL mode, where readers and the one writer do not wait for each other, and where a commit
/// survives the death of the process at once.
final class SQLiteConnection: SQLConnection {
  let dialect: any SQLDialect = SQLiteDialect()
  let place: String
  var file: String? { place.hasPrefix(":") ? nil : place }
  private let database: OpaquePointer
  /// Prepared statements by their text.
  private var statements: [String: OpaquePointer] = [:]

  /// Opens the file; `notFound` when it is absent, unless `creates`.
  init(_ location: SQLiteLocation, creates: Bool, durability: Durability) throws(AttuneError) {
    place = location.path
    // The owner locks: SQLite need not do so again.
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
      | (creates ? SQLITE_OPEN_CREATE : 0)
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(location.path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      defer { sqlite3_close_v2(opened) }
      throw SQLiteError.opening(location.path, code, database: opened, creates: creates)
    }
    database = opened
    sqlite3_busy_timeout(database, location.timeoutMilliseconds)
    // From here on `deinit` closes, also where this throws.
    try useWAL()
    try runScript("PRAGMA synchronous=\(durability == .full ? "FULL" : "NORMAL")")
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(database)
  }

  /// Changing the mode wants the file for itself and does not wait for it: try until it has it.
  private func useWAL() throws(AttuneError) {
    var waited: Int32 = 0
    let limit = try int("PRAGMA busy_timeout") ?? 0
    while true {
      do throws(AttuneError) {
        let mode = try texts("PRAGMA journal_mode=WAL").first
        guard mode == "wal" || mode == "memory" else {
          throw AttuneError(
            .storage, "\(place): its journal mode is \(mode ?? "unknown"), wanted wal",
            subject: place)
        }
        return
      } catch {
        let isBusy = sqlite3_errcode(database) & 0xFF == SQLITE_BUSY
        guard isBusy, Int64(waited) < limit else { throw error }
        sqlite3_sleep(5)
        waited += 5
      }
    }
  }

  // MARK: - Statements

  @discardableResult
  func run(
    _ text: String, _ parameters: [SQLValue], row: (any SQLRow) throws(AttuneError) -> Void
  ) throws(AttuneError) -> Int {
    let statement = try prepared(text)
    defer {
      sqlite3_reset(statement)
      if !parameters.isEmpty { sqlite3_clear_bindings(statement) }
    }
    for (index, value) in parameters.enumerated() {
      let code = bind(value, Int32(index + 1), statement)
      guard code == SQLITE_OK else { throw failure(code) }
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try row(SQLiteRow(statement: statement))
      case SQLITE_DONE: return Int(sqlite3_changes64(database))
      case let code: throw failure(code)
      }
    }
  }

  func runScript(_ statements: String) throws(AttuneError) {
    let code = sqlite3_exec(database, statements, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func prepared(_ text: String) throws(AttuneError) -> OpaquePointer {
    if let statement = statements[text] { return statement }
    var made: OpaquePointer?
    let code = sqlite3_prepare_v3(
      database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard code == SQLITE_OK else { throw failure(code) }
    guard let made else {
      throw AttuneError(.internal, "\(place): an empty statement, wanted SQL")
    }
    statements[text] = made
    return made
  }

  private func bind(_ value: SQLValue, _ index: Int32, _ statement: OpaquePointer) -> Int32 {
    switch value {
    case .null, .newID: sqlite3_bind_null(statement, index)
    case .int(let number): sqlite3_bind_int64(statement, index, number)
    case .double(let number): sqlite3_bind_double(statement, index, number)
    case .text(var text):
      text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { chars in
          bind(chars, index, statement)
        }
      }
    case .utf8(let bytes):
      bytes.withUnsafeBytes { bind($0.bindMemory(to: CChar.self), index, statement) }
    }
  }

  private func bind(
    _ chars: UnsafeBufferPointer<CChar>, _ index: Int32, _ statement: OpaquePointer
  ) -> Int32 {
    // An empty text is no NULL, which a missing base address would mean.
    guard let base = chars.baseAddress else {
      return attune_sqlite_bind_text(statement, index, "", 0)
    }
    return attune_sqlite_bind_text(statement, index, base, UInt64(chars.count))
  }

  private func failure(_ code: Int32) -> AttuneError {
    SQLiteError.running(place, code, database: database)
  }

  // MARK: - Transactions

  func begin(locking study: Int64?) throws(AttuneError) {
    // SQLite goes on writing to a file that has no name any more.
    var hasMoved: Int32 = 0
    sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    guard hasMoved == 0 else { throw SQLiteError.deleted(place) }
    try run("BEGIN IMMEDIATE")
  }

  func commit() throws(AttuneError) { try run("COMMIT") }

  func rollback() {
    // Errors such as a full disk end the transaction by themselves.
    guard sqlite3_get_autocommit(database) == 0 else { return }
    sqlite3_exec(database, "ROLLBACK", nil, nil, nil)
  }

  func changeStamp() throws(AttuneError) -> Int64? { try int("PRAGMA data_version") }
}

/// The row a statement of SQLite stands at.
private struct SQLiteRow: SQLRow {
  let statement: OpaquePointer

  private func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  func int(_ column: Int) -> Int64? {
    isNull(column) ? nil : sqlite3_column_int64(statement, Int32(column))
  }

  func double(_ column: Int) -> Double? {
    isNull(column) ? nil : sqlite3_column_double(statement, Int32(column))
  }

  func text(_ column: Int) -> String? {
    isNull(column) ? nil : withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  func bytes(_ column: Int) -> [UInt8]? {
    isNull(column) ? nil : withBytes(column) { [UInt8]($0) }
  }

  private func withBytes<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    // The text first: it decides what is counted.
    let start = sqlite3_column_text(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
