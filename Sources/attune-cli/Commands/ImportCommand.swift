import ArgumentParser
import Attune
import AttuneCore

/// Reads studies that were exported, or that Optuna wrote.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a study that `attune export` wrote, or an Optuna journal file.",
    discussion: """
      A journal of Optuna's JournalFileBackend may hold several studies: all are read, or with \
      --study-name the one of that name. They become define-by-run studies.
      """)

  @OptionGroup var storage: StorageOptions

  @Option(
    help: ArgumentHelp(
      "Time zone of the times in a journal that name none, as Optuna 4 wrote them: UTC, an offset such "
        + "as +09:00, or a name such as Asia/Tokyo. Default: that of this machine, as Optuna reads them.",
      valueName: "zone"))
  var tz: String?

  @Argument(
    help: ArgumentHelp("A JSON or journal file; - is standard input.", valueName: "file"),
    completion: .file(extensions: ["json", "log"]))
  var file: String

  func run() throws {
    let target = try storage.writable()
    let zone = try TimeZoneOption(tz)
    let text = try TextFile.read(file)
    for study in try read(text, into: target, zone) {
      defer { study.close() }
      let trials = study.trialCount == 1 ? "1 trial" : "\(study.trialCount) trials"
      StandardStream.output.writeLine("study \(study.name) with \(trials) imported")
    }
  }

  private func read(
    _ text: String, into target: String, _ zone: TimeZoneOption
  ) throws(CommandError) -> [Study] {
    do {
      guard Study.isOptunaJournal(text) else {
        return [try Study.importJSON(text, storage: target, name: storage.studyName)]
      }
      return try Study.importOptunaJournal(
        text, path: file, storage: target, name: storage.studyName, naiveTime: zone.utc)
    } catch {
      if error.code == .alreadyExists {
        throw CommandError(error, hint: "--study-name gives it another name")
      }
      let isNamed = error.message.hasPrefix("\(file): ") || error.subject == file
      throw CommandError(error, prefix: isNamed ? "" : "\(file): ")
    }
  }
}
