import ArgumentParser
import Attune
import AttuneCore

/// Reads a study that was exported.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a study that `attune export` wrote.")

  @OptionGroup var storage: StorageOptions

  @Argument(
    help: ArgumentHelp("A JSON file; - is standard input.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var file: String

  func run() throws {
    let target = try storage.required()
    let text = try TextFile.read(file)
    let study = try read(text, into: target)
    defer { study.close() }
    let trials = study.trialCount == 1 ? "1 trial" : "\(study.trialCount) trials"
    StandardStream.output.writeLine("study \(study.name) with \(trials) imported")
  }

  private func read(_ text: String, into target: String) throws(CommandError) -> Study {
    do {
      return try Study.importJSON(text, storage: target, name: storage.studyName)
    } catch {
      if error.code == .alreadyExists {
        throw CommandError(error, hint: "--study-name gives it another name")
      }
      throw CommandError(error, prefix: "\(file): ")
    }
  }
}
