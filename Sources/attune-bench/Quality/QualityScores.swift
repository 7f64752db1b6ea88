import Glibc

/// Weighted means over results of one strategy.
struct QualityMeans {
  /// What a regret counts as at least in geometric means.
  static let floor = 1e-4

  let count: Int
  /// Per checkpoint; NaN where there is no result.
  let arithmetic: [Double]
  let geometric: [Double]
  let microseconds: Double

  init(_ results: [(result: QualityResult, weight: Double)], checkpoints: Int) {
    count = results.count
    let regrets = (0..<checkpoints).map { checkpoint in
      results.compactMap { entry in
        entry.result.regrets[checkpoint].map { (number: $0, weight: entry.weight) }
      }
    }
    arithmetic = regrets.map { Self.mean($0) }
    geometric = regrets.map { entries in
      exp(Self.mean(entries.map { (log(max($0.number, Self.floor)), $0.weight) }))
    }
    microseconds = Self.mean(results.map { ($0.result.microseconds, $0.weight) })
  }

  static func mean(_ entries: [(number: Double, weight: Double)]) -> Double {
    let total = entries.reduce(0) { $0 + $1.weight }
    return total > 0 ? entries.reduce(0) { $0 + $1.weight * $1.number } / total : .nan
  }
}

/// How strategies stand against each other on the instances that all of them ran, by the regret at
/// the last checkpoint.
struct QualityRanks {
  /// Per strategy: 1 is best; equal regrets share their ranks.
  let ranks: [Double]
  /// Per strategy: the share of instances where none was better and not all were equal.
  let wins: [Double]
  /// Per strategy: the mean of its regret less that of the first strategy, and half of its 95 %
  /// interval.
  let differences: [(mean: Double, half: Double)]
  let count: Int

  /// A row per instance: the regret of each strategy, and how much the instance weighs.
  init(_ rows: [(regrets: [Double], weight: Double)], strategies: Int) {
    count = rows.count
    func mean(_ number: (_ regrets: [Double]) -> Double) -> Double {
      QualityMeans.mean(rows.map { (number($0.regrets), $0.weight) })
    }
    ranks = (0..<strategies).map { strategy in
      mean { regrets in
        let better = regrets.count { $0 < regrets[strategy] }
        let equal = regrets.count { $0 == regrets[strategy] }
        return Double(better) + Double(equal + 1) / 2
      }
    }
    wins = (0..<strategies).map { strategy in
      mean { regrets in
        regrets[strategy] == regrets.min() && regrets.min() != regrets.max() ? 1 : 0
      }
    }
    let total = rows.reduce(0) { $0 + $1.weight }
    differences = (0..<strategies).map { strategy in
      let middle = mean { $0[strategy] - $0[0] }
      let variance = rows.reduce(0) { sum, row in
        let gap = row.regrets[strategy] - row.regrets[0] - middle
        return sum + row.weight * row.weight * gap * gap
      }
      return (middle, 1.96 * sqrt(variance) / total)
    }
  }
}
