import AttuneNumerics
import CLanes
import Testing

@Suite("Cholesky's loops in lanes")
struct LanesCholeskyTests {
  /// Element by element, with sums of even and odd indices: what every tile and width must come to.
  private static func solved(
    _ x: [Double], _ l: [Double], _ stride: Int, _ inverse: [Double], from first: Int, to last: Int,
    origin: Int
  ) -> [Double] {
    var x = x
    for column in first..<max(last, first) {
      var (even, odd) = (0.0, 0.0)
      for k in origin..<max(column & ~1, origin) {
        let term = x[k] * l[column * stride + k]
        if k % 2 == 0 { even += term } else { odd += term }
      }
      var value = x[column] - (even + odd)
      if column % 2 == 1 { value -= x[column - 1] * l[column * stride + column - 1] }
      x[column] = value * inverse[column]
    }
    return x
  }

  /// A triangle with a heavy diagonal; what is above it is not-a-number, as it must not be read.
  private static func triangle(_ count: Int, _ stride: Int) -> (l: [Double], inverse: [Double]) {
    var l = LanesSamples.numbers(count * stride, -1...1, seed: UInt64(count))
    for row in 0..<count {
      l[row * stride + row] += 3
      for column in (row + 1)..<max(stride, row + 1) { l[row * stride + column] = .nan }
    }
    return (l, (0..<count).map { 1 / l[$0 * stride + $0] })
  }

  private static let counts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 30, 41, 50]

  @Test("solves have the bits of the sums of even and odd elements", arguments: counts)
  func solves(count: Int) {
    let stride = (count + 3) & ~3
    let (l, inverse) = Self.triangle(count, stride)
    for rowCount in [1, 3, 4, 6, 16, 19, 37] {
      let x = LanesSamples.numbers(rowCount * stride, -2...2, seed: 31)
      for (first, origin) in [(0, 0), (2, 0), (8, 0), (8, 8), (6, 2)] where first <= count {
        let expected = (0..<rowCount).flatMap { row in
          Self.solved(
            Array(x[(row * stride)..<((row + 1) * stride)]), l, stride, inverse, from: first,
            to: count, origin: origin)
        }
        for kernels in LanesSamples.both {
          var together = x
          kernels.solve_rows(&together, stride, rowCount, l, stride, inverse, first, count, origin)
          #expect(LanesSamples.bits(together) == LanesSamples.bits(expected))
          var alone = Array(x[..<stride])
          kernels.solve_row(&alone, l, stride, inverse, first, count, origin)
          #expect(LanesSamples.bits(alone) == LanesSamples.bits(Array(expected[..<stride])))
        }
      }
    }
  }

  @Test("solves with the transpose subtract row by row", arguments: counts)
  func upper(count: Int) {
    let stride = (count + 3) & ~3
    let (l, inverse) = Self.triangle(count, stride)
    let x = LanesSamples.numbers(count + 1, -2...2, seed: 32)
    // Of four rows the last is found first, but above them the first is subtracted first.
    var expected = x
    var end = count
    while end > 0 {
      let start = end >= 4 ? end - 4 : end - 1
      for row in (start..<end).reversed() {
        expected[row] *= inverse[row]
        for k in start..<row { expected[k] += l[row * stride + k] * -expected[row] }
      }
      for k in 0..<start {
        for row in start..<end { expected[k] += l[row * stride + k] * -expected[row] }
      }
      end = start
    }
    for kernels in LanesSamples.both {
      var found = x
      kernels.solve_upper(&found, l, stride, inverse, count)
      #expect(LanesSamples.bits(found) == LanesSamples.bits(expected))
    }
  }

  @Test(
    "factors have the same bits in both variants, also up to a pivot that fails", arguments: counts)
  func factors(count: Int) {
    let stride = (count + 3) & ~3
    let matrix = MatrixSamples.kernel(count, seed: 12)
    var plain = [Double](repeating: .nan, count: count * stride)
    for row in 0..<count {
      for column in 0...row { plain[row * stride + column] = matrix[row, column] }
    }
    for failing in [nil, count - 1, count / 2] {
      var a = plain
      if let failing { a[failing * stride + failing] = -1 }
      let results = LanesSamples.both.map { kernels in
        var (l, inverse) = (a, [Double](repeating: 0, count: count))
        let outcome = kernels.factor(&l, stride, &inverse, count, 0)
        #expect(outcome == (failing ?? -1))
        return LanesSamples.bits(l + inverse)
      }
      #expect(results[0] == results[1])
    }
  }
}
