import AttuneCore

/// What a PostgreSQL server or libpq said, by its SQLSTATE.
struct PostgresError {
  /// Five letters, or "" where the server did not answer.
  let state: String
  /// On one line, without a password.
  let message: String
  let isConnectionLost: Bool

  /// Whether doing the transaction again may succeed.
  var isTransient: Bool {
    // Serialization failure and deadlock; too many connections; the server stops or starts.
    isConnectionLost || ["40001", "40P01", "53300", "57P01", "57P02", "57P03"].contains(state)
      || state.hasPrefix("08")
  }

  func attune(_ place: String) -> AttuneError {
    let code: AttuneError.Code
    var text = message
    switch state {
    case "23505": code = .alreadyExists
    case "55P03", "57014": code = .timeout
    case "53100":
      code = .io
      text = "no space is left on the server: \(message)"
    case "25006":
      code = .io
      text = "the database is read-only: \(message)"
    case "42501":
      code = .storage
      text = "the user lacks a right: \(message)"
    case _ where isTransient || state.isEmpty || state.hasPrefix("53") || state.hasPrefix("58"):
      code = .io
    default: code = .storage
    }
    let suffix = state.isEmpty ? "" : " (SQLSTATE \(state))"
    return AttuneError(code, "\(place): \(text)\(suffix)", subject: place)
  }
}
