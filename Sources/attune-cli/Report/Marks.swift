/// Points and bars of trials, all of one look in one path: thousands of them take a few bytes each.
///
/// The page's script finds the trial of a mark by its place in `data-n`.
struct Marks {
  private var paths: [(name: String, path: String, numbers: String)] = []

  /// Adds a point for a trial; `name` is the class of its look. Later looks lie above earlier ones.
  mutating func add(_ name: String, _ x: Double, _ y: Double, trial: Int) {
    add(name, x, y, width: 0, trial: trial)
  }

  /// Adds a bar from `x` to the right.
  mutating func add(_ name: String, _ x: Double, _ y: Double, width: Double, trial: Int) {
    let index = index(of: name)
    count += 1
    paths[index].path +=
      "M\(Markup.coordinate(x)) \(Markup.coordinate(y))h\(Markup.coordinate(width))"
    paths[index].numbers += paths[index].numbers.isEmpty ? "\(trial)" : " \(trial)"
  }

  /// Makes room for a look below those that are added first later.
  mutating func prepare(_ names: [String]) { for name in names { _ = index(of: name) } }

  /// How many marks there are.
  private(set) var count = 0

  /// Writes them; without `isNamed` no mark tells its trial.
  func write(to svg: inout Markup, isNamed: Bool = true, style: String = "") {
    let style = style.isEmpty ? "" : " style=\"\(style)\""
    for (name, path, numbers) in paths where !path.isEmpty {
      let names = isNamed ? " data-n=\"\(numbers)\"" : ""
      svg.add("<path class=\"\(name)\" d=\"\(path)\"\(names)\(style)/>")
    }
  }

  private mutating func index(of name: String) -> Int {
    if let index = paths.firstIndex(where: { $0.name == name }) { return index }
    paths.append((name, "", ""))
    return paths.count - 1
  }
}
