import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A PostgreSQL database, reached through libpq.
///
/// A connection that is lost is made again, with patience: servers restart. What a transaction did before
/// is then done again by `transaction`, unless it is seen that a commit happened whose answer was lost.
final class PostgresConnection: SQLConnection {
  let dialect: any SQLDialect = PostgresDialect()
  var place: String { url.place }
  let url: PostgresURL
  let library: PostgresLibrary
  var connection: PostgresLibrary.Connection?
  var isInTransaction = false
  var isCommitUnanswered = false
  /// The server's words for the session that there is, or was.
  private var session = ""
  /// Whether the last error may be gone when the transaction is done again.
  var isTransient = false
  /// When the transaction that is being done again failed first.
  var retryingSince = 0.0
  /// SQLSTATE of the last error.
  private var lastState = ""
  /// The names of prepared statements by their text.
  private var statements: [String: String] = [:]
  private var buffer: [CChar] = []

  /// Connects to the server.
  init(_ url: PostgresURL) throws(AttuneError) {
    self.url = url
    library = try PostgresLibrary.open()
    try connect()
  }

  deinit { library.finish(connection) }

  // MARK: - Statements

  @discardableResult
  func run(
    _ text: String, _ parameters: [SQLValue], row: (any SQLRow) throws(AttuneError) -> Void
  ) throws(AttuneError) -> Int {
    let result = try result(of: text, parameters)
    defer { library.clear(result) }
    for index in 0..<library.rowCount(result) {
      try row(PostgresRow(library: library, result: result, index: index))
    }
    let changed = library.changedRows(result).map { String(cString: $0) } ?? ""
    return Int(changed) ?? 0
  }

  private func result(
    of text: String, _ parameters: [SQLValue]
  ) throws(AttuneError) -> PostgresLibrary.Result? {
    var attempt = 0
    while true {
      do throws(AttuneError) {
        try reconnectIfIdle()
        return try checked(execute(try prepared(text), parameters))
      } catch {
        attempt += 1
        // Alone, a query may be asked again; anything else only with its whole transaction.
        guard !isInTransaction, text.hasPrefix("SELECT"), canRetry(attempt: attempt) else {
          throw error
        }
      }
    }
  }

  func runScript(_ statements: String) throws(AttuneError) {
    try reconnectIfIdle()
    do throws(AttuneError) {
      library.clear(try checked(library.execute(connection, statements)))
    } catch {
      // Two make the same tables at once: the second finds them when it looks again.
      if ["42P07", "42710", "23505", "42723"].contains(lastState) { isTransient = true }
      throw error
    }
  }

  private func prepared(_ text: String) throws(AttuneError) -> String {
    if let name = statements[text] { return name }
    let name = "attune_\(statements.count)"
    library.clear(try checked(library.prepare(connection, name, text, 0, nil)))
    statements[text] = name
    return name
  }

