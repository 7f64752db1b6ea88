import AttuneCore

/// Which trials go on past the rungs of successive halving.
///
/// Rung k is reached by the first report at step `resource` · `factor`^(k + `offset`) or later, with its
/// value. A trial goes on past it when it is among the best one in `factor` of those that have reached
/// the rung so far, itself among them. (K. Jamieson, A. Talwalkar, AISTATS 2016; asynchronous: L. Li et
/// al., "A system for massively parallel hyperparameter tuning", MLSys 2020.) Trials count wherever they
/// stand, also those that passed before the first rung's step was known.
///
/// A trial that is paused where it would have been stopped is promoted, as there, when it is among the best
/// one in `factor` that have reached its rung by then: the highest rung first, there the best, of equals the
/// first.
struct HalvingRule: Sendable {
  /// What happens at a rung that fewer than `factor` trials have reached.
  enum Start: Sendable {
    /// None goes on, for they can later.
    case none
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
    for (rung, goal) in reached(by: trial.reports, resource) {
      if value.isNaN { return "step \(latest.step): the value is NaN" }
      var others: [Double] = []
      study.forEach(except: trial.number) { other in
        guard competes(other.number), let reached = self.value(of: other, at: goal) else { return }
        others.append(reached)
      }
      let better = others.reduce(0) { $0 + (direction.isBetter($1, than: value) ? 1 : 0) }
      guard !goesOn(better: better, of: others.count + 1) else { continue }
      return
        "rung \(rung), step \(latest.step): \(value) is not among the best one in \(factor) of "
        + "\(others.count + 1) trials"
    }
    return nil
  }

  /// The paused trial to be promoted, and the step of the highest rung where it waits.
  func promotion(
    among paused: [ReportingTrial], resource: Int64, given study: StudyReports,
    competes: (Int) -> Bool = { _ in true }
  ) -> (trial: Int, goal: Int64)? {
    var values: [Int64: [Double]] = [:]
    var best: (trial: Int, goal: Int64, value: Double)?
    for trial in paused where competes(trial.number) {
      guard let value = trial.reports.latest?.values.first, !value.isNaN else { continue }
      let rungs = reached(by: trial.reports, resource)
      guard let goal = rungs.last?.goal else { continue }
      if let best, goal < best.goal { continue }
      if let best, goal == best.goal, !direction.isBetter(value, than: best.value) { continue }
      let goesOn = rungs.allSatisfy { rung in
        let all = values[rung.goal] ?? reaching(rung.goal, study, competes)
        values[rung.goal] = all
        return self.goesOn(better: count(betterThan: value, among: all), of: all.count)
      }
      if goesOn { best = (trial.number, goal, value) }
    }
    return best.map { ($0.trial, $0.goal) }
  }

  /// How many of some values, the best first, are better than one.
  private func count(betterThan value: Double, among values: [Double]) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = low + (high - low) / 2
      if direction.isBetter(values[middle], than: value) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The values with which trials that compete have reached a rung, the best first.
  private func reaching(
    _ goal: Int64, _ study: StudyReports, _ competes: (Int) -> Bool
  ) -> [Double] {
    var values: [Double] = []
    study.forEach(except: -1) { trial in
      guard competes(trial.number), let value = value(of: trial, at: goal) else { return }
      values.append(value)
    }
    values.sort { direction.isBetter($0, than: $1) }
    return values
  }

  /// The rungs that the last report reaches, with their steps. Only that report is judged there, and it may
  /// reach several.
  private func reached(by reports: Reports, _ resource: Int64) -> [(rung: Int, goal: Int64)] {
    guard let latest = reports.latest else { return [] }
    let before = reports.all.lazy.filter { $0.step < latest.step }.map(\.step).max()
    var rungs: [(rung: Int, goal: Int64)] = []
    var rung = 0
    while let goal = step(of: rung, resource), goal <= latest.step {
      if before.map({ $0 < goal }) ?? true { rungs.append((rung, goal)) }
      rung += 1
    }
    return rungs
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

  /// Whether a trial goes on past a rung that `count` have reached, itself among them.
  private func goesOn(better: Int, of count: Int) -> Bool {
    if count <= bootstrapCount { return false }
    let quota = count / Int(clamping: factor)
    guard quota == 0 else { return better < quota }
    switch start {
    case .none: return false
    case .best: return better == 0
    case .all: return true
    }
  }
}
