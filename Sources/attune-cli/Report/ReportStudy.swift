import Attune
import AttuneCore

/// What a report tells of a study, gathered once.
struct ReportStudy {
  /// What pictures need of a trial.
  struct Trial {
    let number: Int
    let state: TrialState
    /// One a direction, of a COMPLETE trial; else empty.
    let values: [Double]
    let isFeasible: Bool
    let started: Int64
    let finished: Int64
    let hasReports: Bool

    func value(_ objective: Int) -> Double {
      values.indices.contains(objective) ? values[objective] : .nan
    }
  }

  let name: String
  let strategy: String
  let seed: UInt64
  let directions: [Direction]
  let space: Space
  let attributes: [(key: String, json: String)]
  let trials: [Trial]
  /// The same trials.
  let table: TrialTable
  /// The best trial, or the Pareto front.
  let best: [TrialRecord]
  let failures: FailureCounts
  /// Shares of 1, the largest first; empty where they cannot be told.
  let importances: [(name: String, share: Double)]
  /// The places in `trials` of those COMPLETE ones that are drawn.
  let drawn: [Int]

  init(_ study: Study) throws {
    name = study.name
    strategy = study.strategyName
    seed = study.seed
    directions = study.directions
    attributes = study.attributes
    table = try study.trials()
    space = table.space
    best = try study.bestTrials().records
    var trials: [Trial] = []
    var failures = FailureCounts()
    for index in 0..<table.count {
      let record = table[index]
      if record.state == .fail {
        failures.take(record.failure?.reason ?? "no reason given", trial: record.number)
      }
      trials.append(
        Trial(
          number: record.number, state: record.state,
          values: record.state == .complete ? record.values : [],
          isFeasible: record.constraints.allSatisfy { $0.value <= 0 }, started: record.started,
          finished: record.finished, hasReports: !record.reports.all.isEmpty))
    }
    (self.trials, self.failures) = (trials, failures)
    let finite = trials.count { !$0.values.isEmpty && $0.values.allSatisfy(\.isFinite) }
    importances = finite > 1 ? try study.importances() : []
    drawn = TrialSample.choose(trials, directions: directions, best: best.map(\.number))
  }

  /// A parameter of the trial at a place as a number: a choice as its index, NaN while inactive.
  func number(_ place: Int, parameter: Int) -> Double { table.number(place, parameter: parameter) }

  /// What objective values are called, as in the listings: value, or value_0 and so on.
  func valueName(_ objective: Int) -> String {
    directions.count == 1 ? "value" : "value_\(objective)"
  }

  /// The parameters that have a choice, as places in the space: those that mattered most first, or in the
  /// order of the space where that is not known.
  var ranked: [Int] {
    let free = space.parameters.indices.filter { !space.parameters[$0].distribution.isSingle }
    guard !importances.isEmpty else { return free }
    let known = importances.compactMap { space.find($0.name) }
    return known + free.filter { !Set(known).contains($0) }
  }
}
