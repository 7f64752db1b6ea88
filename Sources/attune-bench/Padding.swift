import Glibc

extension String {
  func padded(to width: Int, onLeft: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - count))
    return onLeft ? space + self : self + space
  }
}

extension Double {
  /// The number with `decimals` places after the point.
  func decimal(_ decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let scaled = (magnitude * scale).rounded()
    guard isFinite, scaled < 1e15 else { return "\(self)" }
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(Int64(scaled))" }
    let digits = "\(Int64(scaled))"
    let filled = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + filled.dropLast(decimals) + "." + filled.suffix(decimals)
  }
}
