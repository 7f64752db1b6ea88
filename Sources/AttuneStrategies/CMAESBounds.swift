/// Ranks the points of CMA-ES that lie outside the bounds of parameters.
///
/// A point outside is evaluated at the nearest one inside. Ranks by value and ranks by distance from
/// the bounds, which count α times, are added up; α grows while the mean is outside by more than a
/// deviation and shrinks otherwise. Only the order of values counts, as without bounds. N. Sakamoto,
/// Y. Akimoto, "Adaptive ranking based constraint handling for explicitly constrained black-box
/// optimization", Evolutionary Computation 28, 2020, with distances in
/// deviations of each axis, and α not below ½: lower ones converge beside corners now and then.
struct CMAESBounds: Sendable {
  private var weight = 1.0

  /// The order of results: indices of `results`, best first, which come in the order of values.
  mutating func order(
    _ results: [CMAESGeneration.Result], _ distribution: CMAESDistribution, _ space: CMAESSpace
  ) -> [Int] {
    let plain = Array(results.indices)
    if space.levelAxes.isEmpty, Self.isInside(distribution.sampler.mean),
      results.allSatisfy({ Self.isInside($0.draw.numbers) })
    {
      adapt(own: 0, distribution, resultCount: results.count)
      return plain
    }
    let distances = results.map { distance($0.draw.numbers, distribution, space) }
    let own = distance(distribution.sampler.mean, distribution, space)
    adapt(own: own, distribution, resultCount: results.count)
    guard distances.contains(where: { $0 > 0 }) else { return plain }
    // What failed has no value to be ranked with: it stays last.
    let valued = results.prefix { !$0.rank.isFailed }.count
    let byDistance = (0..<valued).sorted {
      distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
    }
    var totals = (0..<valued).map { index in Double(Self.tied(index, results)) }
    var (place, last) = (0, -1.0)
    for (index, result) in byDistance.enumerated() {
      if distances[result] != last { (place, last) = (index, distances[result]) }
      totals[result] += weight * Double(place)
    }
    let order = (0..<valued).sorted {
      totals[$0] != totals[$1] ? totals[$0] < totals[$1] : $0 < $1
    }
    return order + plain[valued...]
  }

  /// Makes distances count more where the mean is outside.
  private mutating func adapt(own: Double, _ distribution: CMAESDistribution, resultCount: Int) {
    let change = 1 / Double(max(distribution.dimension, 1))
    weight *= own > 1 ? 1 + change : 1 / (1 + change)
    weight = min(max(weight, 0.5), Double(resultCount))
  }

  /// Whether no number lies outside 0...1.
  private static func isInside(_ numbers: [Double]) -> Bool {
    numbers.withUnsafeBufferPointer { numbers in
      var (least, largest) = (0.0, 1.0)
      for number in numbers {
        least = number < least ? number : least
        largest = number > largest ? number : largest
      }
      return least == 0 && largest == 1
    }
  }

  /// The place of a result among values, the first of equal ones.
  private static func tied(_ index: Int, _ results: [CMAESGeneration.Result]) -> Int {
    var first = index
    while first > 0, results[first - 1].rank == results[index].rank { first -= 1 }
    return first
  }

  /// The sum over axes of squared distances from the range, in deviations.
  private func distance(
    _ numbers: [Double], _ distribution: CMAESDistribution, _ space: CMAESSpace
  ) -> Double {
    var sum = 0.0
    let sigma = distribution.sampler.sigma
    for (axis, known) in space.axes.enumerated() where known.levelCount == 0 {
      let x = numbers[axis]
      let outside = x < 0 ? -x : x > 1 ? x - 1 : 0
      guard outside > 0 else { continue }
      sum += outside * outside / (sigma * sigma * distribution.variances[axis])
    }
    return sum
  }
}
