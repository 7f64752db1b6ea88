import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Lists the stop rules, or the options of one.
struct StopRulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop-rules",
    abstract: "List the stop rules, or the options of one.",
    discussion: """
      A stop rule ends a run when it holds on the finished trials of its study: --stop-when \
      no-improvement=50, --stop-when target=0.01, --stop-when no-improvement=50,min_delta=0.1.
      """)

  @Argument(
    help: ArgumentHelp("Show the options of this one.", valueName: "name"),
    completion: .list(StopRuleCatalog.descriptions.map(\.name)))
  var name: String?

  @OptionGroup var format: FormatOptions

  func run() throws {
    if let name {
      let described = try StopRuleCatalog.description(named: name)
      return CatalogText(
        name: described.name, summary: described.summary, options: described.options,
        flag: "--stop-when \(described.name),", json: described.json
      ).print(format.format)
    }
    var objects: [JSON.Object] = []
    for described in StopRuleCatalog.descriptions {
      objects.append(try JSON.object(parsing: described.json, what: described.name))
    }
    Listing(
      objects: objects, columns: ["name", "needs_space", "ends_every_run", "summary"]
    ).print(format.format)
  }
}
