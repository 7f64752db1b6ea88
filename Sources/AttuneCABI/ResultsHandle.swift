import Attune
import AttuneCore

/// What an `attune_trials` handle stands for: an unchanging table.
final class ResultsHandle: Handled, Sendable {
  static let kind = HandleKind.trials
  let table: TrialTable

  init(_ table: TrialTable) { self.table = table }

  /// The trial at a place; the error names the number of trials.
  func record(_ index: Int) throws(AttuneError) -> TrialRecord {
    guard 0..<table.count ~= index else {
      throw AttuneError(
        .invalidArgument,
        "i is \(UInt(bitPattern: index)), wanted less than \(table.count), the number of trials",
        subject: "i")
    }
    return table[index]
  }
}
