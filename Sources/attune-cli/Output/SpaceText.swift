import AttuneCore

/// A space as a table for people.
struct SpaceText {
  let space: Space

  init(_ space: Space) { self.space = space }

  var text: String {
    TextTable(
      columns: ["parameter", "type", "values", "when"],
      rows: space.parameters.map { parameter in
        [
          .string(parameter.name), .string(parameter.distribution.kindName),
          .string(values(parameter.distribution)),
          .string(parameter.conditions.map(condition).joined(separator: " and ")),
        ]
      }
    ).text
  }

  private func values(_ distribution: Distribution) -> String {
    switch distribution {
    case .float(let float):
      return "\(float.low) to \(float.high)"
        + (float.step.map { ", step \($0)" } ?? "") + (float.log ? ", log" : "")
    case .int(let int):
      return "\(int.low) to \(int.high)"
        + (int.step == 1 ? "" : ", step \(int.step)") + (int.log ? ", log" : "")
    case .categorical(let categorical):
      return categorical.choices.map(\.quoted).joined(separator: ", ")
        + (categorical.ordered ? " (ordered)" : "")
    case .fixed(let value): return value.quoted
    }
  }

  private func condition(_ condition: Condition) -> String {
    switch condition.test {
    case .choices(let choices):
      choices.count == 1
        ? "\(condition.parent) = \(choices[0].quoted)"
        : "\(condition.parent) in \(choices.map(\.quoted).joined(separator: ", "))"
    case .range(let low, let high): "\(condition.parent) in \(low) to \(high)"
    }
  }
}
