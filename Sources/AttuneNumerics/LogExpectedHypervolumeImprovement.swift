/// The logarithm of the volume that a normal prediction of several values is expected to add to a front.
///
/// The volume that a point adds is a sum over the disjoint boxes that the front leaves, of the product
/// over the values of how far the box reaches beyond the point. For independent predictions the
/// expectation of each factor is a difference of two expected improvements, those on the box's upper
/// and lower bound: Σ_boxes Π_k [EI_k(upper) − EI_k(lower)], exactly (M. Emmerich, K. Yang, A. Deutz,
/// "Infill criteria for multiobjective Bayesian optimization", 2020). Where that is too small for a
/// `Double`, the sum is made in logarithms, so that value and slopes hold at any distance
/// (S. Ament and others, NeurIPS 2023). Values are to be small.
public struct LogExpectedHypervolumeImprovement: Sendable {
  public let boxes: NondominatedBoxes
  private let levelStarts: [Int]
  private let levelCount: Int

  /// Below this the sum of products is made in logarithms.
  private static let least = 0x1p-900

  public init(_ boxes: NondominatedBoxes) {
    self.boxes = boxes
    var starts: [Int] = []
    var count = 0
    for levels in boxes.levels {
      starts.append(count)
      count += levels.count
    }
    levelStarts = starts
    levelCount = count
  }

