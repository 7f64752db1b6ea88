import AttuneCore

/// The sweep configurations of Weights & Biases: `parameters:`, `method`, `metric`, `command`.
///
/// Documented at docs.wandb.ai, "Sweep configuration options". What cannot be kept exactly is refused,
/// or done nearly and said in `notes`.
struct SweepDialect {
  let document: Document
  private(set) var notes: [String] = []

  init(_ document: Document) { self.document = document }

  /// The `parameters:` block as a space.
  mutating func space(_ block: DocumentNode) throws(CommandError) -> Space {
    guard let members = block.members else {
      throw document.wanted("a mapping of parameters", for: "parameters", at: block)
    }
    var parameters: [Parameter] = []
    for member in members {
      do {
        parameters.append(try parameter(member))
      } catch let error as AttuneError {
        throw document.error(error.message, at: member.line)
      } catch let error as CommandError {
        throw error
      } catch {
        throw document.error("\(error)", at: member.line)
      }
    }
    do {
      return try Space(parameters)
    } catch {
      throw document.located(error, in: block)
    }
  }

  mutating func note(_ text: String) { notes.append(text) }

  private static let keys = [
    "value", "values", "min", "max", "q", "distribution", "mu", "sigma", "probabilities",
    "parameters",
  ]

  private mutating func parameter(_ member: DocumentNode.Member) throws -> Parameter {
    let name = member.key
    guard let members = member.value.members else {
      throw document.error(
        "parameter \"\(name)\" is \(member.value.found), wanted a mapping such as {min: 0, max: 1}",
        at: member.line)
    }
    for key in members {
      if key.key == "parameters" {
        throw document.error(
          "parameter \"\(name)\" holds nested parameters, which a flat space has no place for",
          at: key.line, hint: "write \"\(name).CHILD\" for each child")
      }
      guard Self.keys.contains(key.key) else {
        let near = suggestion(for: key.key, among: Self.keys)
        throw document.error(
          "parameter \"\(name)\": unknown key \"\(key.key)\"\(near)", at: key.line)
      }
    }
    let node = member.value
    let distribution = try distributionName(node, name: name, line: member.line)
    switch distribution {
    case "constant":
      let value = try scalar(node, "value", of: name, line: member.line)
      return Parameter(name, .fixed(value))
    case "categorical", "categorical_w_probabilities":
      return Parameter(name, .categorical(try choices(node, name: name, line: member.line)))
    default:
      return Parameter(
        name, try range(distribution, node, name: name, line: member.line))
    }
  }

  /// The distribution as written, or the one that W&B takes for the keys that are there.
  private func distributionName(
    _ node: DocumentNode, name: String, line: Int?
  ) throws(CommandError) -> String {
    if let written = node["distribution"] {
      guard case .scalar(.string(let text)) = written.content else {
        throw document.wanted("a name", for: "parameter \"\(name)\": distribution", at: written)
      }
      return text
    }
    if node["value"] != nil { return "constant" }
    if node["values"] != nil {
      return "categorical"
    }
    guard let low = node["min"], let high = node["max"] else {
      throw document.error(
        "parameter \"\(name)\" has neither value, nor values, nor min and max", at: line)
    }
    let whole = isWhole(low.json) && isWhole(high.json)
    if node["q"] != nil { return "q_uniform" }
    return whole ? "int_uniform" : "uniform"
  }

  private func isWhole(_ value: JSON) -> Bool {
    if case .int = value { true } else { false }
  }

  private func scalar(
    _ node: DocumentNode, _ key: String, of name: String, line: Int?
  ) throws(CommandError) -> Value {
    guard let value = node[key] else {
      throw document.error("parameter \"\(name)\" lacks \(key)", at: line)
    }
    guard let scalar = Value(value.json) else {
      throw document.wanted(
        "null, a bool, a number or a text", for: "parameter \"\(name)\": \(key)", at: value)
    }
    return scalar
  }

  private mutating func choices(
    _ node: DocumentNode, name: String, line: Int?
  ) throws -> CategoricalDistribution {
    guard let list = node["values"] else {
      throw document.error("parameter \"\(name)\" lacks values", at: line)
    }
    guard case .list(let items) = list.content else {
      throw document.wanted("a list", for: "parameter \"\(name)\": values", at: list)
    }
    if node["probabilities"] != nil {
      notes.append(
        "parameter \"\(name)\": probabilities are not used, all values are equally likely")
    }
    var choices: [Value] = []
    for item in items {
      guard let choice = Value(item.json) else {
        throw document.wanted(
          "null, a bool, a number or a text", for: "parameter \"\(name)\": a value", at: item)
      }
      choices.append(choice)
    }
    return try CategoricalDistribution(choices: choices, name: name)
  }
}
