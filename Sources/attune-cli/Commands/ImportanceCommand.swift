import ArgumentParser
import Attune
import AttuneCore

/// Shows which parameters mattered.
struct ImportanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance",
    abstract: "Show which parameters mattered.",
    discussion: """
      How much each parameter mattered for being among the best tenth of the trials,
      as shares of 1 (PED-ANOVA). Exit status 3 says that fewer than two trials are
      complete.
      """,
    aliases: ["importances"])

  @OptionGroup var storage: StorageOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let study = try storage.open()
    defer { study.close() }
    let complete = try study.trials([.complete]).count
    guard complete > 1 else {
      throw CommandError(
        "study \"\(study.name)\" has \(complete) complete trials, wanted two for importances",
        hint: "attune trials shows why", status: .noResult)
    }
    let importances = try study.importances()
    var object = JSON.Object()
    for (name, share) in importances { object[name] = .float(share) }
    Listing(
      columns: ["parameter", "importance"],
      rows: importances.map { [.string($0.name), .float($0.share)] }, document: .object(object)
    ).print(format.format)
  }
}
