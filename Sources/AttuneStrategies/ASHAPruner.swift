public import AttuneCore

/// Stops at each rung what is not among the best one in three so far, and nothing while few are there.
///
/// For: many workers and objectives whose steps cost the same. ASHA in its stopping form (L. Li et al.,
/// "A system for massively parallel hyperparameter tuning", MLSys 2020; `HalvingRule`): a trial is judged
/// by those that have reached the rung before it, nobody waits, and the first `reduction_factor` − 1 go
/// on. With `resume`, as in the paper: nothing is stopped for good, not even the first go on at once, and a
/// paused trial goes on when it is among the best of its rung; of few trials none may come to its end.
///
/// Options: `min_resource` = 1 or more (a hundredth of the largest step of the first COMPLETE trial that
/// reported; until then nothing is stopped); `reduction_factor` = 2 or more (3); `resume` = true or false
/// (false).
///
/// Looks at each report of the trial, and where it reaches a rung at all trials.
public struct ASHAPruner: Pruner {
  public static let description = PrunerDescription(
    name: "asha",
    summary: "successive halving for many workers: the first at a rung go on, then the best third",
    supportsSeveralObjectives: false,
    options: [HalvingOptions.resource, HalvingOptions.factor(3), HalvingOptions.resume])

  private let resource: Int64?
  private let rule: HalvingRule
  /// Whether the option `resume` is on.
  public let resumes: Bool

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    resource = options.int("min_resource").map(Int64.init)
    resumes = options.bool("resume") ?? false
    rule = HalvingRule(
      direction: directions.first ?? .minimize,
      factor: Int64(options.int("reduction_factor") ?? 3), offset: 0, bootstrapCount: 0,
      start: resumes ? .none : .all)
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
