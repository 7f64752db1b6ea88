import Attune
import AttuneCore

/// The best trial of a study, or its Pareto front.
struct BestText {
  let best: [TrialRecord]
  let directions: [Direction]
  let space: Space

  init(_ study: Study) throws(AttuneError) {
    best = try study.bestTrials().records
    directions = study.directions
    space = study.space
  }

  /// For people, ending in a line end.
  var text: String {
    guard directions.count == 1, let trial = best.first else {
      let table = TrialText(records: best, directions: directions, space: space).listing
      let names = directions.map(\.name).joined(separator: ", ")
      return "Pareto front of \(best.count) trials (\(names))\n\n" + table.text(.table)
    }
    let params = trial.params.isEmpty ? "  no parameters\n" : trial.paramText
    return "Best trial \(trial.number): \(trial.valueText) (\(directions[0].name))\n\(params)"
  }

  /// The trial itself for one direction, otherwise the list of trials.
  var document: JSON {
    directions.count == 1
      ? best.first?.json ?? .null : .array(best.map(\.json))
  }

  func print(_ format: OutputFormat) {
    if format == .table { return StandardStream.output.write(text) }
    var listing = TrialText(records: best, directions: directions, space: space).listing
    listing.document = document
    listing.print(format)
  }
}
