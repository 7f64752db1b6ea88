import Glibc

/// Means over results of one strategy.
struct QualityMeans {
  /// What a regret counts as at least in geometric means.
  static let floor = 1e-4

  let count: Int
  /// Per checkpoint; NaN where there is no result.
  let arithmetic: [Double]
  let geometric: [Double]
  let microseconds: Double

  init(_ results: [QualityResult], checkpoints: Int) {
    count = results.count
    let regrets = (0..<checkpoints).map { checkpoint in
      results.compactMap { $0.regrets[checkpoint] }
    }
    arithmetic = regrets.map { Self.mean($0) }
    geometric = regrets.map { exp(Self.mean($0.map { log(max($0, Self.floor)) })) }
    microseconds = Self.mean(results.map(\.microseconds))
  }

  static func mean(_ numbers: [Double]) -> Double {
    numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
  }
}

/// How strategies stand against each other on the instances that all of them ran, by the regret at
/// the last checkpoint.
struct QualityRanks {
  /// Per strategy: 1 is best; equal regrets share their ranks.
  let ranks: [Double]
  /// Per strategy: the share of instances where none was better and not all were equal.
  let wins: [Double]
  /// Per strategy: the mean of its regret less that of the first strategy, and half its 95 % interval.
  let differences: [(mean: Double, half: Double)]
  let count: Int

  /// `regrets` holds a row per instance: the regret of each strategy.
  init(_ regrets: [[Double]], strategies: Int) {
    count = regrets.count
    ranks = (0..<strategies).map { strategy in
      QualityMeans.mean(
        regrets.map { row in
          let better = row.count { $0 < row[strategy] }
          let equal = row.count { $0 == row[strategy] }
          return Double(better) + Double(equal + 1) / 2
        })
    }
    wins = (0..<strategies).map { strategy in
      QualityMeans.mean(
        regrets.map { row in
          row[strategy] == row.min() && row.min() != row.max() ? 1 : 0
        })
    }
    differences = (0..<strategies).map { strategy in
      let gaps = regrets.map { $0[strategy] - $0[0] }
      let mean = QualityMeans.mean(gaps)
      let square = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = sqrt(square / Double(max(1, gaps.count - 1)) / Double(max(1, gaps.count)))
      return (mean, 1.96 * error)
    }
  }
}
