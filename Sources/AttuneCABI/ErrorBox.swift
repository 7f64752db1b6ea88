import AttuneCore

/// What an `attune_error` handle stands for.
final class ErrorBox: Handled {
  static let kind = HandleKind.error
  let error: AttuneError

  init(_ error: AttuneError) { self.error = error }
}
