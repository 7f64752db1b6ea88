import ArgumentParser
import Attune
import AttuneCore

/// Lists the trials of a study.
struct TrialsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trials",
    abstract: "List the trials of a study.",
    discussion: "CSV has the columns of Optuna's trials_dataframe.")

  @OptionGroup var storage: StorageOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these states: complete, pruned, fail, running, waiting.", valueName: "state"),
    completion: .list(TrialState.allCases.map { $0.name.lowercased() }))
  var state: [String] = []

  @Option(
    help: ArgumentHelp(
      "Order: number (the default), value (best first), duration, or a parameter.",
      valueName: "column"))
  var sort: String = "number"

  @Flag(help: "Turn the order round.")
  var reverse = false

  @Option(
    name: [.customShort("l"), .long],
    help: ArgumentHelp("Show only the first n, after ordering.", valueName: "n"))
  var limit: Int?

  @OptionGroup var format: FormatOptions

  func run() throws {
    let limit = try LimitOptions.counted(limit, low: 0, option: "--limit")
    let states = try states()
    let study = try storage.open()
    defer { study.close() }
    var records = try study.trials(states).records
    try order(&records, study)
    if reverse { records.reverse() }
    if let limit { records = Array(records.prefix(limit)) }
    let listing = TrialText(
      records: records, directions: study.directions, space: study.space
    ).listing
    listing.print(format.format)
    if records.isEmpty && format.format == .table {
      StandardStream.error.writeLine("attune: note: study \"\(study.name)\" has no such trial")
    }
  }

  private func states() throws(CommandError) -> Set<TrialState>? {
    guard !state.isEmpty else { return nil }
    var states: Set<TrialState> = []
    for text in state.flatMap({ $0.split(separator: ",").map(String.init) }) {
      let name = text.uppercased() == "FAILED" ? "FAIL" : text.uppercased()
      guard let state = TrialState(name: name) else {
        let names = TrialState.allCases.map { $0.name.lowercased() }
        throw .usage(
          "--state is \"\(text)\"\(suggestion(for: text, among: names)), wanted "
            + names.joined(separator: ", "))
      }
      states.insert(state)
    }
    return states
  }

  private func order(_ records: inout [TrialRecord], _ study: Study) throws {
    switch sort {
    case "number": return
    case "value":
      guard study.directions.count == 1 else {
        throw CommandError.usage(
          "--sort value wants a study of one direction, this has \(study.directions.count)")
      }
      let direction = study.directions[0]
      records.sort { a, b in
        guard let x = a.values.first, !x.isNaN else { return false }
        guard let y = b.values.first, !y.isNaN else { return true }
        return direction.isBetter(x, than: y) || (x == y && a.number < b.number)
      }
    case "duration":
      records.sort { ($0.finished - $0.started, $0.number) < ($1.finished - $1.started, $1.number) }
    default:
      _ = try study.space.index(of: sort)
      records.sort { a, b in
        guard let x = a.params.first(where: { $0.name == sort })?.value else { return false }
        guard let y = b.params.first(where: { $0.name == sort })?.value else { return true }
        if let x = x.number, let y = y.number { return x < y }
        return x.text < y.text
      }
    }
  }
}
