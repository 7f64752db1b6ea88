/// Which of two points with several values is better in every way: Pareto's order.
public enum Dominance {
  /// Whether the `width` values of `a` from `start` on are nowhere worse than those of `b` from `other`
  /// on, and somewhere better. Values are to be small; NaN is neither better nor worse.
  @inlinable
  public static func dominates(
    _ a: [Double], at start: Int = 0, _ b: [Double], from other: Int = 0, width: Int
  ) -> Bool {
    var isBetter = false
    for index in 0..<width {
      let (mine, theirs) = (a[start + index], b[other + index])
      if mine > theirs { return false }
      if mine < theirs { isBetter = true }
    }
    return isBetter
  }
}
