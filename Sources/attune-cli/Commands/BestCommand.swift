import ArgumentParser
import Attune
import AttuneCore

/// Shows the best trial, or the Pareto front.
struct BestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Show the best trial, or the Pareto front.",
    discussion: "Exit status 3 says that no trial is complete.",
    aliases: ["best-trial", "best-trials"])

  @OptionGroup var storage: StorageOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let study = try storage.open()
    defer { study.close() }
    let best = try BestText(study)
    guard !best.best.isEmpty else {
      throw CommandError(
        "study \"\(study.name)\" has no complete trial among \(study.trialCount)",
        hint: "attune trials shows why", status: .noResult)
    }
    best.print(format.format)
  }
}
