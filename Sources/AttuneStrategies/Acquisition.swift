import AttuneNumerics

/// How much a point is worth trying, from the posterior mean and variance there: more is better.
enum Acquisition: Sendable {
  /// The logarithm of the expected improvement on a value (S. Ament and others, NeurIPS 2023).
  ///
  /// `noise` is the variance of the values' noise: what is known but for it is worth no more
  /// (D. Huang and others, "Global optimization of stochastic black-box systems via sequential kriging
  /// meta-models", Journal of Global Optimization 34, 2006, equation 12).
  case logExpectedImprovement(best: Double, noise: Double = 0)
  /// −μ + `width` σ.
  case confidenceBound(width: Double)
  /// σ, where −μ + ½ σ reaches `threshold`, the promise that points must hold; less by ten times what
  /// is lacking (PE of GP-UCB-PE: X. Song and others, "The Vizier Gaussian process bandit algorithm",
  /// 2024).
  case exploration(threshold: Double)

  func value(mean: Double, variance: Double) -> Double {
    let deviation = variance.squareRoot()
    switch self {
    case .logExpectedImprovement(let best, let noise):
      return LogExpectedImprovement.value((best - mean) / deviation) + Elementary.log(deviation)
        + (noise > 0 ? Self.learning(variance, noise).value : 0)
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
    case .logExpectedImprovement(let best, let noise):
      let u = (best - mean) / deviation
      let (value, slope) = LogExpectedImprovement.valueAndSlope(u)
      let learning = noise > 0 ? Self.learning(variance, noise) : (value: 0, slope: 0)
      return (
        value + Elementary.log(deviation) + learning.value, -slope / deviation,
        (1 - slope * u) / deviation * half + learning.slope
      )
    case .confidenceBound(let width): return (width * deviation - mean, -1, width * half)
    case .exploration(let threshold):
      let lack = 0.5 * deviation - mean - threshold
      return lack < 0
        ? (deviation + 10 * lack, -10, 6 * half) : (deviation, 0, half)
    }
  }

  /// ln(1 − σ / √(v + σ²)) for the variance v and the noise σ², and its slope by v.
  private static func learning(_ variance: Double, _ noise: Double) -> (
    value: Double, slope: Double
  ) {
    let total = variance + noise
    let share = (noise / total).squareRoot()
    // 1 − share without cancellation.
    let rest = variance / total / (1 + share)
    return (Elementary.log(rest), 0.5 * share / (total * rest))
  }
}
