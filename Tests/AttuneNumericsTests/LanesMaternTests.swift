import AttuneNumerics
import CLanes
import Testing

@Suite("Matern kernel in lanes")
struct LanesMaternTests {
  private static let signal = 1.75
  /// What stands behind the room that a loop may write to.
  private static let fence = -77.0

  /// Points of `ordered` and `unordered` axes, and a query that shares some of their choices.
  private struct Sample {
    let count: Int
    let ordered: Int
    let axes: Int
    let stride: Int
    let columns: [Double]
    let weights: [Double]
    let query: [Double]

    init(count: Int, ordered: Int, unordered: Int) {
      (self.count, self.ordered, axes) = (count, ordered, ordered + unordered)
      stride = (count + 3) & ~3
      var columns = LanesSamples.numbers(stride * axes, -3...3, seed: UInt64(count))
      for index in (stride * ordered)..<(stride * axes) { columns[index].round() }
      self.columns = columns
      weights = LanesSamples.numbers(axes, 0.1...2, seed: 9)
      var query = LanesSamples.numbers(axes, -2...2, seed: 10)
      for axis in ordered..<axes { query[axis].round() }
      self.query = query
    }

    /// The rows that a loop writes, each with a fence behind.
    func rows(
      _ rowCount: Int,
      _ body: (lanes_points, UnsafePointer<Double>, [UnsafeMutablePointer<Double>]) -> Void
    ) -> [[Double]] {
      var result = [Double](repeating: LanesMaternTests.fence, count: rowCount * (stride + 1))
      columns.withUnsafeBufferPointer { columns in
        weights.withUnsafeBufferPointer { weights in
          query.withUnsafeBufferPointer { query in
            result.withUnsafeMutableBufferPointer { result in
              guard let columns = columns.baseAddress, let weights = weights.baseAddress,
                let query = query.baseAddress, let base = result.baseAddress
              else { return }
              body(
                lanes_points(
                  columns: columns, stride: stride, count: count, ordered_count: ordered,
                  axis_count: axes, weights: weights), query,
                (0..<rowCount).map { base + $0 * (stride + 1) })
            }
          }
        }
      }
      return (0..<rowCount).map { Array(result[($0 * (stride + 1))..<(($0 + 1) * (stride + 1))]) }
    }

    /// All that is written by the loops of one variant.
    func all(_ kernels: lanes_kernels) -> [[Double]] {
      let s = LanesMaternTests.signal
      return rows(10) { points, query, rows in
        kernels.matern_values(points, query, s, rows[0])
        kernels.matern_slopes(points, query, s, rows[1], rows[2], nil)
        kernels.matern_slopes(points, query, s, rows[3], rows[4], rows[5])
        let (first, last) = (0, points.axis_count - 1)
        kernels.matern_squares(points, query, first, rows[6])
        kernels.matern_along(points, rows[6], first, 0.25, s, rows[7])
        kernels.matern_squares(points, query, last, rows[8])
        kernels.matern_along(points, rows[8], last, 1, s, rows[9])
      }
    }

    /// r² of the query, with `place` along `axis`, and a point.
    func square(_ point: Int, _ axis: Int? = nil, _ place: Double = 0) -> Double {
      var sum = 0.0
      for other in 0..<axes {
        let difference = columns[other * stride + point] - (other == axis ? place : query[other])
        sum += other < ordered ? difference * difference : difference == 0 ? 0 : weights[other]
      }
      return sum
    }
  }

  private static func matern(_ square: Double) -> (value: Double, slope: Double, bend: Double) {
    let a = (5 * square).squareRoot()
    let decay = signal * Elementary.exp(-a)
    return ((1 + a + a * a / 3) * decay, 5.0 / 3 * (1 + a) * decay, 25.0 / 3 * decay)
  }

  private static let counts = [1, 2, 4, 5, 7, 8, 9, 12, 13, 31, 64, 66]

  @Test("both variants have the same bits and keep to their room", arguments: counts)
  func sameBits(count: Int) {
    for (ordered, unordered) in [(3, 0), (0, 2), (8, 2), (1, 5)] {
      let sample = Sample(count: count, ordered: ordered, unordered: unordered)
      let (first, second) = (sample.all(LanesSamples.baseline), sample.all(LanesSamples.wide))
      for (a, b) in zip(first, second) {
        #expect(LanesSamples.bits(a) == LanesSamples.bits(b))
        #expect(a.last == Self.fence)
      }
    }
  }

  @Test("the kernel is as its formula says, and 0 beyond the points", arguments: counts)
  func formula(count: Int) {
    let sample = Sample(count: count, ordered: 4, unordered: 2)
    for kernels in LanesSamples.both {
      let rows = sample.all(kernels)
      func near(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-13 * b.magnitude }
      for point in 0..<count {
        let expected = Self.matern(sample.square(point))
        for row in [0, 1, 3] { #expect(near(rows[row][point], expected.value)) }
        for row in [2, 4] { #expect(near(rows[row][point], expected.slope)) }
        #expect(near(rows[5][point], expected.bend))
        #expect(near(rows[7][point], Self.matern(sample.square(point, 0, 0.25)).value))
        #expect(near(rows[9][point], Self.matern(sample.square(point, 5, 1)).value))
      }
      for row in [0, 1, 2, 3, 4, 5, 7, 9] {
        for place in count..<sample.stride { #expect(rows[row][place] == 0) }
      }
    }
  }

  @Test("pairs of points have the same bits in both variants", arguments: [4, 8, 20])
  func pairs(count: Int) {
    let differences = LanesSamples.numbers(count * 3, 0...4, seed: 21)
    let weights = [0.5, 1.25, 0.01]
    let results = LanesSamples.both.map { kernels in
      var (values, slopes) = (
        [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
      )
      kernels.matern_pairs(differences, count, weights, 3, Self.signal, &values, &slopes)
      for pair in 0..<count {
        let square = (0..<3).reduce(0) { $0 + weights[$1] * differences[$1 * count + pair] }
        let expected = Self.matern(square)
        #expect((values[pair] - expected.value).magnitude <= 1e-13 * expected.value)
        #expect((slopes[pair] - expected.slope).magnitude <= 1e-13 * expected.slope)
      }
      return LanesSamples.bits(values + slopes)
    }
    #expect(results[0] == results[1])
  }
}
