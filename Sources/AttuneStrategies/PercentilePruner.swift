public import AttuneCore

/// Stops a trial whose best value so far is not among the best `percentile` % at the same step.
///
/// For: objectives that report a learning curve, where the median lets too many go on. As
/// `MedianPruner`, which is the percentile 50: the limit is that percentile, interpolated, of what
/// COMPLETE trials reported at exactly the step.
///
/// Options: `percentile` = 0 to 100 (25), the share of the best that goes on; the others as
/// `MedianPruner`: `n_startup_trials` (5), `n_warmup_steps` (0), `interval_steps` (1), `n_min_trials` (1).
///
/// Looks at each report of the trial once; the percentile is read off a sorted list.
public struct PercentilePruner: Pruner {
  public static let description = PrunerDescription(
    name: "percentile",
    summary: "stops a trial whose best value so far is not among the best percentage at the step",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "percentile", .float(low: 0, high: 100), default: .float(25),
        "how many per cent of the values, the best, let a trial go on")
    ] + PercentileRule.options)

  private let rule: PercentileRule
  private let percentile: Double

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    percentile = options.float("percentile") ?? 25
    rule = PercentileRule(directions.first ?? .minimize, percentile: percentile, options)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    rule.reason(trial.reports, given: study.finished, name: "best \(percentile) %'s limit")
  }
}
