import ArgumentParser
import AttuneCore
import AttuneStrategies

/// Who gives up trials that look bad early.
struct PrunerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who ends trials that report poor intermediate values; `attune pruners` lists them. "
        + "Default: none.", valueName: "name"),
    completion: .list(PrunerCatalog.descriptions.map(\.name)))
  var pruner: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A setting of the pruner; repeatable.", valueName: "key=value"))
  var prunerOption: [String] = []

  func apply(to settings: inout RunSettings) throws(CommandError) {
    settings.pruner = pruner
    for option in prunerOption {
      settings.prunerOptions.append(try OptionValue.assignment(option, of: "--pruner-option"))
    }
  }
}
