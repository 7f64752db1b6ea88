import ArgumentParser
import Attune
import AttuneCore
import AttuneStrategies

/// Shows which parameters mattered.
struct ImportanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance",
    abstract: "Show which parameters mattered.",
    discussion: """
      How much each parameter mattered, as shares of 1: with ped-anova for being among the
      best tenth of the trials, with fanova for the variance of the value over the whole
      space, each parameter alone. Exit status 3 says that fewer than two trials are
      complete.
      """,
    aliases: ["importances"])

  @OptionGroup var storage: StorageOptions

  @Option(
    help: ArgumentHelp("ped-anova (the default) or fanova.", valueName: "method"),
    completion: .list(ImportanceMethod.allCases.map(\.rawValue)))
  var method: String = ImportanceMethod.pedANOVA.rawValue

  @OptionGroup var format: FormatOptions

  func run() throws {
    let chosen = try ImportanceMethod(name: method)
    let study = try storage.open()
    defer { study.close() }
    let complete = try study.trials([.complete]).count
    guard complete > 1 else {
      throw CommandError(
        "study \"\(study.name)\" has \(complete) complete trials, wanted two for importances",
        hint: "attune trials shows why", status: .noResult)
    }
    let importances = try study.importances(chosen)
    var object = JSON.Object()
    for (name, share) in importances { object[name] = .float(share) }
    Listing(
      columns: ["parameter", "importance"],
      rows: importances.map { [.string($0.name), .float($0.share)] }, document: .object(object)
    ).print(format.format)
  }
}