  /// Runs a prepared statement with its parameters as text.
  private func execute(_ name: String, _ parameters: [SQLValue]) -> PostgresLibrary.Result? {
    buffer.removeAll(keepingCapacity: true)
    var starts: [Int?] = []
    starts.reserveCapacity(parameters.count)
    for value in parameters {
      if value == .null {
        starts.append(nil)
        continue
      }
      starts.append(buffer.count)
      append(value)
      buffer.append(0)
    }
    return buffer.withUnsafeBufferPointer { bytes in
      let texts = starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } }
      return texts.withUnsafeBufferPointer {
        library.executePrepared(
          connection, name, Int32(parameters.count), $0.baseAddress, nil, nil, 0)
      }
    }
  }

  private func append(_ value: SQLValue) {
    switch value {
    case .null, .newID: break
    case .int(let number): append(String(number).utf8)
    case .double(let number):
      let words = number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
      append((number.isFinite ? "\(number)" : words).utf8)
    case .text(let text): append(text.utf8)
    case .utf8(let bytes): append(bytes)
    }
  }

  /// A text ends at a NUL, which PostgreSQL cannot keep; no JSON and no name has one.
  private func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { buffer.append(CChar(bitPattern: byte)) }
  }

  /// The result of a call, or its error.
  func checked(
    _ result: PostgresLibrary.Result?
  ) throws(AttuneError) -> PostgresLibrary.Result? {
    let status = library.resultStatus(result)
    if status == PostgresCode.commandDone || status == PostgresCode.rowsFollow { return result }
    defer { library.clear(result) }
    throw failure(result)
  }

  private func failure(_ result: PostgresLibrary.Result?) -> AttuneError {
    let isLost = library.status(connection) != PostgresCode.connectionIsGood
    let state = library.resultErrorField(result, PostgresCode.sqlState).map { String(cString: $0) }
    let said =
      library.resultErrorField(result, PostgresCode.primaryMessage)
      ?? library.errorMessage(connection)
    let error = PostgresError(
      state: state ?? "", message: url.shown(said.map { String(cString: $0) } ?? "no reason given"),
      isConnectionLost: isLost)
    isTransient = error.isTransient
    lastState = error.state
    return error.attune(place)
  }

  // MARK: - Connecting

  /// Makes a connection that replaces the one there is.
  func connect() throws(AttuneError) {
    library.finish(connection)
    connection = nil
    statements = [:]
    let settings: [(String, String)] = [
      ("connect_timeout", "10"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
      ("keepalives_count", "3"), ("fallback_application_name", "attune"),
      // What the URL says goes before what is said so far, but not before this.
      ("dbname", url.connection), ("client_encoding", "UTF8"),
    ]
    let made = settings.map(\.0).withCStrings { keys in
      settings.map(\.1).withCStrings { values in library.connect(keys, values, 1) }
    }
    guard library.status(made) == PostgresCode.connectionIsGood else {
      let said = library.errorMessage(made).map { String(cString: $0) } ?? "no memory"
      library.finish(made)
      isTransient = true
      throw AttuneError(
        .io, "\(place): cannot connect: \(url.shown(said))", subject: place)
    }
    connection = made
    // What matters comes as an error; the rest does not belong on the host's standard error.
    _ = library.setNoticeReceiver(made, { _, _ in }, nil)
    // Doubles come back to the bit, times in the form Optuna writes.
    library.clear(
      try checked(library.execute(made, "SET extra_float_digits = 3; SET datestyle = ISO")))
    do throws(AttuneError) {
      try endLostSession()
    } catch {
      library.finish(made)
      connection = nil
      throw error
    }
  }

  /// Ends the session whose connection was lost, and waits until it is gone: it may be committing still, or
  /// hold locks for as long as its server believes in it.
  private func endLostSession() throws(AttuneError) {
    let name = "pid || ' ' || extract(epoch FROM backend_start)"
    let sessions = "FROM pg_stat_activity WHERE"
    let mine = try texts("SELECT \(name) \(sessions) pid = pg_backend_pid()")
    let end = "SELECT pg_terminate_backend(pid)::text \(sessions) \(name) = '\(session)'"
    var waits = 0
    while !session.isEmpty, try !texts(end).isEmpty {
      waits += 1
      guard waits < 2_000 else {
        isTransient = true
        throw AttuneError(.io, "\(place): the session that was lost does not end", subject: place)
      }
      Self.sleep(0.005)
    }
    session = mine.first ?? ""
  }

  /// The first column of a query that is made once for each connection.
  private func texts(_ query: String) throws(AttuneError) -> [String] {
    let result = try checked(library.execute(connection, query))
    defer { library.clear(result) }
    return (0..<library.rowCount(result)).map { index in
      PostgresRow(library: library, result: result, index: index).text(0) ?? ""
    }
  }

  /// Connects again when the connection broke since the last transaction.
  func reconnectIfIdle() throws(AttuneError) {
    let isGood = library.status(connection) == PostgresCode.connectionIsGood
    guard connection == nil || !isGood else { return }
    guard !isInTransaction else {
      isTransient = true
      throw AttuneError(.io, "\(place): the connection was lost", subject: place)
    }
    try connect()
  }
}

/// One row of a result that libpq holds.
private struct PostgresRow: SQLRow {
  let library: PostgresLibrary
  let result: PostgresLibrary.Result?
  let index: Int32

  func int(_ column: Int) -> Int64? { text(column).flatMap { Int64($0) } }

  func double(_ column: Int) -> Double? { text(column).flatMap { Double($0) } }

  func text(_ column: Int) -> String? {
    withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  func bytes(_ column: Int) -> [UInt8]? { withBytes(column) { [UInt8]($0) } }

  private func withBytes<Value>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) -> Value
  ) -> Value? {
    let column = Int32(column)
    guard library.isNull(result, index, column) == 0,
      let start = library.value(result, index, column)
    else { return nil }
    return body(
      UnsafeRawBufferPointer(start: start, count: Int(library.length(result, index, column))))
  }
}

extension [String] {
  /// The texts as C strings, ended by a null pointer.
  fileprivate func withCStrings<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let copies = map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
