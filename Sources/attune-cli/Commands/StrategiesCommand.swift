import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Lists the strategies, or the options of one.
struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies",
    abstract: "List the strategies, or the options of one.",
    discussion: """
      A strategy chooses the points; Optuna calls it a sampler. Without one a study has \
      \(StrategyCatalog.standardName).
      """,
    aliases: ["samplers"])

  @Argument(
    help: ArgumentHelp("Show the options of this one.", valueName: "name"),
    completion: .list(StrategyCatalog.descriptions.map(\.name)))
  var name: String?

  @OptionGroup var format: FormatOptions

  func run() throws {
    if let name {
      let described = try StrategyCatalog.description(named: name)
      return CatalogText(
        name: described.name, summary: described.summary, options: described.options,
        flag: "-o ", json: described.json
      ).print(format.format)
    }
    var objects: [JSON.Object] = []
    for described in StrategyCatalog.descriptions {
      objects.append(try JSON.object(parsing: described.json, what: described.name))
    }
    Listing(
      objects: objects,
      columns: ["name", "multi_objective", "conditional", "define_by_run", "summary"]
    ).print(format.format)
  }
}
