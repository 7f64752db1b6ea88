import Glibc

/// The variables that stand in for options which are not given.
enum Environment: String, CaseIterable {
  case storage = "ATTUNE_STORAGE"
  case study = "ATTUNE_STUDY"
  case seed = "ATTUNE_SEED"
  case log = "ATTUNE_LOG"

  /// The variable's text; `nil` when unset or empty.
  var value: String? {
    guard let text = getenv(rawValue) else { return nil }
    let value = String(cString: text)
    return value.isEmpty ? nil : value
  }
}
