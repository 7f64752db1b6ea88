import AttuneCore

/// Which COMPLETE trials are drawn where all would be too many: the same ones every time.
enum TrialSample {
  static let limit = 2000

  /// Places of trials, ascending: the best ones, those that were the best of their time, and of the others
  /// every so-manieth.
  static func choose(
    _ trials: [ReportStudy.Trial], directions: [Direction], best: [Int]
  ) -> [Int] {
    let complete = trials.indices.filter { trials[$0].state == .complete }
    guard complete.count > limit else { return complete }
    var chosen = Set(spread(best, limit / 4))
    for (objective, direction) in directions.enumerated() {
      let records = BestLine.records(trials, objective: objective, direction: direction)
      chosen.formUnion(spread(records, limit / (4 * directions.count)))
    }
    let rest = complete.filter { !chosen.contains($0) }
    return (chosen + spread(rest, limit - chosen.count)).sorted()
  }

  /// So many of a list at most, evenly spread, the first and the last among them.
  static func spread<Element>(_ list: [Element], _ count: Int) -> [Element] {
    guard list.count > count else { return list }
    guard count > 1 else { return Array(list.suffix(max(count, 0))) }
    return (0..<count).map { list[$0 * (list.count - 1) / (count - 1)] }
  }
}
