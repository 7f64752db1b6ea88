/// Which derivatives of which points stand in a covariance: one a row, points in ascending order.
///
/// In a joint covariance the rows of all values come first, then these.
struct DerivativeRows: Sendable, Hashable {
  /// The point of each.
  private(set) var points: [Int] = []
  /// The ordered axis of each, ascending within a point.
  private(set) var axes: [Int] = []
  /// Where the rows of each point begin, and where the last ones end.
  private(set) var starts = [0]

  var count: Int { points.count }
  var pointCount: Int { starts.count - 1 }

  /// The next point, and the axes along which its derivatives are known.
  mutating func append(axes own: [Int]) {
    points += [Int](repeating: pointCount, count: own.count)
    axes += own
    starts.append(axes.count)
  }
}
