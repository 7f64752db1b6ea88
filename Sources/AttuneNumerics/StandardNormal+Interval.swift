extension StandardNormal {
  /// The probability of a value between `low` and `high`, also where they are close or far out.
  ///
  /// 0 when `low` ≥ `high`. Relative error below 1e-14 up to the conditioning: a relative change ε
  /// of the bounds changes a far interval's probability by high² ε. About 50 ns.
  public static func probability(from low: Double, to high: Double) -> Double {
    if low.isNaN || high.isNaN { return .nan }
    guard low < high else { return 0 }
    if let narrow = narrowFactor(low, high) {
      return density(0.5 * low + 0.5 * high) * (high - low) * narrow
    }
    // The lower tail has the digits that the upper one loses to the 1.
    return low > 0
      ? cumulative(-low) - cumulative(-high) : cumulative(high) - cumulative(low)
  }

  /// The natural logarithm of the probability of a value between `low` and `high`.
  ///
  /// Finite also where the probability is too small for a `Double`; −∞ when `low` ≥ `high`.
  /// Absolute error below 1e-14 · max(1, |result|). About 70 ns.
  public static func logProbability(from low: Double, to high: Double) -> Double {
    if low.isNaN || high.isNaN { return .nan }
    guard low < high else { return -.infinity }
    if let narrow = narrowFactor(low, high) {
      return logDensity(0.5 * low + 0.5 * high) + Elementary.log((high - low) * narrow)
    }
    if low <= 0 && high >= 0 {
      let outside = cumulative(low) + cumulative(-high)
      return outside < 0.5
        ? Elementary.log1p(-outside) : Elementary.log(cumulative(high) - cumulative(low))
    }
    let near = low > 0 ? low : -high
    let far = low > 0 ? high : -low
    return logCumulative(-near) + Elementary.log1mexp(logTailRatio(near, far))
  }

  /// ln(Φ(−far) / Φ(−near)) for 0 ≤ near ≤ far, without cancellation.
  static func logTailRatio(_ near: Double, _ far: Double) -> Double {
    if far == .infinity { return -.infinity }
    return Elementary.log(millsRatio(far) / millsRatio(near))
      - (far - near) * (0.5 * far + 0.5 * near)
  }

  /// The mean density over the interval relative to that at its middle, or nil when it is wide.
  ///
  /// The Taylor series of the integral, whose terms are Hermite polynomials of the middle.
  private static func narrowFactor(_ low: Double, _ high: Double) -> Double? {
    let width = high - low
    let middle = 0.5 * low + 0.5 * high
    guard width * Swift.max(1, middle.magnitude) < 0.25 else { return nil }
    let m = middle * middle
    let w = 0.25 * width * width
    // wⁿ · He₂ₙ(middle) by powers of w · m, which stay small however large m is.
    let t = w * m
    let h2 = t - w
    let h4 = t * t - 6 * t * w + 3 * w * w
    let h6 = t * t * t - 15 * t * t * w + 45 * t * w * w - 15 * w * w * w
    let h8 = t * t * (t * t - 28 * t * w + 210 * w * w) - 420 * t * w * w * w + 105 * w * w * w * w
    let h10 =
      t * t * t * (t * t - 45 * t * w + 630 * w * w)
      - 3150 * t * t * w * w * w + (4725 * t - 945 * w) * w * w * w * w
    let upper = h6 * (1.0 / 5040) + h8 * (1.0 / 362_880) + h10 * (1.0 / 39_916_800)
    return 1 + (h2 * (1.0 / 6) + h4 * (1.0 / 120) + upper)
  }
}
