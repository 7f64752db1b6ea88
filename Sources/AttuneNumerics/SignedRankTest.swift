/// Wilcoxon's signed-rank test of whether differences are centred above 0.
public enum SignedRankTest {
  /// Up to so many differences the distribution is exact, where there are no zeros and no ties.
  static let exactLimit = 50
  /// And up to so many where there are.
  static let exactTiesLimit = 13

  /// The probability of ranks as high as those of the positive differences, were they centred at 0.
  ///
  /// Zeros are split between both sides ("zsplit"), ties share their ranks. Otherwise the normal
  /// approximation with the variance corrected for ties, without continuity. As SciPy's `wilcoxon` with
  /// `zero_method="zsplit"` and `alternative="greater"`. Differences must be finite; 1 without any.
  public static func pValue(greater differences: [Double]) -> Double {
    guard !differences.isEmpty else { return 1 }
    let order = differences.sorted { $0.magnitude < $1.magnitude }
    var (positive, zero, ties) = (0.0, 0.0, 0.0)
    // Twice the ranks of what is not 0, so that shared ones are whole.
    var doubled: [Int] = []
    var start = 0
    var hasTies = false
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].magnitude == order[start].magnitude { end += 1 }
      let rank = Double(start + end + 1) / 2
      for index in start..<end {
        if order[index] != 0 { doubled.append(start + end + 1) }
        if order[index] > 0 { positive += rank }
        if order[index] == 0 { zero += rank }
      }
      let size = Double(end - start)
      ties += size * size * size - size
      if size > 1 { hasTies = true }
      start = end
    }
    let isPlain = zero == 0 && !hasTies
    if order.count <= (isPlain ? exactLimit : exactTiesLimit) {
      return exact(Int(2 * positive), ranks: doubled)
    }
    let count = Double(order.count)
    let mean = count * (count + 1) / 4
    let variance = (count * (count + 1) * (2 * count + 1) - ties / 2) / 24
    let distance = positive + zero / 2 - mean
    guard variance > 0 else { return distance > 0 ? 0 : distance < 0 ? 1 : 0.5 }
    return StandardNormal.cumulative(-distance / variance.squareRoot())
  }

  /// The share of all choices of signs whose positive ranks sum to `sum` or more.
  private static func exact(_ sum: Int, ranks: [Int]) -> Double {
    let largest = ranks.reduce(0, +)
    var shares = [Double](repeating: 0, count: largest + 1)
    shares[0] = 1
    for rank in ranks {
      for total in stride(from: largest, through: 0, by: -1) {
        shares[total] = 0.5 * (shares[total] + (total >= rank ? shares[total - rank] : 0))
      }
    }
    return min(shares[sum...].reduce(0, +), 1)
  }
}
