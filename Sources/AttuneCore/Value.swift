/// One value of a parameter as people write it: a choice, or a number.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case string(String)

  /// The kind of a value; raw values are those of `attune_choice_type`.
  public enum Kind: Int32, Sendable {
    case null = 0
    case bool = 1
    case int = 2
    case float = 3
    case string = 4
  }

  public var kind: Kind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .string
    }
  }

  /// The value without quotes: "null", "true", "3", "2.5", "rbf".
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): String(describing: value)
    case .string(let value): value
    }
  }

  /// The value as error texts show it: strings in quotes.
  public var quoted: String {
    if case .string(let value) = self { "\"\(value)\"" } else { text }
  }

  /// The value as a number: bool as 0 or 1; `nil` for null and strings.
  public var number: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .float(let value): value
    case .null, .string: nil
    }
  }

  /// The value as a whole number, where it is one exactly; bool as 0 or 1.
  public var integer: Int64? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): value
    case .float(let value): Int64(exactly: value)
    case .null, .string: nil
    }
  }

  /// Whether two values mean the same choice: equal, or numbers of equal size (3 and 3.0).
  public func matches(_ other: Value) -> Bool {
    switch (self, other) {
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): Int64(exactly: b) == a
    default: self == other
    }
  }
}
