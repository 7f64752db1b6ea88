import ArgumentParser
import Attune
import AttuneCore

/// Writes a whole study.
struct ExportCommand: ParsableCommand {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case json
    case csv
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a whole study as JSON, or its trials as CSV.",
    discussion: """
      The JSON is what `attune import` reads. CSV has the columns of Optuna's trials_dataframe.
      """)

  @OptionGroup var storage: StorageOptions

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp(
      "json or csv. Default: by the name of the output file, otherwise json.",
      valueName: "format"))
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
    let form = format ?? (output?.hasSuffix(".csv") == true ? .csv : .json)
    var text = form == .csv ? try study.exportCSV() : try study.exportJSON()
    if !text.hasSuffix("\n") { text += "\n" }
    guard let output, output != "-" else { return StandardStream.output.write(text) }
    try TextFile.replace(output, text)
    let trials = study.trialCount == 1 ? "1 trial" : "\(study.trialCount) trials"
    StandardStream.error.writeLine(
      "attune: study \(study.name) with \(trials) written to \(output)")
  }
}
