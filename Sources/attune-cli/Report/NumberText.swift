import Glibc

/// Numbers as pictures show them.
enum NumberText {
  /// In so many significant digits at most: 0.00123, 12.5, 3.4e7, ∞.
  static func short(_ number: Double, digits: Int = 4) -> String {
    guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-∞" : "∞" }
    guard number != 0 else { return "0" }
    let exponent = exponent(of: number)
    guard !(-4..<7).contains(exponent) else {
      return trimmed(number, decimals: max(0, digits - 1 - exponent))
    }
    return trimmed(mantissa(of: number, exponent), decimals: digits - 1) + "e\(exponent)"
  }

  /// The power of ten of the first digit; 0 for zero.
  static func exponent(of number: Double) -> Int {
    number == 0 || !number.isFinite ? 0 : Int(floor(log10(number.magnitude)))
  }

  /// The number divided by a power of ten, which may be too small for a double itself.
  static func mantissa(of number: Double, _ exponent: Int) -> Double {
    exponent < -290
      ? number * 1e300 / pow(10, Double(exponent + 300)) : number / pow(10, Double(exponent))
  }

  /// With so many decimals.
  static func fixed(_ number: Double, decimals: Int) -> String {
    let scaled = (number.magnitude * pow(10, Double(decimals))).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    var digits = String(Int64(scaled))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return number < 0 && scaled > 0 ? "-" + digits : digits
  }

  /// With so many decimals, zeros at the end left out.
  static func trimmed(_ number: Double, decimals: Int) -> String {
    var text = fixed(number, decimals: decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
