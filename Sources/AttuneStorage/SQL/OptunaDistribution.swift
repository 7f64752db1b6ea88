import AttuneCore

/// Distributions and values as Optuna's tables hold them.
///
/// Three kinds: a fixed value becomes a categorical of one choice, an ordered categorical a plain one.
/// A value is one double: a choice its index, an int rounded beyond 2^53.
enum OptunaDistribution {
  /// The text for the column `distribution_json`, with spaces as Python's `json` puts them.
  static func text(_ distribution: Distribution) -> String {
    var attributes = JSON.Object()
    let name: String
    switch distribution {
    case .float(let float):
      name = "FloatDistribution"
      attributes["step"] = float.step.map(JSON.float) ?? .null
      attributes["low"] = .float(float.low)
      attributes["high"] = .float(float.high)
      attributes["log"] = .bool(float.log)
    case .int(let int):
      name = "IntDistribution"
      attributes["log"] = .bool(int.log)
      attributes["step"] = .int(int.step)
      attributes["low"] = .int(int.low)
      attributes["high"] = .int(int.high)
    case .categorical(let categorical):
      name = "CategoricalDistribution"
      attributes["choices"] = .array(categorical.choices.map(\.json))
    case .fixed(let value):
      name = "CategoricalDistribution"
      attributes["choices"] = [value.json]
    }
    return JSON.object(["name": .string(name), "attributes": .object(attributes)]).text(.spaced)
  }

  /// The number for the column `param_value`.
  static func number(_ distribution: Distribution, slot: UInt64) -> Double {
    // The one choice, whatever its value.
    if case .fixed = distribution { return 0 }
    return distribution.number(ofSlot: slot)
  }

  /// A parameter from its columns, with the names that older versions of Optuna wrote.
  static func parameter(_ name: String, _ text: String) throws(AttuneError) -> Parameter {
    let json: JSON
    do {
      json = try JSON(parsing: text)
    } catch {
      throw AttuneError(.storage, "parameter \"\(name)\": its distribution is no JSON: \(error)")
    }
    let members = json["attributes"] ?? json
    let kind = json["name"]?.stringValue ?? json["type"]?.stringValue ?? "missing"
    var object = JSON.Object()
    switch kind {
    case "FloatDistribution", "UniformDistribution", "LogUniformDistribution",
      "DiscreteUniformDistribution", "float":
      object["type"] = "float"
      object["low"] = members["low"]
      object["high"] = members["high"]
      object["step"] = members["step"] ?? members["q"]
      object["log"] = kind == "LogUniformDistribution" ? true : members["log"]
    case "IntDistribution", "IntUniformDistribution", "IntLogUniformDistribution", "int":
      object["type"] = "int"
      object["low"] = members["low"]
      object["high"] = members["high"]
      object["step"] = kind == "IntLogUniformDistribution" ? nil : members["step"]
      object["log"] = kind == "IntLogUniformDistribution" ? true : members["log"]
    case "CategoricalDistribution", "categorical":
      object["type"] = "categorical"
      object["choices"] = members["choices"]?.arrayValue.map { .array($0.map(choice)) }
    default:
      throw AttuneError(
        .storage,
        "parameter \"\(name)\": its distribution is \"\(kind)\", wanted float, int or "
          + "categorical")
    }
    // A step as wide as the range, or wider, leaves one value: Optuna takes it, a space does not.
    if let low = object["low"]?.doubleValue, let high = object["high"]?.doubleValue,
      let step = object["step"]?.doubleValue, step > high - low
    {
      object["step"] = nil
      object["high"] = object["low"]
    }
    return try Parameter(name, json: object)
  }

  /// A choice; one that is no finite scalar becomes its text, which is all Optuna shows of it too.
  private static func choice(_ json: JSON) -> JSON {
    if case .float(let number) = json, !number.isFinite { return .string("\(number)") }
    return Value(json) == nil ? .string(json.text(.spaced)) : json
  }

  /// The value for a number of the column `param_value`.
  static func value(_ distribution: Distribution, number: Double) throws(AttuneError) -> Value {
    switch distribution {
    case .float: return .float(number)
    case .int:
      if let integer = Value.float(number).integer { return .int(integer) }
      // The largest integers are not among the doubles: what rounded past them is meant.
      guard number.magnitude >= 0x1p63 else {
        throw AttuneError(.storage, "an int parameter is \(number), wanted a whole number")
      }
      return .int(number < 0 ? .min : .max)
    case .categorical(let categorical):
      guard let index = Value.float(number).integer.flatMap({ Int(exactly: $0) }),
        categorical.choices.indices.contains(index)
      else {
        throw AttuneError(
          .storage,
          "a choice is \(number), wanted an index below \(categorical.choices.count)")
      }
      return categorical.choices[index]
    case .fixed(let value): return value
    }
  }
}
