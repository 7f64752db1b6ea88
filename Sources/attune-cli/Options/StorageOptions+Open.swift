import Attune
import AttuneCore

extension StorageOptions {
  /// Opens the study that is said, or the only one of the file.
  func open() throws(CommandError) -> Study {
    let storage = try readable()
    do {
      return try Study.open(storage: storage, name: chosenName)
    } catch {
      throw CommandError(error, hint: Self.hint(for: error, in: storage))
    }
  }

  /// What to try next when a storage that is there does not give the study; `nil` where the error says
  /// all.
  static func hint(for error: AttuneError, in storage: String) -> String? {
    switch error.code {
    case .notFound: "attune studies\(option(for: storage)) lists what there is"
    case .invalidArgument where error.subject == storage: "--study-name NAME"
    case .io where storage == standard: "--storage FILE keeps the study elsewhere"
    default: nil
    }
  }

  /// The option that has a command find a storage again, with a space before it; empty where it would
  /// anyway.
  static func option(for storage: String) -> String {
    guard storage != standard || Environment.storage.value != nil else { return "" }
    return " --storage \(Shell.quoted(shown(storage)))"
  }
}
