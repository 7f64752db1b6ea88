public import AttuneCore
import AttuneNumerics

/// Stops a trial that is worse than the best one by a signed-rank test over the steps both reported.
///
/// For: objectives whose steps are alike and independent, such as folds or problem instances, in any
/// order. F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945), used as
/// Optuna does: the differences to the best COMPLETE trial at common steps, one-sided, zeros split; a
/// trial whose mean is at least as good as the best one's goes on whatever the test says, and so does one
/// where a report of either is not finite.
///
/// Options: `p_threshold` = 0 to 1 (0.1); `n_startup_steps` = 2 or more (2), common steps wanted.
///
/// O(k log k) for k common steps; up to 50 without ties the distribution is exact, O(k³) at worst.
public struct WilcoxonPruner: Pruner {
  public static let description = PrunerDescription(
    name: "wilcoxon",
    summary: "stops a trial that is worse than the best by a signed-rank test over common steps",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "p_threshold", .float(low: 0, high: 1), default: .float(0.1),
        "how unlikely by chance the difference must be"),
      OptionDescription(
        "n_startup_steps", .int(low: 2, high: .max), default: .int(2),
        "common steps before any trial is stopped"),
    ])

  private let direction: Direction
  private let threshold: Double
  private let startupCount: Int

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    direction = directions.first ?? .minimize
    threshold = options.float("p_threshold") ?? 0.1
    startupCount = options.int("n_startup_steps") ?? 2
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let best = study.finished.best(direction)?.trial, Self.isFinite(best.reports),
      Self.isFinite(trial.reports)
    else { return nil }
    var known: [Int64: Double] = [:]
    for report in best.reports.all { known[report.step] = report.values.first }
    var differences: [Double] = []
    for report in trial.reports.all {
      guard let own = report.values.first, let other = known[report.step] else { continue }
      differences.append(direction == .minimize ? own - other : other - own)
    }
    guard differences.count >= startupCount else { return nil }
    let p = SignedRankTest.pValue(greater: differences)
    guard p < threshold else { return nil }
    let (mean, bestMean) = (Self.mean(trial.reports), Self.mean(best.reports))
    guard direction.isBetter(bestMean, than: mean) else { return nil }
    return "\(differences.count) common steps: worse than trial \(best.number) with p = \(p)"
  }

  private static func isFinite(_ reports: Reports) -> Bool {
    reports.all.allSatisfy { $0.values.first?.isFinite == true }
  }

  private static func mean(_ reports: Reports) -> Double {
    reports.all.reduce(0) { $0 + ($1.values.first ?? .nan) } / Double(reports.all.count)
  }
}
