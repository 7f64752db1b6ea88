import AttuneCore

/// An error that ends the command: one line for people, a hint, and the exit status.
struct CommandError: Error {
  let message: String
  /// What to try next, or `nil`.
  let hint: String?
  let status: ExitStatus
  /// Whether a study of that name exists.
  let isNameTaken: Bool

  init(
    _ message: String, hint: String? = nil, status: ExitStatus = .error, isNameTaken: Bool = false
  ) {
    self.isNameTaken = isNameTaken
    self.message = message
    self.hint = hint
    self.status = status
  }

  /// A mistake in what the user typed or wrote.
  static func usage(_ message: String, hint: String? = nil) -> CommandError {
    CommandError(message, hint: hint, status: .usage)
  }

  /// An error of the engine, with the exit status of its code.
  init(
    _ error: AttuneError, prefix: String = "", more: String = "", hint: String? = nil,
    isNameTaken: Bool = false
  ) {
    self.init(
      prefix + error.message + more, hint: hint, status: Self.status(of: error),
      isNameTaken: isNameTaken)
  }

  private static func status(of error: AttuneError) -> ExitStatus {
    let named = ["strategy", "pruner", "params.", "options."]
    return switch error.code {
    case .invalidArgument, .typeMismatch: .usage
    // An unknown name among known ones is a slip of the hand.
    case .notFound where named.contains(where: error.subject.hasPrefix): .usage
    case .exhausted: .exhausted
    default: .error
    }
  }

  /// The line for stderr, without its end.
  var line: String {
    "attune: error: \(message)" + (hint.map { " (hint: \($0))" } ?? "")
  }
}
