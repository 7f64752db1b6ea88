/// How far the neighbours of each point of a front are apart.
public enum CrowdingDistance {
  /// The sum over objectives of the distance between a point's neighbours, as a share of the range;
  /// infinite for the ends (K. Deb et al., "A fast and elitist multiobjective genetic algorithm:
  /// NSGA-II", IEEE Trans. Evol. Comp. 6, 2002). O(m n log n); ties in the order of the points.
  public static func distances(of values: [Double], width: Int) -> [Double] {
    let count = width > 0 ? values.count / width : 0
    var distances = [Double](repeating: 0, count: count)
    guard count > 0 else { return distances }
    for objective in 0..<width {
      // Quarters, so that no difference overflows.
      let column = (0..<count).map { values[$0 * width + objective] / 4 }
      let order = (0..<count).sorted {
        column[$0] < column[$1] || (column[$0] == column[$1] && $0 < $1)
      }
      let range = column[order[count - 1]] - column[order[0]]
      for place in order.indices {
        let isEnd = place == 0 || place == count - 1
        let share =
          isEnd ? .infinity : (column[order[place + 1]] - column[order[place - 1]]) / range
        // Equal or infinite values have no distance to speak of.
        distances[order[place]] += share.isNaN ? 0 : share
      }
    }
    return distances
  }
}
