import Attune
import AttuneCore

extension StorageOptions {
  /// Opens the study that is said, or the only one of the file.
  func open() throws(CommandError) -> Study {
    let storage = try required()
    do {
      return try Study.open(storage: storage, name: chosenName)
    } catch {
      let hint = "attune studies --storage \(Shell.quoted(storage))"
      throw CommandError(error, hint: error.code == .notFound ? hint : nil)
    }
  }
}
