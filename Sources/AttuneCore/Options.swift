/// One named setting that a strategy, pruner, objective or run takes.
public struct OptionDescription: Sendable, Hashable {
  /// The type of an option's value, and the values allowed.
  public enum Kind: Sendable, Hashable {
    case bool
    case int(low: Int64, high: Int64)
    case float(low: Double, high: Double)
    case string
    case choice([String])
  }

  public let key: String
  public let kind: Kind
  /// What holds when the option is not given; `.null` when nothing does.
  public let standard: Value
  public let summary: String

  public init(_ key: String, _ kind: Kind, default standard: Value, _ summary: String) {
    self.key = key
    self.kind = kind
    self.standard = standard
    self.summary = summary
  }

  /// The word for the kind: bool, int, float, string.
  public var typeName: String {
    switch kind {
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string, .choice: "string"
    }
  }

  /// The values allowed, for people: "1 to 64", "one of a, b", or "".
  public var range: String {
    switch kind {
    case .bool: "true or false"
    case .int(let low, let high): high == .max ? "\(low) or more" : "\(low) to \(high)"
    case .float(-.infinity, .infinity): "any number"
    case .float(.leastNonzeroMagnitude, let high):
      high == .infinity ? "above 0" : "above 0, \(high) at most"
    case .float(let low, let high): high == .infinity ? "\(low) or more" : "\(low) to \(high)"
    case .string: ""
    case .choice(let names): "one of " + names.joined(separator: ", ")
    }
  }

  /// The value in the option's own type, or an error that names key, value found and value wanted.
  func checked(_ value: Value, of owner: String) throws(AttuneError) -> Value {
    switch (kind, value) {
    case (.bool, .bool), (.string, .string): return value
    case (.bool, .int(let number)) where number == 0 || number == 1: return .bool(number == 1)
    case (.int(let low, let high), _):
      if value.kind != .bool, let integer = value.integer, low <= integer, integer <= high {
        return .int(integer)
      }
    case (.float(let low, let high), _):
      if value.kind != .bool, let number = value.number, low <= number, number <= high {
        return .float(number)
      }
    case (.choice(let names), .string(let name)):
      if names.contains(name) { return value }
    default: break
    }
    let wanted = [typeName, range].filter { !$0.isEmpty }.joined(separator: ", ")
    throw AttuneError(
      .invalidArgument, "\(owner): option \"\(key)\" is \(value.quoted), wanted \(wanted)",
      subject: "options.\(key)")
  }
}

/// Checked settings: every key is known, every value has the option's type and lies in its range.
public struct Options: Sendable {
  private let values: [String: Value]

  /// No setting given: all defaults.
  public static let none = Options(values: [:])

  private init(values: [String: Value]) { self.values = values }

  /// Checks `given` against `known`; `owner` begins the error text ("strategy grid").
  public init(
    _ given: [(key: String, value: Value)], known: [OptionDescription], owner: String
  ) throws(AttuneError) {
    var values: [String: Value] = [:]
    for option in known where option.standard != .null { values[option.key] = option.standard }
    var seen: Set<String> = []
    for (key, value) in given {
      guard let option = known.first(where: { $0.key == key }) else {
        let keys = known.map(\.key)
        let list = keys.isEmpty ? "it takes none" : "it takes " + keys.joined(separator: ", ")
        throw AttuneError(
          .invalidArgument,
          "\(owner): unknown option \"\(key)\"\(suggestion(for: key, among: keys)); \(list)",
          subject: "options.\(key)")
      }
      guard seen.insert(key).inserted else {
        throw AttuneError(
          .invalidArgument, "\(owner): option \"\(key)\" is given twice, wanted once",
          subject: "options.\(key)")
      }
      if value == .null { continue }
      values[key] = try option.checked(value, of: owner)
    }
    self.values = values
  }

  /// Whether there is a value for a key, given or its default.
  public func isGiven(_ key: String) -> Bool { values[key] != nil }

  public func bool(_ key: String) -> Bool? {
    if case .bool(let value)? = values[key] { value } else { nil }
  }
  public func int(_ key: String) -> Int? { values[key]?.integer.map(Int.init(clamping:)) }
  public func float(_ key: String) -> Double? { values[key]?.number }
  public func string(_ key: String) -> String? {
    if case .string(let value)? = values[key] { value } else { nil }
  }
}
