public import AttuneCore

/// Lets the best one in `reduction_factor` of the trials go on past each rung.
///
/// For: objectives whose steps cost the same, such as epochs. Successive halving as Optuna does it,
/// without waiting for others (`HalvingRule`): rungs at `min_resource` · `reduction_factor`^k steps; while
/// fewer than `reduction_factor` trials have reached a rung, only the best so far goes on.
///
/// Options: `min_resource` = 1 or more (a hundredth of the largest step of the first COMPLETE trial that
/// reported; until then nothing is stopped); `reduction_factor` = 2 or more (4);
/// `min_early_stopping_rate` = 0 or more (0), rungs left out at the beginning; `bootstrap_count` = 0 or
/// more (0), trials that end at a rung before any goes on; `resume` = true or false (false), whether those
/// that do not go on are paused, and go on when they are among the best.
///
/// Looks at each report of the trial, and where it reaches a rung at all trials.
public struct SuccessiveHalvingPruner: Pruner {
  public static let description = PrunerDescription(
    name: "successive_halving",
    summary: "lets the best one in some of the trials go on past each rung of steps",
    supportsSeveralObjectives: false,
    options: [
      HalvingOptions.resource, HalvingOptions.factor(4),
      OptionDescription(
        "min_early_stopping_rate", .int(low: 0, high: 62), default: .int(0),
        "how many rungs at the beginning are left out"),
      HalvingOptions.bootstrap, HalvingOptions.resume,
    ])

  private let resource: Int64?
  private let rule: HalvingRule
  /// Whether the option `resume` is on.
  public let resumes: Bool

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    resource = options.int("min_resource").map(Int64.init)
    resumes = options.bool("resume") ?? false
    rule = HalvingRule(
      direction: directions.first ?? .minimize,
      factor: Int64(options.int("reduction_factor") ?? 4),
      offset: options.int("min_early_stopping_rate") ?? 0,
      bootstrapCount: options.int("bootstrap_count") ?? 0, start: .best)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let resource = HalvingOptions.resource(resource, study.finished) else { return nil }
    return rule.reason(trial, resource: resource, given: study)
  }

  public func promotion(among paused: [ReportingTrial], given study: StudyReports) -> Int? {
    guard let resource = HalvingOptions.resource(resource, study.finished) else { return nil }
    return rule.promotion(among: paused, resource: resource, given: study)?.trial
  }
}

/// What the pruners by halving are told alike.
enum HalvingOptions {
  static let resource = OptionDescription(
    "min_resource", .int(low: 1, high: .max), default: .null,
    "the step of the first rung; without, a hundredth of the first COMPLETE trial's largest")
  static let bootstrap = OptionDescription(
    "bootstrap_count", .int(low: 0, high: .max), default: .int(0),
    "how many trials end at a rung before any goes on")

  static let resume = OptionDescription(
    "resume", .bool, default: .bool(false),
    "pause trials instead, and let the best of them go on later; for plugins that can pause")

  static func factor(_ standard: Int64) -> OptionDescription {
    OptionDescription(
      "reduction_factor", .int(low: 2, high: 1 << 30), default: .int(standard),
      "one in how many trials goes on past a rung")
  }

  /// The first rung's step, as given or as the first COMPLETE trial that reported tells.
  static func resource(_ given: Int64?, _ finished: FinishedReports) -> Int64? {
    given ?? finished.largestStep(ofFirst: 1).map { max($0 / 100, 1) }
  }
}
