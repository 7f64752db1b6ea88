/// Results that one block of a table sums up: a group of problems, or all of them.
struct QualityBlock {
  /// The block in which every group weighs the same.
  static let balanced = "balanced"
  static let all = "all"

  let name: String
  let results: [QualityResult]
  let checkpoints: [Int]

  /// A block per group that has results, then all problems alike, then all groups alike.
  static func blocks(_ results: [QualityResult], _ checkpoints: [Int]) -> [QualityBlock] {
    let groups = ProblemGroup.allCases.map(\.rawValue).compactMap { group in
      let own = results.filter { $0.group == group }
      return own.isEmpty ? nil : QualityBlock(name: group, results: own, checkpoints: checkpoints)
    }
    guard groups.count > 1 else { return groups }
    return groups
      + [all, balanced].map {
        QualityBlock(name: $0, results: results, checkpoints: checkpoints)
      }
  }

  var problemCount: Int { Set(results.map(\.problem)).count }

  func means(of strategy: String) -> QualityMeans {
    let own = results.filter { $0.strategy == strategy }
    let counts = Dictionary(grouping: own, by: \.group).mapValues(\.count)
    return QualityMeans(
      own.map { ($0, weight(of: $0.group, counts)) }, checkpoints: checkpoints.count)
  }

  /// How the strategies stand on the instances that all of them ran.
  func ranks(_ strategies: [String]) -> QualityRanks {
    struct Instance: Hashable {
      let problem: String
      let seed: Int
    }
    var instances: [Instance: (group: String, regrets: [String: Double])] = [:]
    var order: [Instance] = []
    for result in results {
      guard let regret = result.regrets.last ?? nil else { continue }
      let key = Instance(problem: result.problem, seed: result.seed)
      if instances[key] == nil { order.append(key) }
      instances[key, default: (result.group, [:])].regrets[result.strategy] = regret
    }
    let rows = order.compactMap { key -> (group: String, regrets: [Double])? in
      guard let (group, found) = instances[key] else { return nil }
      let regrets = strategies.compactMap { found[$0] }
      return regrets.count == strategies.count ? (group, regrets) : nil
    }
    let counts = Dictionary(grouping: rows, by: \.group).mapValues(\.count)
    return QualityRanks(
      rows.map { ($0.regrets, weight(of: $0.group, counts)) }, strategies: strategies.count)
  }

  private func weight(of group: String, _ counts: [String: Int]) -> Double {
    name == Self.balanced ? 1 / Double(counts[group] ?? 1) : 1
  }
}
