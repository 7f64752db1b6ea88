import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Prints the version and what it can do.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.")

  @OptionGroup var format: FormatOptions

  func run() {
    if format.format == .table {
      return StandardStream.output.writeLine("attune \(AttuneCommand.version)")
    }
    Listing(object: [
      "version": .string(AttuneCommand.version),
      "strategies": .array(StrategyCatalog.descriptions.map { .string($0.name) }),
      "pruners": .array(PrunerCatalog.descriptions.map { .string($0.name) }),
      "stop_rules": .array(StopRuleCatalog.names.map(JSON.string)),
      "storages": ["memory", "sqlite"],
    ]).print(format.format)
  }
}
