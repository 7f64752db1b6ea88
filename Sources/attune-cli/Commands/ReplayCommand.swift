import ArgumentParser
import Attune
import AttuneCore

/// Derives what a study's strategy chose again, from what is recorded.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Derive every suggestion of a study again, and compare with what is recorded.",
    discussion: """
      Each trial records what its strategy had seen when it chose, so this works for studies of any \
      number of workers, deterministic or not. The first difference is shown, with the trial, the \
      parameter, and both values; trials that were added, or made by another program, are left out.

      Exit status 0 says that all is as recorded, 1 that something differs.
      """)

  @Argument(
    help: ArgumentHelp("Where the study is kept. Default: --storage.", valueName: "storage"),
    completion: .file(extensions: ["db", "sqlite", "sqlite3"]))
  var place: String?

  @OptionGroup var storage: StorageOptions

  @Option(
    name: [.long, .customLong("sampler")],
    help: ArgumentHelp(
      "Compare with what another strategy would have chosen. Default: the recorded one.",
      valueName: "name"))
  var strategy: String?

  @Option(
    name: [.customShort("o"), .customLong("option")],
    help: ArgumentHelp("A setting of that strategy; repeatable.", valueName: "key=value"))
  var options: [String] = []

  @OptionGroup var format: FormatOptions

  func run() throws {
    guard place == nil || storage.storage == nil else {
      throw CommandError.usage("a storage is given twice, wanted once")
    }
    let storage = try place.map { StorageOptions.resolved($0, in: ".") } ?? storage.readable()
    let replay = try Study.replay(
      storage: storage, name: self.storage.chosenName, strategy: strategy,
      strategyOptions: try options.map { try OptionValue.assignment($0, of: "-o") })
    if format.format == .table {
      StandardStream.output.writeLine(text(replay))
    } else {
      guard case .object(let object) = replay.json else { return }
      Listing(object: object).print(format.format)
    }
    guard replay.difference == nil else { throw ExitStatus.error }
  }

  private func text(_ replay: StudyReplay) -> String {
    let counts = "\(replay.suggestions) suggestions of \(replay.trials) trials are derived again"
    let skipped =
      replay.skipped == 0 ? "" : "; \(replay.skipped) trials were not chosen here or do not tell"
    guard let difference = replay.difference else {
      return "study \"\(replay.name)\": \(counts), all as recorded\(skipped)"
    }
    return "study \"\(replay.name)\": \(difference.text); \(counts) before it\(skipped)"
  }
}
