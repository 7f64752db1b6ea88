import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Lists the strategies, or the options of one.
struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies",
    abstract: "List the strategies, or the options of one.",
    discussion: "A strategy chooses the points; Optuna calls it a sampler.",
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
        flag: "-o", json: described.json
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
        flag: "--pruner-option", json: described.json
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

/// One strategy or pruner with its options.
struct CatalogText {
  let name: String
  let summary: String
  let options: [OptionDescription]
  /// How its options are given on the command line.
  let flag: String
  let json: String

  func print(_ format: OutputFormat) {
    let rows: [[JSON]] = options.map { option in
      [
        .string(option.key), .string(option.typeName), option.standard.json,
        .string(option.range), .string(option.summary),
      ]
    }
    let columns = ["option", "type", "default", "range", "summary"]
    var listing = Listing(document: (try? JSON(parsing: json)) ?? .null)
    listing.columns = columns
    listing.rows = rows
    if format == .table {
      StandardStream.output.writeLine("\(name): \(summary)")
      guard !options.isEmpty else { return StandardStream.output.writeLine("It takes no options.") }
      StandardStream.output.writeLine("Options, given as \(flag) key=value:\n")
    }
    listing.print(format)
  }
}
