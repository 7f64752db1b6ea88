import ArgumentParser
import AttuneCore
import AttuneStorage

/// Where a study is kept and what it is called.
struct StorageOptions: ParsableArguments {
  /// Where studies are kept when nothing is said: in the folder that the command runs in.
  static let standard = "study.db"

  @Option(
    help: ArgumentHelp(
      "Where studies are kept: a file ending in .db, .sqlite or .sqlite3, or a URL: sqlite:///FILE or "
        + "postgresql://HOST/DATABASE. It is Optuna's database: both may use it, and several "
        + "processes at once. Default: ATTUNE_STORAGE, or study.db in this folder.",
      valueName: "storage"),
    completion: .file(extensions: ["db", "sqlite", "sqlite3"]))
  var storage: String?

  @Option(
    name: [.long, .customLong("study")],
    help: ArgumentHelp(
      "Name of the study. Default: ATTUNE_STUDY; else a run calls it after its objective, and other "
        + "commands take the only study of the storage.",
      valueName: "name"))
  var studyName: String?

  /// The storage that is said, by option or environment.
  var given: String? {
    (storage ?? Environment.storage.value).map { Self.resolved($0, in: ".") }
  }

  var chosenName: String? { studyName ?? Environment.study.value }

  /// The storage to write to, which need not be there yet.
  func writable() throws(CommandError) -> String {
    let storage = given ?? Self.standard
    guard storage != "memory:" else {
      throw .usage(
        "the storage is memory:, which ends with the command that fills it, wanted one that stays",
        hint: "--storage study.db, or set ATTUNE_STORAGE")
    }
    return storage
  }

  /// The storage to read, which must be there.
  func readable() throws(CommandError) -> String {
    let storage = try writable()
    // What is no storage at all is refused where it is opened.
    guard let file = (try? StorageAddress(storage))?.file, !TextFile.exists(file) else {
      return storage
    }
    guard given != nil else {
      throw .usage(
        "no storage is given, and this folder has no \(Self.standard)",
        hint: MissingStorage(file).hint ?? "--storage FILE, or set ATTUNE_STORAGE")
    }
    throw MissingStorage(file).error
  }

  /// A storage path from a folder; "memory:" and URLs stay.
  static func resolved(_ storage: String, in folder: String) -> String {
    storage == "memory:" || storage.contains("://")
      ? storage : FilePath.joined(storage, in: folder)
  }

  /// A storage for people to see: a URL without its password.
  static func shown(_ storage: String) -> String {
    // What is no storage is refused elsewhere, and not shown.
    (try? StorageAddress(storage))?.shown ?? "the storage"
  }
}
