import Glibc

/// One line of a table: what was measured, and what is wanted. `Tests/bench/table.awk` adds ratio and
/// verdict.
enum Row {
  static func heading(_ title: String) { line(title, "measured", "wanted") }

  /// `wanted` is "<= 150", ">= 1.8" or "".
  static func measured(_ name: String, _ value: Double, wanted: String = "", decimals: Int = 1) {
    line(name, decimal(value, decimals), wanted)
  }

  private static func line(_ name: String, _ value: String, _ wanted: String) {
    print(
      name.padded(to: 48) + " " + value.padded(to: 12, onLeft: true) + " "
        + wanted.padded(to: 12, onLeft: true))
  }

  private static func decimal(_ value: Double, _ decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let rounded = (value * scale).rounded() / scale
    guard rounded.magnitude < 1e15 else { return "\(value)" }
    return decimals == 0 ? "\(Int64(rounded))" : "\(rounded)"
  }
}
