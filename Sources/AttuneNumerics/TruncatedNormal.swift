/// A normal distribution restricted to an interval, sampled by its inverse.
///
/// One uniform number gives one value, so draws stay addressable. What does not depend on the draw
/// is computed once, in about 70 ns. The interval may lie any number of deviations from the mean.
///
/// A deviation that is not positive stands for a point mass at the bound or interior point nearest
/// to the mean, an infinite one for the uniform distribution on a finite interval. If a parameter is not-a-number or `low` > `high`, results are not-a-number.
public struct TruncatedNormal: Sendable, Hashable {
  /// The mean before the restriction.
  public let mean: Double
  /// The standard deviation before the restriction.
  public let deviation: Double
  /// The least value.
  public let low: Double
  /// The largest value.
  public let high: Double

  /// The bounds in deviations from the mean; negated when both are above it.
  private let start: Double
  private let end: Double
  private let isMirrored: Bool
  private let below: Double
  private let above: Double
  private let mass: Double

  /// Creates the distribution.
  public init(mean: Double, deviation: Double, low: Double, high: Double) {
    self.mean = mean
    self.deviation = deviation
    self.low = low
    self.high = high
    let a = (low - mean) / deviation
    let b = (high - mean) / deviation
    isMirrored = a > 0
    start = isMirrored ? -b : a
    end = isMirrored ? -a : b
    below = StandardNormal.cumulative(start)
    above = StandardNormal.cumulative(-end)
    let isWide = end - start > 0.25 && end > 0
    mass = isWide ? 1 - (below + above) : StandardNormal.probability(from: start, to: end)
  }

  /// The natural logarithm of the probability that the restriction keeps. About 150 ns.
  public var logMass: Double {
    StandardNormal.logProbability(from: start, to: end)
  }

  /// The value below which a share `unit` of the distribution lies, always within the bounds.
  ///
  /// `unit` is clamped to 0...1. The result is the exact one for a `unit` that differs by less than
  /// 1e-13, then rounded to the spacing of numbers at `mean` and at the bounds. About 30 ns, 500 ns
  /// where the interval lies beyond one deviation on one side.
  public func quantile(_ unit: Double) -> Double {
    guard low <= high, !unit.isNaN, !mean.isNaN, !deviation.isNaN else { return .nan }
    guard deviation > 0, low < high else { return Swift.min(Swift.max(mean, low), high) }
    let clamped = Swift.min(Swift.max(unit, 0), 1)
    let share = isMirrored ? 1 - clamped : clamped
    let z = standardQuantile(share)
    let value = mean + deviation * (isMirrored ? -z : z)
    if !value.isNaN { return Swift.min(Swift.max(value, low), high) }
    // A parameter is infinite, or the bounds are infinitely many deviations away.
    let isUniform = deviation == .infinity && mean.isFinite && low.isFinite && high.isFinite
    let limit = isUniform ? low * (1 - clamped) + high * clamped : mean
    return Swift.min(Swift.max(limit, low), high)
  }

  private func standardQuantile(_ share: Double) -> Double {
    if end < -1 { return tailQuantile(share) }
    let fromBelow = below + share * mass
    let fromAbove = above + (1 - share) * mass
    return fromBelow <= fromAbove
      ? StandardNormal.quantile(fromBelow) : -StandardNormal.quantile(fromAbove)
  }

  /// The quantile of an interval below −1, where probabilities may vanish.
  ///
  /// Solves ln(Φ(−near − t) / Φ(−near)) = ln(wanted) for the distance t ≥ 0 from the upper bound.
  /// The left side is concave and the start, which leaves out the ratio of Mills, is too far: so
  /// Newton's method approaches the solution from one side.
  private func tailQuantile(_ share: Double) -> Double {
    let near = -end
    let rest = StandardNormal.logTailRatio(near, -start)
    // share + (1 − share) · e^rest, without cancellation where the interval is narrow.
    let wanted = Elementary.log1p((1 - share) * Elementary.expm1(rest))
    guard wanted > -.infinity else { return start }
    // The root of near · t + t²/2 = −wanted.
    var t = -2 * wanted / (near + (near * near - 2 * wanted).squareRoot())
    for _ in 0..<8 {
      let step =
        (StandardNormal.logTailRatio(near, near + t) - wanted)
        * StandardNormal.millsRatio(near + t)
      t += step
      if step.magnitude <= 1e-16 * t { break }
    }
    return -(near + t)
  }
}
