import AttuneNumerics

/// Directions spread evenly over many objectives, and how points crowd around them.
///
/// The lattice of I. Das and J. Dennis ("Normal-boundary intersection", SIAM J. Optimization 8, 1998)
/// as K. Deb and H. Jain use it ("An evolutionary many-objective optimization algorithm using
/// reference-point-based nondominated sorting", IEEE Trans. Evol. Comp. 18, 2014): points are moved
/// and scaled so that the best values lie at 0 and the plane through the extreme points at 1, and each
/// belongs to the direction it is nearest to.
struct ReferenceDirections: Sendable {
  let width: Int
  /// One direction after the other; their components sum to 1.
  let directions: [Double]

  var count: Int { directions.count / width }

  /// The finest lattice of at most `limit` directions, at least the axes.
  init(width: Int, limit: Int) {
    self.width = width
    var divisions = 1
    while Self.size(width, divisions + 1) <= limit { divisions += 1 }
    var directions: [Double] = []
    func visit(_ left: Int, _ chosen: [Int]) {
      if chosen.count == width - 1 {
        directions += (chosen + [left]).map { Double($0) / Double(divisions) }
        return
      }
      for next in 0...left { visit(left - next, chosen + [next]) }
    }
    visit(divisions, [])
    self.directions = directions
  }

  /// How many directions there are with so many divisions of an axis.
  private static func size(_ width: Int, _ divisions: Int) -> Int {
    var size = 1
    for step in 1..<max(width, 2) {
      size = size * (divisions + step) / step
      if size > 1 << 30 { return size }
    }
    return size
  }

  /// For each point the direction it belongs to, and its distance from that line.
  ///
  /// `values` are finite, `width` a point; `front` are the points that none dominates.
  func niches(_ values: [Double], front: [Int]) -> [(direction: Int, distance: Double)] {
    let (ideal, span) = scale(values, front)
    return (0..<(values.count / width)).map { index in
      let point = (0..<width).map { (values[index * width + $0] - ideal[$0]) / span[$0] }
      return nearest(to: point)
    }
  }

  private func nearest(to point: [Double]) -> (direction: Int, distance: Double) {
    let square = point.reduce(0) { $0 + $1 * $1 }
    var best = (direction: 0, distance: Double.infinity)
    for direction in 0..<count {
      var (dot, norm) = (0.0, 0.0)
      for offset in 0..<width {
        let component = directions[direction * width + offset]
        dot += component * point[offset]
        norm += component * component
      }
      let distance = max(square - dot * dot / norm, 0)
      if distance < best.distance { best = (direction, distance) }
    }
    return best
  }

  /// The best values, and how far from them the plane through the extreme points meets each axis.
  private func scale(_ values: [Double], _ front: [Int]) -> (ideal: [Double], span: [Double]) {
    let ideal = (0..<width).map { offset in
      front.map { values[$0 * width + offset] }.min() ?? 0
    }
    let extremes = (0..<width).map { axis in
      front.min { achievement($0, axis, values, ideal) < achievement($1, axis, values, ideal) }
        ?? 0
    }
    let worst = (0..<width).map { offset in
      (front.map { values[$0 * width + offset] }.max() ?? 1) - ideal[offset]
    }
    var matrix = extremes.flatMap { point in
      (0..<width).map { values[point * width + $0] - ideal[$0] }
    }
    var plane = [Double](repeating: 1, count: width)
    let isPlane = LinearSystem.solve(&matrix, stride: width, count: width, &plane)
    return (
      ideal,
      (0..<width).map { axis in
        let intercept = isPlane ? 1 / plane[axis] : .nan
        // Extreme points that span no plane tell nothing: then the worst value does.
        let span = intercept > 1e-6 * worst[axis] && intercept.isFinite ? intercept : worst[axis]
        return span > 0 ? span : 1
      }
    )
  }

  /// How well a point does when nearly only one axis counts; small is well.
  private func achievement(
    _ point: Int, _ axis: Int, _ values: [Double], _ ideal: [Double]
  ) -> Double {
    var worst = -Double.infinity
    for offset in 0..<width {
      let value = values[point * width + offset] - ideal[offset]
      worst = max(worst, offset == axis ? value : value * 1e6)
    }
    return worst
  }
}
