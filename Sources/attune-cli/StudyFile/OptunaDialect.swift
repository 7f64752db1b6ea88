import AttuneCore

/// Optuna's search space JSON: {"lr": {"name": "FloatDistribution", "attributes": {"low", ...}}}.
enum OptunaDialect {
  /// Whether a text is written so.
  static func matches(_ root: DocumentNode) -> Bool {
    guard let members = root.members, !members.isEmpty else { return false }
    return members.allSatisfy { $0.value["name"] != nil && $0.value["attributes"] != nil }
  }

  /// The same space in Attune's own words.
  static func translated(_ root: DocumentNode, in document: Document) throws(CommandError)
    -> JSON.Object
  {
    var object = JSON.Object()
    for member in root.members ?? [] {
      guard let attributes = member.value["attributes"],
        case .object(var parameter) = attributes.json
      else {
        throw document.error("parameter \"\(member.key)\" lacks attributes", at: member.line)
      }
      let kinds = [
        "FloatDistribution": "float", "IntDistribution": "int",
        "CategoricalDistribution": "categorical",
      ]
      guard case .string(let name)? = member.value["name"]?.json, let kind = kinds[name] else {
        throw document.error(
          "parameter \"\(member.key)\": name is \(member.value["name"]?.found ?? "missing"), wanted "
            + "FloatDistribution, IntDistribution or CategoricalDistribution", at: member.line)
      }
      parameter["type"] = .string(kind)
      if parameter["step"]?.isNull == true { parameter["step"] = nil }
      object[member.key] = .object(parameter)
    }
    return object
  }
}
