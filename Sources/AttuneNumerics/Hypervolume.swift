/// The volume that points with several values dominate, exactly.
///
/// Two values: a sweep, O(n log n). Three: a sweep over the stairs of the first two (N. Beume et al.,
/// "On the complexity of computing the hypervolume indicator", IEEE Trans. Evol. Comp. 13, 2009),
/// O(n log n) and moves of memory. More: what each point adds to those that are better in the last
/// value, one dimension lower (WFG: L. While, L. Bradstreet, L. Barone, "A fast way of calculating
/// exact hypervolumes", IEEE Trans. Evol. Comp. 16, 2012); exponential in the number of values.
public enum Hypervolume {
  /// The volume between `reference` and the points; their values, one point after the other, are to be
  /// small.
  ///
  /// Points that are not better than the reference in every value, or have a NaN, dominate nothing.
  /// Infinite where a point is −∞.
  public static func volume(of points: [Double], reference: [Double]) -> Double {
    volume(extents(points, reference), reference.count)
  }

  /// The volume that `point` dominates and `points` do not.
  public static func gain(of point: [Double], among points: [Double], reference: [Double]) -> Double
  {
    let width = reference.count
    let own = extents(point, reference)
    guard !own.isEmpty else { return 0 }
    return gain(own, 0, width, among: extents(points, reference), from: 0)
  }

  /// How far the points that dominate anything reach from the reference.
  private static func extents(_ points: [Double], _ reference: [Double]) -> [Double] {
    let width = reference.count
    guard width > 0 else { return [] }
    var extents: [Double] = []
    extents.reserveCapacity(points.count)
    for start in stride(from: 0, to: points.count - width + 1, by: width) {
      guard (0..<width).allSatisfy({ points[start + $0] < reference[$0] }) else { continue }
      for offset in 0..<width { extents.append(reference[offset] - points[start + offset]) }
    }
    return extents
  }

  private static func volume(_ extents: [Double], _ width: Int) -> Double {
    switch width {
    case 0: 0
    case 1: extents.max() ?? 0
    case 2: area(extents)
    case 3: volume3(extents)
    default: slices(extents, width)
    }
  }

  /// The places of the points in the order of their last extent.
  private static func order(_ extents: [Double], _ width: Int, largestFirst: Bool) -> [Int] {
    (0..<(extents.count / width)).sorted { a, b in
      let (x, y) = (extents[a * width + width - 1], extents[b * width + width - 1])
      return x == y ? a < b : largestFirst == (x > y)
    }
  }

  private static func area(_ extents: [Double]) -> Double {
    var (area, reached) = (0.0, 0.0)
    for index in order(extents, 2, largestFirst: true) where extents[2 * index] > reached {
      area += (extents[2 * index] - reached) * extents[2 * index + 1]
      reached = extents[2 * index]
    }
    return area
  }

  private static func volume3(_ extents: [Double]) -> Double {
    var stairs = Stairs()
    var total = 0.0
    let order = order(extents, 3, largestFirst: true)
    for (place, index) in order.enumerated() {
      stairs.add(extents[3 * index], extents[3 * index + 1])
      let next = place + 1 < order.count ? extents[3 * order[place + 1] + 2] : 0
      let depth = extents[3 * index + 2] - next
      if depth > 0 { total += depth * stairs.area }
    }
    return total
  }

  /// The area under stairs that rise in x and fall in y, kept as steps come.
  private struct Stairs {
    private var x: [Double] = []
    private var y: [Double] = []
    private(set) var area = 0.0

    mutating func add(_ newX: Double, _ newY: Double) {
      var (low, high) = (0, x.count)
      while low < high {
        let middle = (low + high) / 2
        if x[middle] < newX { low = middle + 1 } else { high = middle }
      }
      if low < x.count, y[low] >= newY { return }
      let end = low < x.count && x[low] == newX ? low + 1 : low
      var start = low
      while start > 0, y[start - 1] <= newY { start -= 1 }
      let left = start > 0 ? x[start - 1] : 0
      var lost = 0.0
      for index in start..<end { lost += (x[index] - (index > 0 ? x[index - 1] : 0)) * y[index] }
      if end < x.count, end == low {
        lost += (newX - (end > 0 ? x[end - 1] : 0)) * y[end]
      }
      area += (newX - left) * newY - lost
      x.replaceSubrange(start..<end, with: CollectionOfOne(newX))
      y.replaceSubrange(start..<end, with: CollectionOfOne(newY))
    }
  }

  /// Worst first in the last value: what a point adds is as deep as itself.
  private static func slices(_ extents: [Double], _ width: Int) -> Double {
    let order = order(extents, width, largestFirst: false)
    var sorted: [Double] = []
    sorted.reserveCapacity(extents.count)
    for index in order { sorted += extents[(index * width)..<((index + 1) * width)] }
    var total = 0.0
    for start in stride(from: 0, to: sorted.count, by: width) {
      let depth = sorted[start + width - 1]
      total += depth * flatGain(sorted, start, width)
    }
    return total
  }

  /// What the point at `start` adds to those behind it in all values but the last.
  private static func flatGain(_ sorted: [Double], _ start: Int, _ width: Int) -> Double {
    var rest: [Double] = []
    rest.reserveCapacity(sorted.count - start)
    for other in stride(from: start + width, to: sorted.count, by: width) {
      rest += sorted[other..<(other + width - 1)]
    }
    return gain(sorted, start, width - 1, among: rest, from: 0)
  }

  /// What the point at `start` in `points` covers and those in `others` do not.
  private static func gain(
    _ points: [Double], _ start: Int, _ width: Int, among others: [Double], from first: Int
  ) -> Double {
    var limits: [Double] = []
    var own = 1.0
    for offset in 0..<width { own *= points[start + offset] }
    for other in stride(from: first, to: others.count, by: width) {
      var corner = [Double](repeating: 0, count: width)
      for offset in 0..<width {
        corner[offset] = min(points[start + offset], others[other + offset])
      }
      add(corner, to: &limits, width)
    }
    return max(own - volume(limits, width), 0)
  }

  /// Adds a corner unless another covers it, and drops those that it covers.
  private static func add(_ corner: [Double], to limits: inout [Double], _ width: Int) {
    var kept = 0
    for row in stride(from: 0, to: limits.count, by: width) {
      var (isCovered, covers) = (true, true)
      for offset in 0..<width {
        if limits[row + offset] < corner[offset] { isCovered = false }
        if limits[row + offset] > corner[offset] { covers = false }
      }
      // None of the rows can cover the corner once the corner has covered one.
      if isCovered { return }
      guard !covers else { continue }
      if kept < row {
        for offset in 0..<width { limits[kept + offset] = limits[row + offset] }
      }
      kept += width
    }
    limits.removeLast(limits.count - kept)
    limits += corner
  }
}
