import AttuneCore

/// The tables of a database: made where they are missing, and refused where they are of another version.
struct OptunaSchema {
  let connection: any SQLConnection

  /// What Optuna 5 calls its tables; unchanged since 3.2.
  static let stamp = "v3.2.0.a"
  /// Optuna's older count of versions, frozen for ever.
  static let version: Int64 = 12
  /// The version of Optuna whose tables these are: from 5 on, times are UTC.
  static let library = "5.0.0"
  /// The version of the `attune_*` tables, recorded with each study.
  static let format: Int64 = 1

  /// Makes the tables that are missing. Inside a transaction.
  func make() throws(AttuneError) {
    let tables = try tables()
    if !tables.contains("studies") {
      try connection.runScript(connection.dialect.optunaTables)
      try connection.run(
        "INSERT INTO version_info (version_info_id, schema_version, library_version) "
          + "VALUES (1, $1, $2)", [.int(Self.version), .text(Self.library)])
      try connection.run(
        "INSERT INTO alembic_version (version_num) VALUES ($1)", [.text(Self.stamp)])
    } else {
      try check(tables)
    }
    if !tables.contains("attune_studies") {
      try connection.runScript(connection.dialect.attuneTables)
    }
  }

  /// Whether there are studies' tables at all; fails where they are of another version.
  func isThere() throws(AttuneError) -> Bool {
    let tables = try tables()
    guard tables.contains("studies") else { return false }
    try check(tables)
    return true
  }

  /// Whether the `attune_*` tables are there, which Optuna does not make.
  func hasAttuneTables() throws(AttuneError) -> Bool { try tables().contains("attune_studies") }

  private func tables() throws(AttuneError) -> Set<String> {
    Set(try connection.texts(connection.dialect.tableNames))
  }

  private func check(_ tables: Set<String>) throws(AttuneError) {
    let stamps =
      tables.contains("alembic_version")
      ? try connection.texts("SELECT version_num FROM alembic_version") : []
    guard stamps != [Self.stamp] else { return }
    let found = stamps.first ?? "missing"
    let isNewer = stamps.first.map { Self.isNewer($0) } ?? false
    throw AttuneError(
      .storage,
      "\(connection.place): its tables have version \(found), wanted \(Self.stamp): "
        + (isNewer
          ? "a newer Optuna or Attune made them"
          : "bring them up to date with optuna storage upgrade"),
      subject: connection.place)
  }

  /// Versions read `v3.2.0.a`: numbers, then a letter.
  private static func isNewer(_ stamp: String) -> Bool {
    func parts(_ text: String) -> [String] {
      text.drop { $0 == "v" }.split(separator: ".").map { part in
        String(repeating: "0", count: max(0, 6 - part.utf8.count)) + part
      }
    }
    return Self.stamp != stamp && parts(Self.stamp).lexicographicallyPrecedes(parts(stamp))
  }

  /// Fails for a study that a newer version recorded.
  func check(format: Int64, of name: String) throws(AttuneError) {
    guard format > Self.format else { return }
    throw AttuneError(
      .storage,
      "\(connection.place): study \"\(name)\" was written by a newer Attune: format \(format), "
        + "wanted at most \(Self.format)", subject: connection.place)
  }
}
