import Attune
import AttuneCore

/// What an `attune_trials` handle stands for: an unchanging table.
final class ResultsHandle: Handled, Sendable {
  static let kind = HandleKind.trials
  let table: TrialTable

  init(_ table: TrialTable) { self.table = table }

  /// A place in the table; the error names the number of trials.
  func checked(_ index: Int) throws(AttuneError) -> Int {
    guard 0..<table.count ~= index else {
      throw AttuneError(
        .invalidArgument,
        "i is \(UInt(bitPattern: index)), wanted less than \(table.count), the number of trials",
        subject: "i")
    }
    return index
  }

  /// A value of the trial at a place, which must have one.
  func value(_ index: Int, _ objective: Int) throws(AttuneError) -> Double {
    let record = table[try checked(index)]
    guard table.directions.indices.contains(objective) else {
      throw AttuneError(
        .invalidArgument,
        "objective is \(UInt(bitPattern: objective)), wanted less than "
          + "\(table.directions.count), the number of directions", subject: "objective")
    }
    guard record.values.indices.contains(objective) else {
      throw AttuneError(
        .invalidState, "trial \(record.number) is \(record.state.name) and has no value")
    }
    return record.values[objective]
  }
}