  /// The value for the means and deviations of the predictions, which are positive.
  ///
  /// Some 20 ns a level and 2 ns a box and value; the relative error of what it is the logarithm of is below
  /// 2⁻⁴⁰ where bounds of boxes are no nearer than 2⁻¹⁰ deviations.
  public func value(means: [Double], deviations: [Double]) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: levelCount) { gains in
      forEachLevel(means, deviations) { gains[$0] = LogExpectedImprovement.plain($1) }
      var sum = 0.0
      forEachBox { places in
        var product = 1.0
        for axis in means.indices {
          let (low, high) = Self.bounds(places, axis)
          product *= gains[levelStarts[axis] + high] - gains[levelStarts[axis] + low]
        }
        sum += product
      }
      var scale = 0.0
      for deviation in deviations { scale += Elementary.log(deviation) }
      guard sum > Self.least else { return logSum(means, deviations) + scale }
      return Elementary.log(sum) + scale
    }
  }

  /// The value, and its slopes by means and deviations.
  public func valueAndSlopes(
    means: [Double], deviations: [Double], byMeans: inout [Double], byDeviations: inout [Double]
  ) -> Double {
    let width = boxes.width
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * levelCount + 3 * width) {
      room in
      for index in room.indices { room[index] = 0 }
      let (shares, densities, factors) = (levelCount, 2 * levelCount, 3 * levelCount)
      forEachLevel(means, deviations) { place, u in
        let level = LogExpectedImprovement.plainAndSlopes(u)
        room[place] = level.value
        room[shares + place] = level.probability
        room[densities + place] = level.density
      }
      var sum = 0.0
      forEachBox { places in
        var product = 1.0
        for axis in 0..<width {
          let (low, high) = Self.bounds(places, axis)
          let start = levelStarts[axis]
          room[factors + axis] = room[start + high] - room[start + low]
          product *= room[factors + axis]
        }
        sum += product
        for axis in 0..<width {
          let (low, high) = Self.bounds(places, axis)
          let start = levelStarts[axis]
          var others = 1.0
          for other in 0..<width where other != axis { others *= room[factors + other] }
          room[factors + width + axis] +=
            others * (room[shares + start + high] - room[shares + start + low])
          room[factors + 2 * width + axis] +=
            others * (room[densities + start + high] - room[densities + start + low])
        }
      }
      var scale = 0.0
      for deviation in deviations { scale += Elementary.log(deviation) }
      guard sum > Self.least else {
        return logSum(means, deviations, &byMeans, &byDeviations) + scale
      }
      for axis in 0..<width {
        byMeans[axis] = -room[factors + width + axis] / (sum * deviations[axis])
        byDeviations[axis] = room[factors + 2 * width + axis] / (sum * deviations[axis])
      }
      return Elementary.log(sum) + scale
    }
  }

  // MARK: - Levels and boxes

  /// Calls `body` with each level's place and how many deviations it lies above the mean; −∞ is left out.
  private func forEachLevel(
    _ means: [Double], _ deviations: [Double], _ body: (_ place: Int, _ u: Double) -> Void
  ) {
    for axis in boxes.levels.indices {
      let inverse = 1 / deviations[axis]
      let start = levelStarts[axis]
      for (index, level) in boxes.levels[axis].enumerated() {
        body(start + index, level == -.infinity ? level : (level - means[axis]) * inverse)
      }
    }
  }

  private func forEachBox(_ body: (UnsafePointer<Int32>) -> Void) {
    boxes.places.withUnsafeBufferPointer { places in
      guard var box = places.baseAddress else { return }
      for _ in 0..<boxes.count {
        body(box)
        box += 2 * boxes.width
      }
    }
  }

  private static func bounds(_ box: UnsafePointer<Int32>, _ axis: Int) -> (low: Int, high: Int) {
    (Int(box[2 * axis]), Int(box[2 * axis + 1]))
  }

  // MARK: - In logarithms

  /// A level: ln h(u) with h(u) = φ(u) + u Φ(u), Φ(u) / h(u) and φ(u) / h(u).
  private struct Level {
    var logarithm: Double
    var share: Double
    var density: Double

    init(_ u: Double) {
      (logarithm, share) = LogExpectedImprovement.valueAndSlope(u)
      density = u == -.infinity ? 0 : max(1 - u * share, 0)
    }
  }

  private func logLevels(_ means: [Double], _ deviations: [Double]) -> [Level] {
    var levels: [Level] = []
    levels.reserveCapacity(levelCount)
    forEachLevel(means, deviations) { levels.append(Level($1)) }
    return levels
  }

  /// The logarithm of a box's product.
  private func logTerm(_ box: UnsafePointer<Int32>, _ levels: [Level]) -> Double {
    var term = 0.0
    for axis in 0..<boxes.width {
      let (low, high) = Self.bounds(box, axis)
      let (least, most) = (
        levels[levelStarts[axis] + low].logarithm, levels[levelStarts[axis] + high].logarithm
      )
      term += most
      if least > -.infinity { term += Elementary.log1mexp(min(least - most, 0)) }
    }
    return term
  }

  private func logSum(_ means: [Double], _ deviations: [Double]) -> Double {
    let levels = logLevels(means, deviations)
    var terms: [Double] = []
    forEachBox { terms.append(logTerm($0, levels)) }
    return Elementary.logSumExp(terms)
  }

  private func logSum(
    _ means: [Double], _ deviations: [Double], _ byMeans: inout [Double],
    _ byDeviations: inout [Double]
  ) -> Double {
    let levels = logLevels(means, deviations)
    var terms: [Double] = []
    forEachBox { terms.append(logTerm($0, levels)) }
    let total = Elementary.logSumExp(terms)
    for axis in 0..<boxes.width { (byMeans[axis], byDeviations[axis]) = (0, 0) }
    guard total.isFinite else { return total }
    var index = 0
    forEachBox { box in
      let weight = Elementary.exp(terms[index] - total)
      index += 1
      guard weight > 0 else { return }
      for axis in 0..<boxes.width {
        let (low, high) = Self.bounds(box, axis)
        let (bottom, top) = (levels[levelStarts[axis] + low], levels[levelStarts[axis] + high])
        var (share, density) = (top.share, top.density)
        if bottom.logarithm > -.infinity {
          // Both by the difference of the h; what is below is the bottom's share of the top's.
          let below = Elementary.exp(min(bottom.logarithm - top.logarithm, 0))
          let rest = max(1 - below, 0x1p-50)
          share = (top.share - below * bottom.share) / rest
          density = (top.density - below * bottom.density) / rest
        }
        byMeans[axis] -= weight * share / deviations[axis]
        byDeviations[axis] += weight * density / deviations[axis]
      }
    }
    return total
  }
}
