/// A JSON value.
///
/// Integers are exact: a number without fraction and exponent is `int` when it fits `Int64`, `uint`
/// when it lies above and fits `UInt64`, and `float` otherwise. The floats NaN, Infinity and
/// -Infinity are read and written as those bare words, as Python's `json` does.
///
/// Two values are equal when they are the same kind with the same content: NaN equals NaN, texts
/// and keys compare byte for byte (no Unicode normalisation), objects compare in order, and the
/// integer 1 differs from the float 1.0.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// An integer above `Int64.max`; `init(_: UInt64)` keeps smaller ones in `int`.
  case uint(UInt64)
  case float(Double)
  case string(String)
  case array([JSON])
  case object(Object)

  /// Arrays and objects open at once in a text that is read.
  public static let maximumDepth = 256

  /// An unsigned integer, as `int` where it fits.
  public init(_ value: UInt64) {
    if let signed = Int64(exactly: value) {
      self = .int(signed)
    } else {
      self = .uint(value)
    }
  }
}

extension JSON {
  /// The member of that key; nil if there is none or this is no object.
  ///
  /// Takes constant time in objects of any size.
  public subscript(key: String) -> JSON? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// Whether this is null.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The truth value; nil if this is no boolean.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number; nil if this is no number, has a fraction or does not fit.
  ///
  /// A float counts when it is whole: writers differ on 3 and 3.0.
  public var int64Value: Int64? {
    switch self {
    case .int(let value): value
    case .uint(let value): Int64(exactly: value)
    case .float(let value): value.whole(from: -0x1p63, below: 0x1p63) ? Int64(value) : nil
    default: nil
    }
  }

  /// The whole number at or above zero; nil if this is no number, has a fraction or does not fit.
  public var uint64Value: UInt64? {
    switch self {
    case .int(let value): UInt64(exactly: value)
    case .uint(let value): value
    case .float(let value): value.whole(from: 0, below: 0x1p64) ? UInt64(value) : nil
    default: nil
    }
  }

  /// The number, integers rounded to the nearest float; nil if this is no number.
  public var doubleValue: Double? {
    switch self {
    case .int(let value): Double(value)
    case .uint(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  /// The text; nil if this is no string.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements; nil if this is no array.
  public var arrayValue: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members; nil if this is no object.
  public var objectValue: Object? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The kind with its article, for error texts: `a string`, `an integer`, `null`.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int, .uint: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSON: Equatable {
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.int(let left), .uint(let right)): left == right
    case (.uint(let left), .int(let right)): left == right
    case (.float(let left), .float(let right)): left == right || (left.isNaN && right.isNaN)
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// Members in order; of a key that repeats, the last value at the first place.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    var object = Object()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}

extension Double {
  /// Whether this is a whole number of a range.
  ///
  /// Stands in for `Int64(exactly:)`, which in debug builds wants libm's symbols, that nothing here
  /// links.
  fileprivate func whole(from low: Double, below high: Double) -> Bool {
    guard self >= low, self < high else { return false }
    // Floats of 2^53 and above have no fraction, and those below fit.
    return magnitude >= 0x1p53 || Double(Int64(self)) == self
  }
}

extension String {
  /// Whether both texts are the same bytes; `==` also equates composed and decomposed letters.
  func hasSameBytes(as other: String) -> Bool {
    // Cheapest first: the count is a field, and `==` of ASCII texts is a memory comparison.
    utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
  }
}
