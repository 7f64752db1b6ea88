import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Lists the pruners, or the options of one.
struct PrunersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pruners",
    abstract: "List the pruners, or the options of one.",
    discussion: "A pruner ends trials whose intermediate values look bad.")

  @Argument(
    help: ArgumentHelp("Show the options of this one.", valueName: "name"),
    completion: .list(PrunerCatalog.descriptions.map(\.name)))
  var name: String?

  @OptionGroup var format: FormatOptions

  func run() throws {
    if let name {
      let described = try PrunerCatalog.description(named: name)
      return CatalogText(
        name: described.name, summary: described.summary, options: described.options,
        flag: "--pruner-option ", json: described.json
      ).print(format.format)
    }
    var objects: [JSON.Object] = []
    for described in PrunerCatalog.descriptions {
      objects.append(try JSON.object(parsing: described.json, what: described.name))
    }
    Listing(objects: objects, columns: ["name", "multi_objective", "summary"])
      .print(format.format)
  }
}
