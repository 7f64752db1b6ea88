/// The points of a front that together dominate much: greedy subset selection by hypervolume.
///
/// One point after another joins that adds most to the volume that the chosen dominate, up to a
/// reference a tenth of the front's range behind its worst values: within 1 − 1/e of the best choice
/// (G. Nemhauser, L. Wolsey, M. Fisher, Mathematical Programming 14, 1978). What a point adds only
/// shrinks as others join, so mostly a few are measured again (M. Minoux's lazy greedy, 1978).
/// Scales and shifts of objectives change nothing.
struct HypervolumeSubset {
  private static let reference = 1.1

  private let width: Int
  /// Point by point, from 0, the front's best finite value, to 1, its worst.
  private let points: [Double]
  private var chosen: [Int] = []
  /// For each number of objectives, points that a volume is measured of.
  private var scratch: [[Double]]

  /// The indexes of `count` points, or of all; ties to the first.
  ///
  /// Values are to be minimised, `width` of them a point, at least two; points must not dominate each
  /// other. O(n log n), and for each that is measured again O(count^(width − 1)) at worst.
  static func choose(_ count: Int, from values: [Double], width: Int) -> [Int] {
    var subset = HypervolumeSubset(values, width)
    subset.grow(to: count)
    return subset.chosen
  }

  private init(_ values: [Double], _ width: Int) {
    self.width = width
    var points = values
    for objective in 0..<width {
      // Quarters, so that no difference overflows.
      var (low, high) = (Double.infinity, -Double.infinity)
      for place in stride(from: objective, to: values.count, by: width) {
        let value = values[place] / 4
        if value.isFinite { (low, high) = (min(low, value), max(high, value)) }
      }
      for place in stride(from: objective, to: values.count, by: width) {
        let share = (values[place] / 4 - low) / (high - low)
        points[place] = share.isNaN ? 0 : min(max(share, 0), 1)
      }
    }
    self.points = points
    scratch = Array(repeating: [], count: width + 1)
  }

  private mutating func grow(to count: Int) {
    var waiting = (0..<(points.count / width)).map { index in
      (gain: volume(points, index * width, width), index: index, round: 0)
    }
    waiting.sort { $0.gain < $1.gain || ($0.gain == $1.gain && $0.index > $1.index) }
    while chosen.count < count, var best = waiting.popLast() {
      if best.round == chosen.count {
        chosen.append(best.index)
        continue
      }
      best.gain = gain(best.index)
      best.round = chosen.count
      var (low, high) = (0, waiting.count)
      while low < high {
        let middle = (low + high) / 2
        let other = waiting[middle]
        let isBefore =
          other.gain < best.gain || (other.gain == best.gain && other.index > best.index)
        if isBefore { low = middle + 1 } else { high = middle }
      }
      waiting.insert(best, at: low)
    }
  }

  /// The volume that one point dominates in the first `count` objectives.
  private func volume(_ values: [Double], _ start: Int, _ count: Int) -> Double {
    var volume = 1.0
    for index in 0..<count { volume *= Self.reference - values[start + index] }
    return volume
  }

  /// The volume that a point dominates and the chosen do not.
  private mutating func gain(_ index: Int) -> Double {
    let start = index * width
    scratch[width].removeAll(keepingCapacity: true)
    for other in chosen { limit(other * width, within: start) }
    return volume(points, start, width) - hypervolume(width)
  }

  /// Adds the corner of what two points dominate both, unless that is covered already.
  private mutating func limit(_ other: Int, within start: Int) {
    func corner(_ offset: Int) -> Double { max(points[other + offset], points[start + offset]) }
    let count = scratch[width].count / width
    var kept = 0
    for row in 0..<count {
      var (isCovered, covers) = (true, true)
      for offset in 0..<width {
        let (value, mine) = (scratch[width][row * width + offset], corner(offset))
        if value > mine { isCovered = false }
        if value < mine { covers = false }
      }
      // None of the rows can cover the corner once the corner has covered one.
      if isCovered { return }
      guard !covers else { continue }
      if kept < row {
        for offset in 0..<width {
          scratch[width][kept * width + offset] = scratch[width][row * width + offset]
        }
      }
      kept += 1
    }
    scratch[width].removeLast((count - kept) * width)
    for offset in 0..<width { scratch[width].append(corner(offset)) }
  }

  /// The volume that the points in `scratch[count]` dominate: slice by slice of the last objective.
  private mutating func hypervolume(_ count: Int) -> Double {
    sort(count)
    let rows = scratch[count].count / count
    if count == 2 {
      // From the best in the second objective on, each adds a strip up to the best first one so far.
      var (area, first) = (0.0, Self.reference)
      for row in 0..<rows {
        let (x, y) = (scratch[2][2 * row], scratch[2][2 * row + 1])
        if x < first {
          area += (first - x) * (Self.reference - y)
          first = x
        }
      }
      return area
    }
    var total = 0.0
    for row in 0..<rows {
      let next = row + 1 < rows ? scratch[count][(row + 1) * count + count - 1] : Self.reference
      let depth = next - scratch[count][row * count + count - 1]
      guard depth > 0 else { continue }
      scratch[count - 1].removeAll(keepingCapacity: true)
      for above in 0...row {
        for offset in 0..<(count - 1) {
          scratch[count - 1].append(scratch[count][above * count + offset])
        }
      }
      total += depth * hypervolume(count - 1)
    }
    return total
  }

  /// Sorts the few points in `scratch[count]` by their last objective.
  private mutating func sort(_ count: Int) {
    let rows = scratch[count].count / count
    for row in 0..<rows {
      var place = row
      while place > 0,
        scratch[count][place * count - 1] > scratch[count][(place + 1) * count - 1]
      {
        for offset in 0..<count {
          scratch[count].swapAt((place - 1) * count + offset, place * count + offset)
        }
        place -= 1
      }
    }
  }
}
