import AttuneCore

/// What the page says of a trial that is pointed at, as JSON for its script.
struct TrialTexts {
  private static let parameterLimit = 8
  let study: ReportStudy
  /// The numbers of the trials that are drawn.
  let numbers: [Int]

  /// An object: "names", and for each number a state and as many texts.
  var json: JSON {
    let parameters = study.ranked.prefix(Self.parameterLimit).sorted()
    let objectives = study.directions.indices.prefix(8)
    var names = objectives.map { JSON.string(study.valueName($0)) }
    names += parameters.map { .string(Self.cut(study.space.parameters[$0].name)) }
    var trials = JSON.Object()
    for number in numbers where study.trials.indices.contains(number) {
      let trial = study.trials[number]
      var cells: [JSON] = [.string(trial.state.name)]
      cells += objectives.map {
        trial.values.isEmpty ? .null : .string(NumberText.short(trial.value($0), digits: 6))
      }
      cells += parameters.map { text(number, $0).map(JSON.string) ?? .null }
      trials["\(number)"] = .array(cells)
    }
    return ["names": .array(names), "trials": .object(trials)]
  }

  private func text(_ trial: Int, _ parameter: Int) -> String? {
    let number = study.number(trial, parameter: parameter)
    guard !number.isNaN else { return nil }
    switch study.space.parameters[parameter].distribution {
    case .categorical(let categorical):
      let index = Int(number)
      return categorical.choices.indices.contains(index)
        ? Self.cut(categorical.choices[index].text) : nil
    case .int, .float, .fixed: return NumberText.short(number, digits: 6)
    }
  }

  private static func cut(_ text: String) -> String {
    text.count > 40 ? text.prefix(39) + "…" : text
  }
}
