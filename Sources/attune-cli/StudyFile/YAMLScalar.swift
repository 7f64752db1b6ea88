import AttuneCore

/// Plain YAML scalars by the core schema of YAML 1.2.
///
/// `no` and `on` are texts, 1e-3 is a number, 0x1F and 0o17 are whole numbers.
enum YAMLScalar {
  static func value(of text: String) -> JSON {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    default: break
    }
    if let integer = integer(text) { return integer }
    if let number = float(text) { return .float(number) }
    return .string(text)
  }

  private static func integer(_ text: String) -> JSON? {
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map(JSON.init) }
    if text.hasPrefix("0o") { return UInt64(text.dropFirst(2), radix: 8).map(JSON.init) }
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    if let value = Int64(text) { return .int(value) }
    return UInt64(digits).flatMap { text.first == "-" ? nil : JSON($0) }
  }

  private static func float(_ text: String) -> Double? {
    // Double's own reader also takes "inf", "nan" and hexadecimal floats.
    let isDecimal = text.utf8.allSatisfy {
      (48...57).contains($0)
        || [
          UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
          UInt8(ascii: "+"), UInt8(ascii: "-"),
        ].contains($0)
    }
    guard isDecimal, text.utf8.contains(where: { (48...57).contains($0) }) else { return nil }
    return Double(text)
  }
}
