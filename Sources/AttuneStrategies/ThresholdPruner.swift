public import AttuneCore

/// Stops a trial that reports a value outside of fixed limits.
///
/// For: objectives that diverge, and values that are known to be hopeless. The latest report is judged,
/// in any direction; NaN is outside. One of the limits at least must be given.
///
/// Options: `lower` and `upper` (none), the limits, themselves allowed; `n_warmup_steps` = 0 or more (0),
/// steps below which nothing is stopped; `interval_steps` = 1 or more (1), of which the first report is
/// judged.
///
/// Looks at each report of the trial once.
public struct ThresholdPruner: Pruner {
  public static let description = PrunerDescription(
    name: "threshold", summary: "stops a trial that reports a value outside of fixed limits",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "lower", .float(low: -.infinity, high: .infinity), default: .null,
        "the least value that may go on"),
      OptionDescription(
        "upper", .float(low: -.infinity, high: .infinity), default: .null,
        "the largest value that may go on"),
      OptionDescription(
        "n_warmup_steps", .int(low: 0, high: .max), default: .int(0),
        "steps below which no trial is stopped"),
      OptionDescription(
        "interval_steps", .int(low: 1, high: .max), default: .int(1),
        "steps from one judgement of a trial to the next"),
    ])

  private let lower: Double
  private let upper: Double
  private let schedule: StepSchedule

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    let (lower, upper) = (options.float("lower"), options.float("upper"))
    guard lower != nil || upper != nil else {
      throw AttuneError(
        .invalidArgument, "pruner threshold: lower and upper are missing, wanted one at least",
        subject: "options.upper")
    }
    self.lower = lower ?? -.infinity
    self.upper = upper ?? .infinity
    guard self.lower <= self.upper else {
      throw AttuneError(
        .invalidArgument,
        "pruner threshold: lower is \(self.lower), wanted at most upper, \(self.upper)",
        subject: "options.lower")
    }
    schedule = StepSchedule(options)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let latest = trial.reports.latest, let value = latest.values.first,
      schedule.judges(latest.step, in: trial.reports)
    else { return nil }
    if value.isNaN { return "step \(latest.step): the value is NaN" }
    if value < lower { return "step \(latest.step): \(value) is below the limit \(lower)" }
    if value > upper { return "step \(latest.step): \(value) is above the limit \(upper)" }
    return nil
  }
}
