import Attune
import AttuneCore

extension StorageOptions {
  /// Opens the study that is said, or the only one of the file.
  func open() throws -> Study {
    let storage = try required()
    do {
      return try Study.open(storage: storage, name: chosenName)
    } catch where error.code == .notFound {
      throw CommandError(error, hint: "attune studies --storage \(Shell.quoted(storage))")
    }
  }
}
