/// The logarithm of the expected improvement of a normal prediction, for any distance.
///
/// With u = (target − mean) / deviation, minimising, the expected improvement below the target is
/// deviation · h(u), h(u) = φ(u) + u Φ(u). Its logarithm is smooth and keeps its gradient where h
/// itself vanishes (S. Ament and others, "Unexpected improvements to expected improvement for
/// Bayesian optimization", NeurIPS 2023). Here the tail needs no cases: 1 − z R(z), with R the
/// ratio of Mills, has an expansion of its own.
public enum LogExpectedImprovement {
  /// ln h(u) and its derivative Φ(u) / h(u).
  ///
  /// The value's absolute error is below 2⁻⁵⁰ · max(1, |value|), the slope's relative error below
  /// 2⁻⁴⁹. About 40 ns. −∞ gives (−∞, ∞) and ∞ gives (∞, 0).
  public static func valueAndSlope(_ u: Double) -> (value: Double, slope: Double) {
    if u >= 0 {
      if u == .infinity { return (u, 0) }
      let probability = StandardNormal.cumulative(u)
      let h = StandardNormal.density(u) + u * probability
      return (Elementary.log(h), probability / h)
    }
    if u.isNaN { return (u, u) }
    if u == -.infinity { return (u, .infinity) }
    let z = -u
    let share = tail(z)
    guard share > 0x1p-1000 else {
      return (StandardNormal.logDensity(u) - 2 * Elementary.log(z), z)
    }
    return (
      StandardNormal.logDensity(u) + Elementary.log(share), StandardNormal.millsRatio(z) / share
    )
  }

  /// ln h(u). Absolute error below 2⁻⁵⁰ · max(1, |value|). About 30 ns.
  public static func value(_ u: Double) -> Double {
    valueAndSlope(u).value
  }

  /// h(u) itself, 0 where it is too small, not-a-number of that. Relative error below 2⁻⁴⁹; about 20 ns.
  static func plain(_ u: Double) -> Double {
    // h(u) − u is below half a unit of u, or h(u) below the least number.
    if u > 9 { return u }
    guard u >= -39 else { return u.isNaN ? u : 0 }
    if u >= 0 { return StandardNormal.density(u) + u * StandardNormal.cumulative(u) }
    return StandardNormal.density(u) * tail(-u)
  }

  /// h(u), its slope Φ(u), and φ(u); not-a-number of that.
  static func plainAndSlopes(
    _ u: Double
  ) -> (value: Double, probability: Double, density: Double) {
    guard u >= -39 else { return u.isNaN ? (u, u, u) : (0, 0, 0) }
    let density = StandardNormal.density(u)
    if u >= 0 {
      let probability = StandardNormal.cumulative(u)
      return (density + u * probability, probability, density)
    }
    return (density * tail(-u), density * StandardNormal.millsRatio(-u), density)
  }

  /// 1 − z R(z) = h(−z) / φ(z) for z ≥ 0: near 1/z² when z is large.
  private static func tail(_ z: Double) -> Double {
    let w = 4 / (4 + z)
    return w * w * ErrorFunction.piecewise(ErrorFunctionTable.improvement, w)
  }
}
