/// Prints results by groups of problems.
struct QualityTable {
  let results: [QualityResult]
  let strategies: [String]
  let checkpoints: [Int]

  private var groups: [String] {
    ProblemGroup.allCases.map(\.rawValue).filter { group in
      results.contains { $0.group == group }
    }
  }

  /// Lines of the table: a block per group, a line per strategy.
  func printGroups() {
    for group in groups { block(group, results.filter { $0.group == group }) }
    if groups.count > 1 { block("all", results) }
  }

  func printProblems() {
    var names: [String] = []
    for result in results where names.last != result.problem {
      if !names.contains(result.problem) { names.append(result.problem) }
    }
    for name in names { block(name, results.filter { $0.problem == name }) }
  }

  private func block(_ title: String, _ results: [QualityResult]) {
    let width = max(12, strategies.map(\.count).max() ?? 0)
    let marks = checkpoints.map { "@\($0)".padded(to: 7, onLeft: true) }.joined()
    let problems = Set(results.map(\.problem)).count
    let title = problems == 1 ? title : "\(title) (\(problems) problems)"
    print(
      title.padded(to: width + 2) + "   n  mean" + String(marks.dropFirst(4)) + "   geo"
        + String(marks.dropFirst(4)) + "   rank   wins   vs first         us")
    let ranks = QualityRanks(rows(results), strategies: strategies.count)
    for (index, strategy) in strategies.enumerated() {
      let own = results.filter { $0.strategy == strategy }
      let means = QualityMeans(own, checkpoints: checkpoints.count)
      let (difference, half) = ranks.differences[index]
      let versus =
        index == 0 || ranks.count == 0
        ? "" : "\(signed(difference)) ±\(half.decimal(3))"
      print(
        "  " + strategy.padded(to: width) + "\(own.count)".padded(to: 4, onLeft: true) + "  "
          + means.arithmetic.map { $0.decimal(3).padded(to: 7, onLeft: true) }.joined() + "  "
          + means.geometric.map { $0.decimal(4).padded(to: 7, onLeft: true) }.joined()
          + ranks.ranks[index].decimal(2).padded(to: 7, onLeft: true)
          + ((ranks.wins[index] * 100).decimal(0) + "%").padded(to: 7, onLeft: true)
          + versus.padded(to: 16, onLeft: true)
          + means.microseconds.decimal(1).padded(to: 9, onLeft: true))
    }
  }

  private func signed(_ number: Double) -> String {
    (number < 0 ? "" : "+") + number.decimal(3)
  }

  /// The regrets of instances that every strategy ran.
  private func rows(_ results: [QualityResult]) -> [[Double]] {
    var instances: [String: [String: Double]] = [:]
    var order: [String] = []
    for result in results {
      guard let regret = result.regrets.last ?? nil else { continue }
      let key = "\(result.problem) \(result.seed)"
      if instances[key] == nil { order.append(key) }
      instances[key, default: [:]][result.strategy] = regret
    }
    return order.compactMap { key in
      let row = strategies.compactMap { instances[key]?[$0] }
      return row.count == strategies.count ? row : nil
    }
  }
}
