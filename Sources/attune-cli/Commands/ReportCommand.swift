import ArgumentParser
import Attune
import AttuneCore

/// Writes a study as a page with pictures.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a study as one HTML page with pictures.",
    discussion: """
      The page needs no network and no other file: header, best trials, optimization history, \
      Pareto front, parameter importance, slices, parallel coordinates, intermediate values, timeline and \
      failures. Pointing at a mark tells its trial. Of a long study not all trials are drawn, and \
      the page says so. The same study gives the same page.

        attune report svm -o report.html
      """)

  @Argument(help: ArgumentHelp("Name of the study, as --study-name.", valueName: "study"))
  var study: String?

  @OptionGroup var storage: StorageOptions

  @Option(
    name: [.customShort("o"), .customShort("O"), .long],
    help: ArgumentHelp(
      "File to write; an existing one is replaced. Default: standard output.",
      valueName: "file"), completion: .file(extensions: ["html"]))
  var output: String?

  func run() throws {
    let opened = try named().open()
    defer { opened.close() }
    let page = try ReportPage(opened).text
    guard let output, output != "-" else { return StandardStream.output.write(page) }
    try TextFile.replace(output, page)
    StandardStream.error.writeLine(
      "attune: report of study \(opened.name) with \(counted(opened.trialCount, "trial")) "
        + "written to \(output)")
  }

  /// The storage options with the name that the argument gives.
  private func named() throws(CommandError) -> StorageOptions {
    guard let study else { return storage }
    if let other = storage.studyName, other != study {
      throw .usage("two studies are named, \"\(study)\" and \"\(other)\", wanted one")
    }
    var storage = storage
    storage.studyName = study
    return storage
  }
}
