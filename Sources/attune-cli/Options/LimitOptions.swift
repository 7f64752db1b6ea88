import ArgumentParser
import AttuneStrategies

/// When a run ends, and how much runs at once.
struct LimitOptions: ParsableArguments {
  static let failurePolicies = ["continue", "stop", "retry=1"]
  /// What a run does when nothing is said and the strategy has no end of its own.
  static let standardTrialCount = 100

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp(
      "End after this many more trials. Default: 100, or all points of a grid, unless --timeout "
        + "or --stop-when no-improvement is given.", valueName: "n"))
  var nTrials: Int?

  @Option(
    help: ArgumentHelp(
      "Start no trial after this time: seconds, or 90s, 15m, 2h30m. It waits for running trials; "
        + "--trial-timeout ends those that hang.", valueName: "time"))
  var timeout: String?

  @Option(
    help: ArgumentHelp(
      "End when this holds on the study, whoever made its trials: no-improvement=50, target=0.01, "
        + "regret-bound, expected-improvement=0.001, with ,key=value for other settings; repeatable, the "
        + "first to hold ends the run. `attune stop-rules` lists them.", valueName: "rule"),
    completion: .list(StopRuleCatalog.names.map { $0.replacing("_", with: "-") }))
  var stopWhen: [String] = []

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp(
      "Trials that run at once; auto: as many as there are processors. Default: 1.",
      valueName: "n"))
  var nJobs: String?

  @Option(
    help: ArgumentHelp(
      "After a trial that fails: continue (the default), stop, or retry=N to evaluate it up to N "
        + "times more.", valueName: "policy"),
    completion: .list(LimitOptions.failurePolicies))
  var onFailure: String?

  @Option(help: ArgumentHelp("End with the first failure beyond this many.", valueName: "n"))
  var maxFailures: Int?

  func apply(to settings: inout RunSettings) throws(CommandError) {
    settings.nTrials = try Self.counted(nTrials, low: 0, option: "--n-trials")
    if let nJobs { settings.nJobs = try OptionValue.jobs(nJobs, of: "--n-jobs") }
    settings.maxFailures = try Self.counted(maxFailures, low: 0, option: "--max-failures")
    if let timeout {
      settings.timeout = try OptionValue.seconds(timeout, of: "--timeout")
    }
    for text in stopWhen {
      settings.stopWhen.append(try OptionValue.stopRules(text, of: "--stop-when"))
    }
    if let onFailure {
      settings.onFailure = try OptionValue.failurePolicy(onFailure, of: "--on-failure")
    }
  }

  static func counted(_ count: Int?, low: Int, option: String) throws(CommandError) -> Int? {
    if let count, count < low {
      throw .usage("\(option) is \(count), wanted \(low) or more")
    }
    return count
  }
}
