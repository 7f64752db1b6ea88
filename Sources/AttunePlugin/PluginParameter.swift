/// One parameter of an objective's space.
///
/// A study may narrow its range or fix its value. The host checks it when it loads the plugin.
public struct PluginParameter: Sendable {
  public let name: String
  /// The members of its JSON object, without braces.
  private let members: String
  private var conditions: [String] = []

  private init(_ name: String, _ members: String) {
    self.name = name
    self.members = members
  }

  /// A real number; evenly spread in its logarithm with `log`.
  public static func float(
    _ name: String, _ range: ClosedRange<Double>, step: Double? = nil, log: Bool = false
  ) -> Self {
    let step = step.map { ", \"step\": \($0)" } ?? ""
    return Self(
      name,
      "\"type\": \"float\", \"low\": \(range.lowerBound), \"high\": \(range.upperBound)\(step), "
        + "\"log\": \(log)")
  }

  /// A whole number, both ends included.
  public static func int(
    _ name: String, _ range: ClosedRange<Int>, step: Int = 1, log: Bool = false
  ) -> Self {
    Self(
      name,
      "\"type\": \"int\", \"low\": \(range.lowerBound), \"high\": \(range.upperBound), "
        + "\"step\": \(step), \"log\": \(log)")
  }

  /// One of several texts; `ordered` when their order means something.
  public static func choice(_ name: String, _ choices: [String], ordered: Bool = false) -> Self {
    let list = choices.map(quoted).joined(separator: ", ")
    return Self(name, "\"type\": \"categorical\", \"choices\": [\(list)], \"ordered\": \(ordered)")
  }

  /// True or false.
  public static func bool(_ name: String) -> Self {
    Self(name, "\"type\": \"categorical\", \"choices\": [false, true]")
  }

  /// Any other parameter, by the members of its JSON object: `"type": "fixed", "value": 7`.
  public static func json(_ name: String, members: String) -> Self { Self(name, members) }

  /// The same, active only while `parent` is one of these texts. Several conditions must all hold.
  public func when(_ parent: String, is choices: String...) -> Self {
    adding("\(quoted(parent)): [\(choices.map(quoted).joined(separator: ", "))]")
  }

  /// The same, active only while `parent` is that truth value.
  public func when(_ parent: String, is value: Bool) -> Self {
    adding("\(quoted(parent)): [\(value)]")
  }

  /// The same, active only while the number `parent` lies in a range.
  public func when(_ parent: String, in range: ClosedRange<Double>) -> Self {
    adding(
      "\(quoted(parent)): {\"low\": \(range.lowerBound), \"high\": \(range.upperBound)}")
  }

  private func adding(_ condition: String) -> Self {
    var copy = self
    copy.conditions.append(condition)
    return copy
  }

  /// `"name": {...}`, as space JSON has it.
  var json: String {
    let when = conditions.isEmpty ? "" : ", \"when\": {\(conditions.joined(separator: ", "))}"
    return "\(quoted(name)): {\(members)\(when)}"
  }
}

/// A text as a JSON string.
func quoted(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\u{0}"..."\u{1F}":
      let digits = String(scalar.value, radix: 16)
      json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
