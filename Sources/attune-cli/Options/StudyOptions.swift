import ArgumentParser
import AttuneCore
import AttuneStrategies

/// What a study is: its space, its directions and its strategy.
struct StudyOptions: ParsableArguments {
  static let duplicatePolicies = ["allow", "avoid", "reuse"]

  @Option(
    name: [.long, .customLong("search-space")],
    help: ArgumentHelp(
      "Search space: JSON, or a JSON or YAML file; also a W&B sweep (parameters:) or Optuna's "
        + "distributions. Default: the plugin's own.", valueName: "file|json"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var space: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "minimize (the default) or maximize; one for each value the objective gives.",
      valueName: "direction"),
    completion: .list(["minimize", "maximize"]))
  var directions: [String] = []

  @Option(
    help: ArgumentHelp("The direction of a single value.", valueName: "direction"),
    completion: .list(["minimize", "maximize"]))
  var direction: String?

  @Option(
    name: [.long, .customLong("sampler")],
    help: ArgumentHelp(
      "Who chooses the points: \(StrategyCatalog.standardName) (the default), or another that "
        + "`attune strategies` lists.", valueName: "name"),
    completion: .list(StrategyCatalog.descriptions.map(\.name)))
  var strategy: String?

  @Option(
    name: [.customShort("o"), .customLong("option")],
    help: ArgumentHelp(
      "A setting of the strategy; repeatable. `attune strategies NAME` lists them.",
      valueName: "key=value"))
  var options: [String] = []

  @Option(
    name: [.long, .customLong("sampler-kwargs")],
    help: ArgumentHelp("Settings of the strategy as a JSON object.", valueName: "json"))
  var strategyOptions: String?

  @Option(
    help: ArgumentHelp(
      "Seed of all random choices: the same seed gives the same trials. Default: ATTUNE_SEED, "
        + "or one from the system, which is recorded.", valueName: "n"))
  var seed: String?

  @Option(
    help: ArgumentHelp(
      "A point that was tried already: allow (the default), avoid, or reuse its value.",
      valueName: "policy"),
    completion: .list(StudyOptions.duplicatePolicies))
  var duplicates: String?

  @Flag(
    help: ArgumentHelp(
      "The same study with any number of workers, threads or processes: trial k is chosen from the "
        + "results of trials 0 to k - window and the parameters of those between, so a worker waits "
        + "where one of those is slow. Of a new study, recorded."))
  var deterministic = false

  @Option(
    help: ArgumentHelp(
      "Makes a new study deterministic with this window: so many trials may run at once, over all "
        + "workers. Default with --deterministic: the number of jobs. Waiting costs: eight jobs whose "
        + "times are log-normal with sigma 0.5 were idle 36 % of the time with window 8, 9 % with 16 "
        + "and 5 % with 32 (3 % without a window); with sigma 1, 57 %, 34 % and 9 % (4 %).",
      valueName: "n"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "What a finished trial survives: process (the default) the death of every process, full a loss "
        + "of power too.", valueName: "what"),
    completion: .list(Durability.allCases.map(\.rawValue)))
  var durability: String?

  /// Writes what is said here into settings.
  func apply(to settings: inout RunSettings) throws(CommandError) {
    if let space {
      let reading = try SpaceReading(space)
      settings.space = reading.space
      settings.notes += reading.notes
    }
    guard direction == nil || directions.isEmpty else {
      throw .usage("--direction and --directions are given, wanted one of them")
    }
    settings.directions = try OptionValue.directions(
      direction.map { [$0] } ?? directions,
      of: direction == nil ? "--directions" : "--direction")
    settings.strategy = strategy
    if let strategyOptions {
      settings.strategyOptions = try OptionValue.options(
        strategyOptions, of: "--strategy-options")
    }
    for option in options {
      settings.strategyOptions.append(try OptionValue.assignment(option, of: "-o"))
    }
    if deterministic { settings.isDeterministic = true }
    settings.window = try LimitOptions.counted(window, low: 1, option: "--window")
    if let seed { settings.seed = try OptionValue.seed(seed, of: "--seed") }
    if let durability {
      let words = Durability.allCases.map(\.rawValue)
      settings.durability = Durability(
        rawValue: try OptionValue.choice(durability, of: words, option: "--durability"))
    }
    if let duplicates {
      settings.duplicates = try OptionValue.choice(
        duplicates, of: Self.duplicatePolicies, option: "--duplicates")
    }
  }
}
