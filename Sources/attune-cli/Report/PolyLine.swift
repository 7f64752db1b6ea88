/// A line through points, which may have gaps.
struct PolyLine {
  private(set) var path = ""
  private var isBroken = true

  mutating func add(_ x: Double, _ y: Double) {
    path += "\(isBroken ? "M" : "L")\(Markup.coordinate(x)) \(Markup.coordinate(y))"
    isBroken = false
  }

  /// The next point begins a new piece.
  mutating func lift() { isBroken = true }

  /// Writes it as the line of a trial, or of none.
  func write(to svg: inout Markup, _ name: String, trial: Int? = nil) {
    guard !path.isEmpty else { return }
    let number = trial.map { " data-n=\"\($0)\"" } ?? ""
    svg.add("<path class=\"\(name)\" d=\"\(path)\"\(number)/>")
  }
}
