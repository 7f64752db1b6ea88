public import AttuneCore
import AttuneNumerics

/// Stops a trial of several objectives that others dominate and that adds little to their front.
///
/// For: several objectives that are all reported at each step. At its latest step the trial's best values
/// so far, objective by objective, are compared with what the trials that reached this step reported at it,
/// whatever became of them: where at least `share` of these dominate it, and it enlarges the volume they
/// dominate by less than `gain`, the trial is stopped. Volumes are measured on the range of these trials,
/// up to a tenth behind the worst; what a single trial dominates adds nothing, so `gain` decides alone
/// where `share` is 0. With one objective this is the rule of `MedianPruner`.
///
/// NaN reports do not count; a trial with an objective that was nothing but NaN is stopped. Steps below
/// `n_warmup_steps`, and all but the first report in each interval of `interval_steps`, are not judged.
///
/// Options: `share` = 0 to 1 (0.5); `gain` = 0 to 1 (0.01); `n_startup_trials` = 0 or more (5), COMPLETE
/// trials before anything is stopped; `n_warmup_steps` = 0 or more (0); `interval_steps` = 1 or more (1);
/// `n_min_trials` = 1 or more (1), trials wanted at the step. `share` and `gain` say nothing to one
/// objective.
///
/// O(n) for n trials with reports, and twice the volume of those at the step.
public struct DominancePruner: Pruner {
  public static let description = PrunerDescription(
    name: "dominance",
    summary: "several objectives: stops a trial that many dominate and that adds little volume",
    supportsSeveralObjectives: true,
    options: [
      OptionDescription(
        "share", .float(low: 0, high: 1), default: .float(0.5),
        "the share of the trials at the step that must dominate the trial"),
      OptionDescription(
        "gain", .float(low: 0, high: 1), default: .float(0.01),
        "how much of the dominated volume a trial must add to go on"),
    ] + PercentileRule.options)

  private let directions: [Direction]
  private let share: Double
  private let gain: Double
  private let startupTrialCount: Int
  private let minimumCount: Int
  private let median: PercentileRule

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    self.directions = directions
    share = options.float("share") ?? 0.5
    gain = options.float("gain") ?? 0.01
    startupTrialCount = options.int("n_startup_trials") ?? 5
    minimumCount = options.int("n_min_trials") ?? 1
    median = PercentileRule(directions.first ?? .minimize, percentile: 50, options)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard directions.count > 1 else {
      return median.reason(trial.reports, given: study.finished, name: "median")
    }
    guard study.finished.completeCount >= startupTrialCount,
      let step = trial.reports.latest?.step, median.schedule.judges(step, in: trial.reports)
    else { return nil }
    guard let own = bestSoFar(trial.reports) else {
      return "step \(step): every report of an objective is NaN"
    }
    var rung: [Double] = []
    study.forEach(except: trial.number) { other in
      guard let report = other.reports.report(at: step), report.values.count == directions.count,
        !report.values.contains(where: \.isNaN)
      else { return }
      rung += minimized(report.values)
    }
    return judge(own, rung, step)
  }

  private func judge(_ own: [Double], _ rung: [Double], _ step: Int64) -> String? {
    let width = directions.count
    let count = rung.count / width
    guard count >= minimumCount else { return nil }
    let dominators = (0..<count).reduce(0) {
      $0 + (Dominance.dominates(rung, at: $1 * width, own, width: width) ? 1 : 0)
    }
    guard Double(dominators) >= share * Double(count) else { return nil }
    let enlargement = Self.enlargement(own, rung, width)
    guard enlargement < gain else { return nil }
    return "step \(step): \(dominators) of \(count) trials dominate it, and it adds "
      + "\(enlargement * 100) % of their volume"
  }

  /// The best value of each objective, as if all were to be minimised; `nil` where one has none.
  private func bestSoFar(_ reports: Reports) -> [Double]? {
    var best = [Double](repeating: .nan, count: directions.count)
    for report in reports.all where report.values.count == directions.count {
      for (index, value) in minimized(report.values).enumerated() where !value.isNaN {
        best[index] = best[index].isNaN ? value : min(best[index], value)
      }
    }
    return best.contains(where: \.isNaN) ? nil : best
  }

  private func minimized(_ values: [Double]) -> [Double] {
    zip(values, directions).map { $1 == .minimize ? $0 : -$0 }
  }

  /// The volume that a point adds to that of a rung, as a share of the latter.
  private static func enlargement(_ own: [Double], _ rung: [Double], _ width: Int) -> Double {
    // Quarters, so that no difference overflows.
    let quarters = rung.map { $0 / 4 }
    let ends = (0..<width).map { offset in
      let column = stride(from: offset, to: rung.count, by: width).map { quarters[$0] }
        .filter(\.isFinite)
      return (low: column.min() ?? 0, high: column.max() ?? 0)
    }
    func scaled(_ value: Double, _ index: Int) -> Double {
      let end = ends[index % width]
      guard end.high > end.low else { return value > end.high ? 2 : value < end.low ? -1 : 0 }
      return min(max((value - end.low) / (end.high - end.low), -10), 10)
    }
    let points = quarters.indices.map { scaled(quarters[$0], $0) }
    let point = own.indices.map { scaled(own[$0] / 4, $0) }
    let reference = [Double](repeating: 1.1, count: width)
    let volume = Hypervolume.volume(of: points, reference: reference)
    let gain = Hypervolume.gain(of: point, among: points, reference: reference)
    return volume > 0 ? gain / volume : gain > 0 ? .infinity : 0
  }
}
