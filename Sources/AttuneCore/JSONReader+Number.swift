extension JSONReader {
  /// Powers of ten that a float holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The parts of a number's text.
  private struct Decimal {
    var negative = false
    /// The first nineteen significant digits as one whole number.
    var digits: UInt64 = 0
    var digitCount = 0
    var fractionDigits = 0
    var exponent = 0
    var isWhole = true

    /// Adds a digit; leading zeros count for nothing, and digits past the nineteenth are dropped.
    mutating func append(_ byte: UInt8) {
      if digitCount < 19 {
        digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
      }
      if digits != 0 { digitCount += 1 }
    }
  }

  /// Reads a number; the position is at its sign or first digit.
  mutating func readNumber() throws(JSONError) -> JSON {
    let start = position
    var decimal = Decimal()
    if next == UInt8(ascii: "-") {
      decimal.negative = true
      position += 1
      if next == UInt8(ascii: "I"), skipWord("Infinity") { return .float(-.infinity) }
    }
    try readWholeDigits(into: &decimal)
    if next == UInt8(ascii: ".") {
      decimal.isWhole = false
      position += 1
      let first = position
      try readDigits(into: &decimal, expected: "a digit after '.'")
      decimal.fractionDigits = position - first
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      decimal.isWhole = false
      position += 1
      decimal.exponent = try readExponent()
    }
    return try value(of: decimal, from: start)
  }

  private mutating func readWholeDigits(into decimal: inout Decimal) throws(JSONError) {
    let zeroLeads = next == UInt8(ascii: "0")
    let first = position
    try readDigits(
      into: &decimal, expected: decimal.negative ? "a digit or Infinity after '-'" : "a digit")
    if zeroLeads && position > first + 1 {
      position = first + 1
      throw error("no digit after a leading 0")
    }
  }

  private mutating func readDigits(
    into decimal: inout Decimal, expected: String
  ) throws(JSONError) {
    let first = position
    while position < bytes.count, Self.isDigit(bytes[position]) {
      decimal.append(bytes[position])
      position += 1
    }
    guard position > first else { throw error(expected) }
  }

  /// Reads an exponent after its letter; its size stops counting at a million.
  private mutating func readExponent() throws(JSONError) -> Int {
    let negative = next == UInt8(ascii: "-")
    if negative || next == UInt8(ascii: "+") { position += 1 }
    guard let digit = next, Self.isDigit(digit) else { throw error("a digit in the exponent") }
    var exponent = 0
    while position < bytes.count, Self.isDigit(bytes[position]) {
      exponent = min(exponent * 10 + Int(bytes[position] - UInt8(ascii: "0")), 1_000_000)
      position += 1
    }
    return negative ? -exponent : exponent
  }

  private func value(of decimal: Decimal, from start: Int) throws(JSONError) -> JSON {
    if decimal.isWhole, let integer = integer(of: decimal, from: start) { return integer }
    let power = decimal.exponent - decimal.fractionDigits
    // Both operands are exact, so the one rounding is the correct one.
    if decimal.digitCount <= 19, decimal.digits <= 1 << 53, abs(power) <= 22 {
      let digits = Double(decimal.digits)
      let scale = Self.exactPowers[abs(power)]
      let magnitude = power < 0 ? digits / scale : digits * scale
      return .float(decimal.negative ? -magnitude : magnitude)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let float = Double(text), float.isFinite else {
      throw error(
        "a number within ±1.7976931348623157e+308", found: Self.shortened(text), at: start)
    }
    return .float(float)
  }

  /// The exact integer of a text without fraction and exponent; nil if 64 bits do not hold it.
  private func integer(of decimal: Decimal, from start: Int) -> JSON? {
    if decimal.digitCount <= 18 {
      let value = Int64(decimal.digits)
      return .int(decimal.negative ? -value : value)
    }
    guard decimal.digitCount <= 20 else { return nil }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int64(text) { return .int(value) }
    return UInt64(text).map { .uint($0) }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
