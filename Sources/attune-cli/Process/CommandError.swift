import AttuneCore

/// An error that ends the command: one line for people, a hint, and the exit status.
struct CommandError: Error {
  let message: String
  /// What to try next, or `nil`.
  let hint: String?
  let status: ExitStatus

  init(_ message: String, hint: String? = nil, status: ExitStatus = .error) {
    self.message = message
    self.hint = hint
    self.status = status
  }

  /// A mistake in what the user typed or wrote.
  static func usage(_ message: String, hint: String? = nil) -> CommandError {
    CommandError(message, hint: hint, status: .usage)
  }

  /// An error of the engine, with the exit status of its code.
  init(_ error: AttuneError, prefix: String = "", hint: String? = nil) {
    self.init(prefix + error.message, hint: hint, status: Self.status(of: error.code))
  }

  private static func status(of code: AttuneError.Code) -> ExitStatus {
    switch code {
    case .invalidArgument, .typeMismatch: .usage
    case .exhausted: .exhausted
    default: .error
    }
  }

  /// The line for stderr, without its end.
  var line: String {
    "attune: error: \(message)" + (hint.map { " (hint: \($0))" } ?? "")
  }
}
