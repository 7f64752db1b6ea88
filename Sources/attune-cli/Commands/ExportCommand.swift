import ArgumentParser
import Attune
import AttuneCore

/// Writes a whole study.
struct ExportCommand: ParsableCommand {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case json
    case csv
    case optunaJournal = "optuna-journal"
    case optunaSQLite = "optuna-sqlite"
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a whole study as JSON or as an Optuna journal, or its trials as CSV.",
    discussion: """
      The JSON and the journal are what `attune import` reads; the journal also opens with Optuna's \
      JournalStorage(JournalFileBackend(FILE)). optuna-sqlite adds the study to a database file, which is \
      a storage of Attune as well. CSV has the columns of Optuna's trials_dataframe.
      """)

  @OptionGroup var storage: StorageOptions

  @Option(
    name: [.customShort("f"), .customLong("to"), .customLong("format")],
    help: ArgumentHelp(
      "json, csv, optuna-journal or optuna-sqlite. Default: by the name of the output file (.csv, .log, "
        + ".db), otherwise json.", valueName: "format"))
  var format: Form?

  @Option(
    name: [.customShort("O"), .long],
    help: ArgumentHelp(
      "File to write; an existing one is replaced. Default: standard output.",
      valueName: "file"), completion: .file())
  var output: String?

  func run() throws {
    let study = try storage.open()
    defer { study.close() }
    switch format ?? form(byName: output ?? "") {
    case .json: try write(study.exportJSON(), of: study)
    case .csv: try write(study.exportCSV(), of: study)
    case .optunaJournal: try write(study.exportOptunaJournal(), of: study)
    case .optunaSQLite: try copy(study)
    }
  }

  private func write(_ text: String, of study: Study) throws(CommandError) {
    let text = text.hasSuffix("\n") ? text : text + "\n"
    guard let output, output != "-" else { return StandardStream.output.write(text) }
    try TextFile.replace(output, text)
    confirm(study, output)
  }

  private func copy(_ study: Study) throws {
    guard let output, output != "-" else {
      throw CommandError.usage("no file is given to write, wanted one", hint: "-O study.db")
    }
    try study.copy(to: output).close()
    confirm(study, output)
  }

  private func confirm(_ study: Study, _ output: String) {
    let trials = study.trialCount == 1 ? "1 trial" : "\(study.trialCount) trials"
    StandardStream.error.writeLine(
      "attune: study \(study.name) with \(trials) written to \(output)")
  }

  private func form(byName name: String) -> Form {
    let endings: [(String, Form)] = [
      (".csv", .csv), (".log", .optunaJournal), (".db", .optunaSQLite), (".sqlite", .optunaSQLite),
      (".sqlite3", .optunaSQLite),
    ]
    return endings.first { name.hasSuffix($0.0) }?.1 ?? .json
  }
}
