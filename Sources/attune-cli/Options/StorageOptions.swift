import ArgumentParser
import AttuneCore

/// Where a study is kept and what it is called.
struct StorageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File that keeps studies; its name ends in .jsonl. Several processes may use it at once. "
        + "Default: ATTUNE_STORAGE.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var storage: String?

  @Option(
    name: [.long, .customLong("study")],
    help: ArgumentHelp(
      "Name of the study. Default: ATTUNE_STUDY, or the only study of the file.",
      valueName: "name"))
  var studyName: String?

  /// The storage that is said, by option or environment.
  var chosenStorage: String? {
    (storage ?? Environment.storage.value).map { Self.resolved($0, in: ".") }
  }

  var chosenName: String? { studyName ?? Environment.study.value }

  /// The storage, without which this command has nothing to read.
  func required() throws(CommandError) -> String {
    guard let storage = chosenStorage, storage != "memory:" else {
      throw .usage(
        "no storage is given, wanted the file that keeps the study",
        hint: "--storage study.jsonl, or set ATTUNE_STORAGE")
    }
    return storage
  }

  /// A storage path from a folder; "memory:" and URLs stay.
  static func resolved(_ storage: String, in folder: String) -> String {
    storage == "memory:" || storage.contains("://")
      ? storage : FilePath.joined(storage, in: folder)
  }
}
