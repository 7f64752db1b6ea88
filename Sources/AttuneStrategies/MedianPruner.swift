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
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "n_startup_trials", .int(low: 0, high: .max), default: .int(5),
        "COMPLETE trials before any trial is stopped"),
      OptionDescription(
        "n_warmup_steps", .int(low: 0, high: .max), default: .int(0),
        "steps below which no trial is stopped"),
      OptionDescription(
        "interval_steps", .int(low: 1, high: .max), default: .int(1),
        "steps from one judgement of a trial to the next"),
      OptionDescription(
        "n_min_trials", .int(low: 1, high: .max), default: .int(1),
        "values of COMPLETE trials wanted at the step"),
    ])

  private let direction: Direction
  private let startupTrialCount: Int
  private let warmupStep: Int64
  private let interval: Int64
  private let minimumCount: Int

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    direction = directions.first ?? .minimize
    startupTrialCount = options.int("n_startup_trials") ?? 5
    warmupStep = Int64(options.int("n_warmup_steps") ?? 0)
    interval = max(Int64(options.int("interval_steps") ?? 1), 1)
    minimumCount = options.int("n_min_trials") ?? 1
  }

  public func shouldPrune(_ reports: Reports, given finished: FinishedReports) -> Bool {
    guard finished.completeCount > 0, finished.completeCount >= startupTrialCount else {
      return false
    }
    guard let step = reports.latest?.step, step >= warmupStep, isFirst(step, in: reports) else {
      return false
    }
    guard let best = best(of: reports) else { return true }
    let others = finished.values(at: step)
    guard !others.isEmpty, others.count >= minimumCount else { return false }
    return direction.isBetter(Self.median(ofSorted: others), than: best)
  }

  /// Whether the trial reported nothing before `step` in the same interval.
  private func isFirst(_ step: Int64, in reports: Reports) -> Bool {
    // Warm-up is at least 0 and at most `step`: the difference fits.
    let start = step - (step - warmupStep) % interval
    return !reports.all.contains { $0.step < step && $0.step >= start }
  }

  /// The best value that is not NaN, or `nil`.
  private func best(of reports: Reports) -> Double? {
    var best: Double?
    for report in reports.all {
      guard let value = report.values.first, !value.isNaN else { continue }
      if best.map({ direction.isBetter(value, than: $0) }) ?? true { best = value }
    }
    return best
  }

  /// The median of at least one ascending value; NaN, which is never better, between -∞ and ∞.
  static func median(ofSorted values: [Double]) -> Double {
    let (low, high) = (values[(values.count - 1) / 2], values[values.count / 2])
    if low == high { return low }
    // The interpolation of NumPy, to the bit, except where the difference overflows.
    let difference = high - low
    return difference.isFinite ? high - difference * 0.5 : low * 0.5 + high * 0.5
  }
}
