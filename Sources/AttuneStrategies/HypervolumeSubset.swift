/// The points of a front that together dominate much: greedy subset selection by hypervolume.
///
/// One point after another joins that adds most to the volume that the chosen dominate, up to a
/// reference a tenth of the front's range behind its worst values: within 1 − 1/e of the best choice
/// (G. Nemhauser, L. Wolsey, M. Fisher, Mathematical Programming 14, 1978). What a point adds only
/// shrinks as others join, so mostly a few are measured again (M. Minoux's lazy greedy, 1978).
/// Scales and shifts of objectives change nothing.
enum HypervolumeSubset {
  private static let reference = 1.1

  /// The indexes of `count` points, or of all; ties to the first. Values are to be minimised; points
  /// must not dominate each other. O(n log n) and O(n) more for each that is measured again.
  static func choose(_ count: Int, from values: [[Double]]) -> [Int] {
    let points = scaled(values)
    guard count > 0 else { return [] }
    var waiting = points.indices.map { (gain: volume(points[$0]), index: $0, round: 0) }
    waiting.sort { $0.gain < $1.gain || ($0.gain == $1.gain && $0.index > $1.index) }
    var chosen: [Int] = []
    while chosen.count < count, var best = waiting.popLast() {
      if best.round == chosen.count {
        chosen.append(best.index)
        continue
      }
      let point = points[best.index]
      best.gain = volume(point) - dominated(chosen.map { points[$0] }, within: point)
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
    return chosen
  }

  /// Every objective from 0, the front's best finite value, to 1, its worst.
  private static func scaled(_ values: [[Double]]) -> [[Double]] {
    guard let first = values.first else { return [] }
    // Quarters, so that no difference overflows.
    let ranges = first.indices.map { objective in
      let finite = values.map { $0[objective] / 4 }.filter(\.isFinite)
      return (low: finite.min() ?? 0, high: finite.max() ?? 0)
    }
    return values.map { point in
      zip(point, ranges).map { value, range in
        let share = (value / 4 - range.low) / (range.high - range.low)
        return share.isNaN ? 0 : min(max(share, 0), 1)
      }
    }
  }

  private static func volume(_ point: [Double]) -> Double {
    point.reduce(1) { $0 * (reference - $1) }
  }

  /// The volume that `others` dominate of what `point` dominates.
  private static func dominated(_ others: [[Double]], within point: [Double]) -> Double {
    var limited: [[Double]] = []
    for other in others {
      let corner = zip(other, point).map { max($0, $1) }
      if limited.contains(where: { covers($0, corner) }) { continue }
      limited.removeAll { covers(corner, $0) }
      limited.append(corner)
    }
    return hypervolume(limited[...], point.count)
  }

  private static func covers(_ a: [Double], _ b: [Double]) -> Bool {
    for index in a.indices where a[index] > b[index] { return false }
    return true
  }

  /// The volume that points dominate in their first `count` objectives, slice by slice of the last.
  private static func hypervolume(_ points: ArraySlice<[Double]>, _ count: Int) -> Double {
    if count == 1 {
      return points.map { reference - $0[0] }.max() ?? 0
    }
    if points.count <= 1 {
      return points.first.map { $0.prefix(count).reduce(1) { $0 * (reference - $1) } } ?? 0
    }
    let sorted = points.sorted { $0[count - 1] < $1[count - 1] }
    var total = 0.0
    for index in sorted.indices {
      let end = index + 1 < sorted.count ? sorted[index + 1][count - 1] : reference
      let depth = end - sorted[index][count - 1]
      if depth > 0 { total += depth * hypervolume(sorted[...index], count - 1) }
    }
    return total
  }
}
