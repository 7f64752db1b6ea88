import AttuneCore

/// Whether a trial's best value so far is worse than a percentile of the others at the same step.
///
/// What `MedianPruner` and `PercentilePruner` share, in the form that Optuna made common.
struct PercentileRule: Sendable {
  static let options = [
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
  ]

  let direction: Direction
  let schedule: StepSchedule
  private let startupTrialCount: Int
  private let minimumCount: Int
  /// The limit's place among the ascending values.
  private let fraction: Double

  /// `percentile` per cent, the best, may go on: 50 is the median.
  init(_ direction: Direction, percentile: Double, _ options: Options) {
    self.direction = direction
    fraction = (direction == .minimize ? percentile : 100 - percentile) / 100
    schedule = StepSchedule(options)
    startupTrialCount = options.int("n_startup_trials") ?? 5
    minimumCount = options.int("n_min_trials") ?? 1
  }

  /// The reason to stop a trial; `name` is what the percentile is called.
  func reason(_ reports: Reports, given finished: FinishedReports, name: String) -> String? {
    guard finished.completeCount > 0, finished.completeCount >= startupTrialCount else {
      return nil
    }
    guard let step = reports.latest?.step, schedule.judges(step, in: reports) else { return nil }
    guard let best = reports.best(direction) else { return "step \(step): every report is NaN" }
    let others = finished.values(at: step)
    guard !others.isEmpty, others.count >= minimumCount else { return nil }
    let limit = Self.quantile(ofSorted: others, fraction)
    guard direction.isBetter(limit, than: best) else { return nil }
    return "step \(step): the best so far, \(best), is worse than the \(name) \(limit) of "
      + "\(others.count) trials"
  }

  /// A quantile of at least one ascending value; NaN, which is never better, between −∞ and ∞.
  static func quantile(ofSorted values: [Double], _ fraction: Double) -> Double {
    let place = fraction * Double(values.count - 1)
    let index = min(Int(place), values.count - 1)
    let (low, high) = (values[index], values[min(index + 1, values.count - 1)])
    let share = place - Double(index)
    if low == high || share == 0 { return low }
    // The interpolation of NumPy, to the bit, except where the difference overflows.
    let difference = high - low
    guard difference.isFinite else { return low * (1 - share) + high * share }
    return share >= 0.5 ? high - difference * (1 - share) : low + difference * share
  }
}

/// Which reports of a trial are judged: the first in each interval after a warm-up.
struct StepSchedule: Sendable {
  private let warmupStep: Int64
  private let interval: Int64

  init(_ options: Options) {
    warmupStep = Int64(options.int("n_warmup_steps") ?? 0)
    interval = max(Int64(options.int("interval_steps") ?? 1), 1)
  }

  /// Whether the trial reported nothing before `step` in the same interval.
  func judges(_ step: Int64, in reports: Reports) -> Bool {
    guard step >= warmupStep else { return false }
    // Warm-up is at least 0 and at most `step`: the difference fits.
    let start = step - (step - warmupStep) % interval
    return !reports.all.contains { $0.step < step && $0.step >= start }
  }
}

extension Reports {
  /// The best first value that is not NaN, or `nil`.
  func best(_ direction: Direction) -> Double? {
    var best: Double?
    for report in all {
      guard let value = report.values.first, !value.isNaN else { continue }
      if best.map({ direction.isBetter(value, than: $0) }) ?? true { best = value }
    }
    return best
  }
}
