/// Prints results by groups of problems, or by problem.
struct QualityTable {
  let results: [QualityResult]
  let strategies: [String]
  let checkpoints: [Int]

  private var labelWidth: Int { max(18, strategies.map(\.count).max() ?? 0) }

  /// A block per group, a line per strategy.
  func printGroups() {
    for block in QualityBlock.blocks(results, checkpoints) { printBlock(block) }
  }

  private func printBlock(_ block: QualityBlock) {
    let marks = checkpoints.map { "@\($0)".padded(to: 7, onLeft: true) }.joined()
    let title = "\(block.name) (\(block.problemCount))"
    print(
      title.padded(to: labelWidth + 2) + "   n  mean" + marks.dropFirst(4) + "   geo"
        + marks.dropFirst(4) + "   rank   wins      to first          us")
    let ranks = block.ranks(strategies)
    for (index, strategy) in strategies.enumerated() {
      let means = block.means(of: strategy)
      let (difference, half) = ranks.differences[index]
      let gap =
        index == 0 || ranks.count == 0
        ? "" : (difference < 0 ? "" : "+") + difference.decimal(3) + " ±" + half.decimal(3)
      let cells: [(String, Int)] =
        [("\(means.count)", 4), ("", 1)] + means.arithmetic.map { ($0.decimal(3), 7) } + [("", 2)]
        + means.geometric.map { ($0.decimal(4), 7) }
        + [
          (ranks.ranks[index].decimal(2), 7), ((100 * ranks.wins[index]).decimal(0) + "%", 7),
          (gap, 16), (means.microseconds.decimal(1), 10),
        ]
      print(
        "  " + strategy.padded(to: labelWidth)
          + cells.map { $0.0.padded(to: $0.1, onLeft: true) }.joined())
    }
  }

  /// A line per problem: mean and geometric mean at the last checkpoint, a column per strategy.
  func printProblems() {
    let width = strategies.map { max(15, $0.count + 2) }
    let last = checkpoints.last ?? 0
    print(
      "mean/geo @\(last)".padded(to: 28)
        + zip(strategies, width).map { $0.0.padded(to: $0.1, onLeft: true) }.joined())
    var names: [String] = []
    for result in results where !names.contains(result.problem) { names.append(result.problem) }
    for name in names {
      let block = QualityBlock(
        name: name, results: results.filter { $0.problem == name }, checkpoints: checkpoints)
      let cells = strategies.map { strategy in
        let means = block.means(of: strategy)
        guard let mean = means.arithmetic.last, let geometric = means.geometric.last else {
          return "-"
        }
        return mean.isNaN ? "-" : mean.decimal(3) + "/" + geometric.decimal(4)
      }
      print(
        name.padded(to: 28)
          + zip(cells, width).map { $0.0.padded(to: $0.1, onLeft: true) }.joined())
    }
    print("")
  }

  /// A line for each place where a strategy got below what was taken for the optimum.
  func printBelowOptimum() {
    for result in results where result.isBelowOptimum {
      print(
        "note: \(result.strategy) finds \(result.value) on \(result.problem), seed \(result.seed); "
          + "its optimum was taken for \(result.optimum)")
    }
  }
}
