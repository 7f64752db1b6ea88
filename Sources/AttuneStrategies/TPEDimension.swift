import AttuneCore
import AttuneNumerics

/// A parameter with more than one value, as the kernels of TPE see it.
///
/// A coordinate is the place in 0...1, or the index of an unordered choice; not-a-number where the
/// parameter is inactive. Single precision: kernels are never narrower than 0.01.
///
/// A class, since lists of dimensions are walked through for every trial and candidate.
final class TPEDimension: Sendable {
  enum Kind: Sendable, Hashable {
    /// Normal kernels on 0...1; also for so many levels that they are as good as continuous.
    case smooth
    /// Normal kernels summed up over each of a few levels.
    case cells(Int)
    /// Kernels that know only same and different.
    case category(Int)
  }

  /// The most levels that a kernel holds a table of masses for.
  static let largestTable: UInt64 = 32

  /// The index of the parameter in its space.
  let parameter: Int
  let distribution: Distribution
  let kind: Kind
  /// The bounds of the cells of `cells`, one more than there are levels.
  let edges: [Double]
  /// The mean width of a level; 0 when continuous.
  private let width: Double
  /// ln(low − ½) and the length of the axis, for whole numbers with `log`.
  private let logAxis: (low: Double, length: Double)?

  /// `nil` for a parameter with one value.
  init?(_ parameter: Int, _ distribution: Distribution) {
    guard !distribution.isSingle else { return nil }
    self.parameter = parameter
    self.distribution = distribution
    let levels = distribution.levelCount
    width = levels.map { 1 / Double($0) } ?? 0
    if case .int(let int) = distribution, int.log {
      let low = Elementary.log(Double(int.low) - 0.5)
      logAxis = (low, Elementary.log(Double(int.high) + 0.5) - low)
    } else {
      logAxis = nil
    }
    if case .categorical(let choice) = distribution, !choice.ordered {
      kind = .category(choice.choices.count)
      edges = []
    } else if let levels, levels <= Self.largestTable {
      kind = .cells(Int(levels))
      edges = Self.edges(distribution, Int(levels), logAxis)
    } else {
      kind = .smooth
      edges = []
    }
  }

  private static func edges(
    _ distribution: Distribution, _ count: Int, _ logAxis: (low: Double, length: Double)?
  ) -> [Double] {
    var edges = (0...count).map { Double($0) / Double(count) }
    if case .int(let int) = distribution, let logAxis {
      for level in 1..<count {
        let bound = Elementary.log(Double(int.low) + Double(level) - 0.5)
        edges[level] = (bound - logAxis.low) / logAxis.length
      }
    }
    return edges
  }

  var isDiscrete: Bool { width > 0 }

  /// The number of choices of an unordered one.
  var choiceCount: Int? {
    if case .category(let count) = kind { return count }
    return nil
  }

  /// The coordinate of a slot; `nil` is an inactive parameter.
  func coordinate(ofSlot slot: UInt64?) -> Float {
    guard let slot else { return .nan }
    if case .category = kind { return Float(slot) }
    return Float(distribution.unit(ofSlot: slot))
  }

  /// A candidate's coordinate: as a trial's, but the level where kernels have tables.
  func candidateCoordinate(ofSlot slot: UInt64) -> Float {
    if case .cells = kind { return Float(distribution.level(ofSlot: slot)) }
    return coordinate(ofSlot: slot)
  }

  /// Half the width of the level at `mean`; 0 when continuous.
  func halfCell(at mean: Float) -> Float {
    guard let logAxis else { return Float(0.5 * width) }
    let value = Elementary.exp(logAxis.low + Double(mean) * logAxis.length)
    return Float(0.5 / (value * logAxis.length))
  }

  /// The deviation of a kernel at `mean` whose neighbours are `gap` away.
  ///
  /// At least `floor` and half a cell, at most 1. Where levels are too many for a table, their
  /// width is added as the variance of a uniform distribution.
  func deviation(gap: Float, floor: Float, at mean: Float) -> Float {
    let half = isDiscrete ? halfCell(at: mean) : 0
    let deviation = min(max(gap, floor, half), 1)
    guard half > 0, kind == .smooth else { return deviation }
    return (deviation * deviation + half * half / 3).squareRoot()
  }

  /// −ln of what the density of a `smooth` kernel on 0...1 is divided by.
  static func logScale(mean: Float, deviation: Float) -> Float {
    let (mean, deviation) = (Double(mean), Double(deviation))
    let (below, above) = (mean / deviation, (1 - mean) / deviation)
    // Beyond six deviations there is less than the rounding of single precision.
    let outside =
      (below < 6 ? StandardNormal.cumulative(-below) : 0)
      + (above < 6 ? StandardNormal.cumulative(-above) : 0)
    return Float(-Elementary.log(2.5066282746310002 * deviation * (1 - outside)))
  }

  /// The log density, relative to the uniform one, of a `cells` kernel in every level.
  func logMasses(mean: Float, deviation: Float) -> [Float] {
    let (mean, deviation) = (Double(mean), Double(deviation))
    let places = edges.map { ($0 - mean) / deviation }
    guard let first = places.first, let last = places.last else { return [] }
    let total = StandardNormal.logProbability(from: first, to: last)
    return (1..<max(places.count, 1)).map { level in
      let mass = StandardNormal.logProbability(from: places[level - 1], to: places[level])
      // The limit keeps sums in single precision finite.
      return Float(
        max(mass - total - Elementary.log(edges[level] - edges[level - 1]), -1e4))
    }
  }
}
