import AttuneCore

/// Where a database file is, and how long to wait for those who hold it.
struct SQLiteLocation: Sendable {
  let path: String
  /// Processes that start at once queue up: longer than all of them need.
  var timeoutMilliseconds: Int32 = 60_000

  init(path: String) { self.path = path }

  /// A URL in SQLAlchemy's notation: `sqlite:///relative.db`, `sqlite:////absolute.db`, with
  /// `?timeout=SECONDS` if others may hold the file for long.
  init(url: String, rest: Substring) throws(AttuneError) {
    func refuse(_ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "storage \"\(url)\": \(found), wanted \(wanted)", subject: "storage")
    }
    guard rest.hasPrefix("/") else {
      throw refuse("two slashes before the path", "sqlite:///file.db, or four for /absolute.db")
    }
    let parts = rest.dropFirst().split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    guard !path.isEmpty else { throw refuse("no path", "sqlite:///file.db") }
    guard parts.count == 2 else { return }
    for setting in parts[1].split(separator: "&") {
      let pair = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, pair[0] == "timeout", let seconds = Double(pair[1]), seconds >= 0,
        seconds <= 1_000_000
      else { throw refuse("found \"\(setting)\" behind \"?\"", "timeout=SECONDS") }
      timeoutMilliseconds = Int32(seconds * 1000)
    }
  }
}
