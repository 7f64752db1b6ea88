import AttuneNumerics

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
  }

  private mutating func grow(to count: Int) {
    var waiting = (0..<(points.count / width)).map { index in
      (gain: gain(index), index: index, round: 0)
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

  /// The volume that a point dominates and the chosen do not.
  private func gain(_ index: Int) -> Double {
    var others: [Double] = []
    others.reserveCapacity(chosen.count * width)
    for other in chosen { others += row(other) }
    return Hypervolume.gain(
      of: Array(row(index)), among: others,
      reference: Array(repeating: Self.reference, count: width))
  }

  private func row(_ index: Int) -> ArraySlice<Double> {
    points[(index * width)..<((index + 1) * width)]
  }
}
