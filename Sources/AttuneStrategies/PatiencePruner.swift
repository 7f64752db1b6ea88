public import AttuneCore

/// Stops a trial that has not become better for some reports, or lets another pruner judge it then.
///
/// For: learning curves that go flat. The best of the latest `patience` + 1 reports, by their steps, is
/// compared with the best before them: worse by more than `min_delta`, and the trial is stopped, or,
/// where `pruner` names one, judged by this one with its own defaults. NaN reports do not count; while
/// either part has nothing else, the trial goes on. (Optuna's PatientPruner.)
///
/// Options: `patience` = 0 or more (5); `min_delta` = 0 or more (0); `pruner` = a name (none).
///
/// Looks at each report of the trial once, sorted where steps do not rise.
public struct PatiencePruner: Pruner {
  public static let description = PrunerDescription(
    name: "patience",
    summary: "stops a trial that has not become better for some reports, or lets another judge it",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "patience", .int(low: 0, high: 1 << 40), default: .int(5),
        "how many reports may pass without a better one"),
      OptionDescription(
        "min_delta", .float(low: 0, high: .infinity), default: .float(0),
        "how much worse than before still counts as good"),
      OptionDescription(
        "pruner", .string, default: .null,
        "the pruner that judges an impatient trial; without, it is stopped"),
    ])

  private let direction: Direction
  private let patience: Int
  private let margin: Double
  private let inner: (any Pruner)?

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    direction = directions.first ?? .minimize
    patience = options.int("patience") ?? 5
    margin = options.float("min_delta") ?? 0
    guard let name = options.string("pruner") else {
      inner = nil
      return
    }
    guard try PrunerCatalog.description(named: name).name != Self.description.name else {
      throw AttuneError(
        .invalidArgument, "pruner patience: pruner is \"\(name)\", wanted another one",
        subject: "options.pruner")
    }
    inner = try PrunerCatalog.make(named: name, directions: directions)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let step = trial.reports.latest?.step, trial.reports.all.count > patience + 1 else {
      return nil
    }
    let values = trial.reports.all.sorted { $0.step < $1.step }.map { $0.values.first ?? .nan }
    let place = values.count - patience - 1
    guard let before = best(values[..<place]), let after = best(values[place...]) else {
      return nil
    }
    let limit = direction == .minimize ? before + margin : before - margin
    guard direction.isBetter(limit, than: after) else { return nil }
    guard let inner else {
      return "step \(step): the best of the last \(patience + 1) reports, \(after), is worse than "
        + "\(before) before"
    }
    return inner.reasonToPrune(trial, given: study)
  }

  private func best(_ values: ArraySlice<Double>) -> Double? {
    let numbers = values.lazy.filter { !$0.isNaN }
    return direction == .minimize ? numbers.min() : numbers.max()
  }
}
