import AttuneCore

/// Reports made up for tests of pruners.
enum PrunerSamples {
  static func reports(_ pairs: [(Int64, Double)]) -> Reports {
    var reports = Reports()
    for (step, value) in pairs { reports.add(step: step, values: [value]) }
    return reports
  }

  /// COMPLETE trials numbered from 0, whose values are their last reports.
  static func finished(_ trials: [[(Int64, Double)]]) -> FinishedReports {
    var finished = FinishedReports()
    for (number, trial) in trials.enumerated() {
      finished.add(
        ReportingTrial(number: number, reports: reports(trial)),
        values: trial.last.map { [$0.1] } ?? [])
    }
    return finished
  }

  /// Steps and values from a JSON list of pairs.
  static func pairs(_ json: JSON) -> [(Int64, Double)] {
    (json.arrayValue ?? []).map { pair in
      (pair.arrayValue?[0].int64Value ?? 0, pair.arrayValue?[1].doubleValue ?? 0)
    }
  }
}

extension Pruner {
  /// Whether a trial without a number of its own is given up while no other runs.
  func shouldPrune(_ reports: Reports, given finished: FinishedReports) -> Bool {
    reasonToPrune(
      ReportingTrial(number: 1 << 40, reports: reports), given: StudyReports(finished: finished))
      != nil
  }
}
