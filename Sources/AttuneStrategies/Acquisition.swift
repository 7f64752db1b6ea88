import AttuneNumerics

/// How much a point is worth trying, from the posterior mean and variance there: more is better.
enum Acquisition: Sendable {
  /// The logarithm of the expected improvement on a value (S. Ament and others, NeurIPS 2023).
  case logExpectedImprovement(best: Double)
  /// −μ + `width` σ.
  case confidenceBound(width: Double)
  /// σ, where −μ + ½ σ reaches `threshold`, the promise that points must hold; less by ten times what
  /// is lacking (PE of GP-UCB-PE: X. Song and others, "The Vizier Gaussian process bandit algorithm",
  /// 2024).
  case exploration(threshold: Double)

  func value(mean: Double, variance: Double) -> Double {
    let deviation = variance.squareRoot()
    switch self {
    case .logExpectedImprovement(let best):
      return LogExpectedImprovement.value((best - mean) / deviation) + Elementary.log(deviation)
    case .confidenceBound(let width): return width * deviation - mean
    case .exploration(let threshold):
      return deviation + 10 * min(0.5 * deviation - mean - threshold, 0)
    }
  }

  /// The value, and its derivatives by mean and variance.
  func valueAndSlopes(
    mean: Double, variance: Double
  ) -> (value: Double, byMean: Double, byVariance: Double) {
    let deviation = variance.squareRoot()
    let half = 0.5 / deviation
    switch self {
    case .logExpectedImprovement(let best):
      let u = (best - mean) / deviation
      let (value, slope) = LogExpectedImprovement.valueAndSlope(u)
      return (
        value + Elementary.log(deviation), -slope / deviation, (1 - slope * u) / deviation * half
      )
    case .confidenceBound(let width): return (width * deviation - mean, -1, width * half)
    case .exploration(let threshold):
      let lack = 0.5 * deviation - mean - threshold
      return lack < 0
        ? (deviation + 10 * lack, -10, 6 * half) : (deviation, 0, half)
    }
  }
}
