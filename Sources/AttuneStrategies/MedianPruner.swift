public import AttuneCore

/// Stops a trial whose best value so far is worse than the median of the others at the same step.
///
/// For: objectives that report a learning curve. D. Golovin et al., "Google Vizier: a service for
/// black-box optimization", KDD 2017, section 3.5.2, in the form that Optuna made common.
///
/// At its latest step s the trial's best report so far is compared with the median (the mean of the
/// middle two for an even count) of what COMPLETE trials reported at exactly s. NaN reports do not
/// count; a trial that has reported nothing but NaN is stopped. Infinities are ranked. Only the
/// first report in each interval of `interval_steps` from `n_warmup_steps` on is judged. A trial as
/// good as the median goes on.
///
/// Options: `n_startup_trials` = 0 or more (5), COMPLETE trials before anything is stopped;
/// `n_warmup_steps` = 0 or more (0), steps below which nothing is stopped; `interval_steps` = 1 or
/// more (1); `n_min_trials` = 1 or more (1), values wanted at the step.
///
/// Looks at each report of the trial once; the median is read off a sorted list.
public struct MedianPruner: Pruner {
  public static let description = PrunerDescription(
    name: "median",
    summary: "stops a trial whose best value so far is worse than the median at the same step",
    supportsSeveralObjectives: false, options: PercentileRule.options)

  private let rule: PercentileRule

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    rule = PercentileRule(directions.first ?? .minimize, percentile: 50, options)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    rule.reason(trial.reports, given: study.finished, name: "median")
  }
}
