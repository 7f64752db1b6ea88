import AttuneCore

/// A study file: the long options of `attune run` as keys of a YAML or JSON mapping.
///
/// `_` and `-` in keys are the same. Paths count from the file's own folder.
struct StudyFile {
  let settings: RunSettings

  /// Whether an argument of `attune run` names a study file.
  static func isNamed(_ argument: String) -> Bool {
    [".yaml", ".yml", ".json"].contains { argument.hasSuffix($0) }
  }

  init(_ path: String) throws(CommandError) {
    let document = try Document(file: path)
    guard let members = document.root.members else {
      throw document.wanted("a mapping", for: "the study file", at: document.root)
    }
    let folder = FilePath.folder(of: path)
    if document.root["parameters"] != nil && document.root["space"] == nil {
      settings = try SweepFile(document, folder: folder).settings
      return
    }
    var reader = StudyFileReader(document, folder: folder)
    for member in members { try reader.read(member) }
    settings = try reader.finish()
  }
}
