import Attune
import AttuneCore

/// The best COMPLETE trial of a run with one direction, kept in O(1) a trial.
///
/// As `bestTrials`: the first of equals, and one that violates a constraint only while none is
/// feasible.
struct BestSoFar: Sendable {
  struct Trial: Sendable {
    let number: Int
    let value: Double
    let isFeasible: Bool
  }

  let directions: [Direction]
  private(set) var trial: Trial?

  init(_ study: Study) throws(AttuneError) {
    directions = study.directions
    guard directions.count == 1, study.trialCount > 0 else { return }
    let best = try study.bestTrials()
    if best.count > 0 { take(best[0]) }
  }

  /// Takes in a finished trial.
  mutating func take(_ record: TrialRecord) {
    guard directions.count == 1, record.state == .complete, let value = record.values.first else {
      return
    }
    let feasible = record.constraints.allSatisfy { $0.value <= 0 }
    if let trial {
      if trial.isFeasible && !feasible { return }
      if trial.isFeasible == feasible {
        guard
          directions[0].isBetter(value, than: trial.value)
            || (value == trial.value && record.number < trial.number)
        else { return }
      }
    }
    trial = Trial(number: record.number, value: value, isFeasible: feasible)
  }
}
