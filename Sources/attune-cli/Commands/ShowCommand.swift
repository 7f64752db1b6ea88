import ArgumentParser
import Attune
import AttuneCore

/// Shows all that is known of a study, or of one trial.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a study with its space, or one trial.")

  @OptionGroup var storage: StorageOptions

  @Option(help: ArgumentHelp("Show this trial instead.", valueName: "n"))
  var trialNumber: Int?

  @OptionGroup var format: FormatOptions

  func run() throws {
    let study = try storage.open()
    defer { study.close() }
    if let trialNumber {
      try show(trial: trialNumber, of: study)
    } else {
      try show(study)
    }
  }

  private func show(trial number: Int, of study: Study) throws {
    guard let record = try study.trials().records.first(where: { $0.number == number }) else {
      throw CommandError(
        "study \"\(study.name)\" has no trial \(number), wanted 0 to \(study.trialCount - 1)",
        hint: "attune trials")
    }
    guard case .object(let object) = record.json else { return }
    Listing(object: object).print(format.format)
  }

  private func show(_ study: Study) throws {
    let records = try study.trials().records
    var states = JSON.Object()
    for state in TrialState.allCases {
      let count = records.count { $0.state == state }
      if count > 0 { states[state.name.lowercased()] = .int(Int64(count)) }
    }
    let best = try BestText(study)
    var attributes = JSON.Object()
    for attribute in study.attributes {
      attributes[attribute.key] = try JSON(parsing: attribute.json)
    }
    let object: JSON.Object = [
      "name": .string(study.name),
      "directions": .array(study.directions.map { .string($0.name) }),
      "strategy": .string(study.strategyName), "seed": JSON(study.seed),
      "define_by_run": .bool(study.isDefineByRun), "trials": .object(states),
      "best": best.document, "attributes": .object(attributes), "space": study.space.jsonValue,
    ]
    guard format.format == .table else { return Listing(object: object).print(format.format) }
    StandardStream.output.write(text(study, states: states, attributes: attributes))
    StandardStream.output.write("\n" + SpaceText(study.space).text)
    if !best.best.isEmpty { StandardStream.output.write("\n" + best.text) }
  }

  private func text(
    _ study: Study, states: JSON.Object, attributes: JSON.Object
  ) -> String {
    var facts: [(String, String)] = [
      ("study", study.name),
      ("directions", study.directions.map(\.name).joined(separator: ", ")),
      ("strategy", study.strategyName), ("seed", "\(study.seed)"),
      (
        "trials",
        states.isEmpty
          ? "none" : states.map { "\($0.value.cell) \($0.key)" }.joined(separator: ", ")
      ),
    ]
    for (key, value) in attributes { facts.append((key, value.cell)) }
    return TextTable(
      columns: ["", ""], rows: facts.map { [.string($0.0), .string($0.1)] }, showsHeading: false
    ).text
  }
}
