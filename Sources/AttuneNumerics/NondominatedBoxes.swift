/// Where a point must lie to dominate something that a front does not, up to a reference: disjoint boxes.
///
/// Points are taken in the order of their last value. Each cuts what it dominates out of the boxes so
/// far; what is left of a box is cut in slices, and slices that fit together become one. With two values
/// that makes one box more than there are points, with three about twice as many, as the sweeps of R.
/// Lacour, K. Klamroth, C. M. Fonseca, "A box decomposition algorithm to compute the hypervolume
/// indicator", Computers & Operations Research 79, 2017, do.
public struct NondominatedBoxes: Sendable {
  /// Values a point.
  public let width: Int
  /// For each value the bounds of the boxes, ascending: −∞ first, the reference last.
  public let levels: [[Double]]
  /// Of one box after the other, for each value the place of its lower and of its upper bound.
  public let places: [Int32]

  /// How many boxes there are.
  public var count: Int { places.count / (2 * width) }

  /// The boxes that `points`, one after the other, leave; their values are to be small.
  ///
  /// The reference is finite and has as many values as a point, at least one. Points that are not better
  /// than it in every value, or have a NaN, cut nothing. O(points · boxes).
  public init(front points: [Double], reference: [Double]) {
    width = reference.count
    var boxes = [Box(low: Array(repeating: -.infinity, count: width), high: reference)]
    for point in Self.sorted(points, reference) { Self.cut(&boxes, point) }
    var levels: [[Double]] = []
    for axis in 0..<reference.count {
      var values = boxes.map { $0.low[axis] } + boxes.map { $0.high[axis] }
      values.sort()
      var distinct: [Double] = []
      for value in values where value != distinct.last { distinct.append(value) }
      levels.append(distinct)
    }
    self.levels = levels
    places = boxes.flatMap { box in
      levels.indices.flatMap { axis in
        [Self.place(of: box.low[axis], levels[axis]), Self.place(of: box.high[axis], levels[axis])]
      }
    }
  }

  private struct Box {
    var low: [Double]
    var high: [Double]
  }

  private static func place(of value: Double, _ levels: [Double]) -> Int32 {
    var (low, high) = (0, levels.count)
    while low < high {
      let middle = (low + high) / 2
      if levels[middle] < value { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  /// The points that count, by their last value, then by the first ones.
  private static func sorted(_ points: [Double], _ reference: [Double]) -> [[Double]] {
    let width = reference.count
    guard width > 0 else { return [] }
    var rows: [[Double]] = []
    for start in stride(from: 0, to: points.count - width + 1, by: width) {
      let row = Array(points[start..<(start + width)])
      if row.indices.allSatisfy({ row[$0] < reference[$0] }) { rows.append(row) }
    }
    return rows.sorted { a, b in
      a[width - 1] != b[width - 1] ? a[width - 1] < b[width - 1] : a.lexicographicallyPrecedes(b)
    }
  }

  /// Takes out of the boxes what a point dominates.
  private static func cut(_ boxes: inout [Box], _ point: [Double]) {
    let axes = point.indices
    var kept: [Box] = []
    // The slices, by the axis along which they were cut off.
    var slices: [[Box]] = axes.map { _ in [] }
    for box in boxes {
      guard axes.allSatisfy({ box.high[$0] > point[$0] }) else {
        kept.append(box)
        continue
      }
      var rest = box
      for axis in [point.count - 1] + Array(axes.dropLast()) where rest.low[axis] < point[axis] {
        var slice = rest
        slice.high[axis] = point[axis]
        slices[axis].append(slice)
        rest.low[axis] = point[axis]
      }
    }
    for group in slices { kept += joined(group) }
    boxes = kept
  }

  /// Boxes with two that share a face made one, as long as there are such.
  private static func joined(_ group: [Box]) -> [Box] {
    var boxes = group
    var index = 0
    while index < boxes.count {
      var other = index + 1
      while other < boxes.count {
        if let whole = union(boxes[index], boxes[other]) {
          boxes[index] = whole
          boxes.remove(at: other)
          other = index + 1
        } else {
          other += 1
        }
      }
      index += 1
    }
    return boxes
  }

  /// Both boxes as one, if they differ along one axis alone and touch there.
  private static func union(_ a: Box, _ b: Box) -> Box? {
    var differing: Int?
    for axis in a.low.indices where a.low[axis] != b.low[axis] || a.high[axis] != b.high[axis] {
      if differing != nil { return nil }
      differing = axis
    }
    guard let axis = differing else { return a }
    var whole = a
    if a.high[axis] == b.low[axis] {
      whole.high[axis] = b.high[axis]
    } else if b.high[axis] == a.low[axis] {
      whole.low[axis] = b.low[axis]
    } else {
      return nil
    }
    return whole
  }
}
