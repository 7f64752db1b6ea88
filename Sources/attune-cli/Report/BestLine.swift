import AttuneCore

/// The best value so far.
enum BestLine {
  /// The places of the trials that were better than all before them; infeasible ones count only where none
  /// is feasible.
  static func records(
    _ trials: [ReportStudy.Trial], objective: Int, direction: Direction
  ) -> [Int] {
    let anyFeasible = trials.contains { $0.state == .complete && $0.isFeasible }
    var records: [Int] = []
    for (place, trial) in trials.enumerated()
    where trial.state == .complete && (trial.isFeasible || !anyFeasible) {
      let value = trial.value(objective)
      guard value.isFinite else { continue }
      if let last = records.last,
        !direction.isBetter(value, than: trials[last].value(objective))
      {
        continue
      }
      records.append(place)
    }
    return records
  }
}
