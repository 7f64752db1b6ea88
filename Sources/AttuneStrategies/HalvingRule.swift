import AttuneCore

/// Which trials go on past the rungs of successive halving.
///
/// Rung k is reached by the first report at step `resource` · `factor`^(k + `offset`) or later, with its
/// value. A trial goes on past it when it is among the best one in `factor` of those that have reached
/// the rung so far, itself among them. (K. Jamieson, A. Talwalkar, AISTATS 2016; asynchronous: L. Li et
/// al., "A system for massively parallel hyperparameter tuning", MLSys 2020, without resuming.) Trials count
/// wherever they stand, also those that passed before the first rung's step was known.
struct HalvingRule: Sendable {
  /// What happens at a rung that fewer than `factor` trials have reached.
  enum Start: Sendable {
    /// Only the best so far goes on, as in Optuna.
    case best
    /// All go on.
    case all
  }

  let direction: Direction
  let factor: Int64
  /// How many rungs at the beginning are left out.
  let offset: Int
  /// The trials at a rung before any goes on.
  let bootstrapCount: Int
  let start: Start

  /// The reason to stop a trial; `competes` tells which other trials count.
  func reason(
    _ trial: ReportingTrial, resource: Int64, given study: StudyReports,
    competes: (Int) -> Bool = { _ in true }
  ) -> String? {
    guard let latest = trial.reports.latest, let value = latest.values.first else { return nil }
    // Only the report that reaches a rung is judged there, and one report may reach several.
    let before = trial.reports.all.lazy.filter { $0.step < latest.step }.map(\.step).max()
    var rung = 0
    while let goal = step(of: rung, resource), goal <= latest.step {
      defer { rung += 1 }
      if let before, before >= goal { continue }
      if value.isNaN { return "step \(latest.step): the value is NaN" }
      var others: [Double] = []
      study.forEach(except: trial.number) { other in
        guard competes(other.number), let reached = self.value(of: other, at: goal) else { return }
        others.append(reached)
      }
      guard !goesOn(value, among: others) else { continue }
      return
        "rung \(rung), step \(latest.step): \(value) is not among the best one in \(factor) of "
        + "\(others.count + 1) trials"
    }
    return nil
  }

  /// The step that reaches a rung; `nil` where there is none so large.
  private func step(of rung: Int, _ resource: Int64) -> Int64? {
    var step = max(resource, 1)
    for _ in 0..<(rung + offset) {
      let (next, overflow) = step.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      step = next
    }
    return step
  }

  /// The value with which a trial reached a rung; `nil` where it has not, or with NaN.
  private func value(of trial: ReportingTrial, at goal: Int64) -> Double? {
    guard let latest = trial.reports.latest, latest.step >= goal else { return nil }
    let report = trial.reports.all.first { $0.step >= goal }
    return report?.values.first.flatMap { $0.isNaN ? nil : $0 }
  }

  private func goesOn(_ value: Double, among others: [Double]) -> Bool {
    let count = others.count + 1
    if count <= bootstrapCount { return false }
    let quota = count / Int(clamping: factor)
    if quota == 0, start == .all { return true }
    let better = others.reduce(0) { $0 + (direction.isBetter($1, than: value) ? 1 : 0) }
    return better < max(quota, 1)
  }
}
