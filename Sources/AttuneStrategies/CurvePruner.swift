public import AttuneCore
import AttuneNumerics

/// Stops a trial that will hardly end among the best, by how well ranks at this step tell final ranks.
///
/// For: learning curves of any shape; nothing has to be known of them. Of the COMPLETE trials that
/// reported at exactly this step, the ranks then and the ranks of their final values are compared: how far
/// they are apart is the deviation of a normal forecast of the trial's final rank. Where the
/// probability of ending among the best `top` is below `confidence`, the trial is stopped. With fewer than
/// ten such trials it goes on.
///
/// What is ranked is the value at the step and half of what it has changed by since half the step: slow
/// learners are behind at first, and their curves still fall when others' are flat. On the boosting
/// example that saves more rounds and loses fewer of the best trials than the values alone.
///
/// Options: `top` = above 0 to 1 (0.2); `confidence` = 0 to 1 (0.01); `n_warmup_steps` = 0 or more (0);
/// `interval_steps` = 1 or more (1).
///
/// O(n log n) for n COMPLETE trials.
public struct CurvePruner: Pruner {
  public static let description = PrunerDescription(
    name: "curve",
    summary: "stops a trial whose curve will hardly end among the best, as ranks so far tell",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "top", .float(low: 1e-6, high: 1), default: .float(0.2),
        "the share of the best among which a trial should end"),
      OptionDescription(
        "confidence", .float(low: 0, high: 1), default: .float(0.01),
        "the probability of that below which it is stopped"),
      OptionDescription(
        "n_warmup_steps", .int(low: 0, high: .max), default: .int(0),
        "steps below which no trial is stopped"),
      OptionDescription(
        "interval_steps", .int(low: 1, high: .max), default: .int(1),
        "steps from one judgement of a trial to the next"),
    ])

  private let direction: Direction
  private let top: Double
  private let confidence: Double
  private let schedule: StepSchedule

  private static let leastCount = 10

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    direction = directions.first ?? .minimize
    top = options.float("top") ?? 0.2
    confidence = options.float("confidence") ?? 0.01
    schedule = StepSchedule(options)
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let latest = trial.reports.latest, !latest.values.isEmpty,
      schedule.judges(latest.step, in: trial.reports)
    else { return nil }
    guard let value = trial.reports.outlook(at: latest.step) else {
      return "step \(latest.step): the value is NaN"
    }
    var pairs: [(then: Double, final: Double)] = []
    for entry in study.finished.entries where entry.state == .complete {
      guard let then = entry.trial.reports.outlook(at: latest.step),
        let final = entry.values.first, !final.isNaN
      else { continue }
      pairs.append((then, final))
    }
    guard pairs.count >= Self.leastCount else { return nil }
    let place = forecast(value, pairs)
    let chance = StandardNormal.cumulative((top - place.mean) / place.deviation)
    guard chance < confidence else { return nil }
    return "step \(latest.step): ends among the best \(top * 100) % with probability \(chance), by "
      + "\(pairs.count) trials"
  }

  /// Where among the final values a trial will end, from 0, the best, to 1.
  private func forecast(
    _ value: Double, _ pairs: [(then: Double, final: Double)]
  ) -> (mean: Double, deviation: Double) {
    let count = Double(pairs.count)
    let then = places(pairs.map(\.then))
    let final = places(pairs.map(\.final))
    let square = zip(then, final).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let better = pairs.reduce(0.0) { sum, pair in
      if direction.isBetter(pair.then, than: value) { return sum + 1 }
      return pair.then == value ? sum + 0.5 : sum
    }
    // Ranks that agree by chance are no certainty.
    return (better / count, max((square / count).squareRoot(), 1 / count))
  }

  /// The rank of each value as a share, ties at their middle.
  private func places(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { direction.isBetter(values[$0], than: values[$1]) }
    var places = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for index in start..<end {
        places[order[index]] = Double(start + end) / 2 / Double(values.count)
      }
      start = end
    }
    return places
  }
}

extension Reports {
  /// The first value at a step and half of its change since half the step; the value itself where that is
  /// not known or not finite, `nil` where the value is NaN or there is none.
  fileprivate func outlook(at step: Int64) -> Double? {
    guard let value = report(at: step)?.values.first, !value.isNaN else { return nil }
    let half = step / 2
    // Where steps do not count up by one, the last one before.
    let earlier = report(at: half) ?? all.filter { $0.step < half }.max { $0.step < $1.step }
    guard let before = earlier?.values.first else { return value }
    let outlook = value + (value - before) / 2
    return outlook.isFinite ? outlook : value
  }
}
