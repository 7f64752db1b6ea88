import AttuneNumerics
import Testing

@Suite("Cholesky breakdown")
struct CholeskyBreakdownTests {
  @Test("is reported with the row, for every kind of unusable element")
  func outcomes() {
    var factor = CholeskyFactor()
    for bad in [Double.nan, .infinity, -.infinity, -1, 0] {
      for row in [0, 1, 3, 4, 17, 20] {
        var matrix = MatrixSamples.kernel(21, seed: 3)
        matrix[row, row] = bad
        #expect(factor.factor(matrix) == .notPositiveDefinite(row: row))
        #expect(factor.count == row)
      }
    }
    var matrix = MatrixSamples.kernel(21, seed: 3)
    matrix[9, 2] = .nan
    #expect(factor.factor(matrix) == .notPositiveDefinite(row: 9))
    #expect(factor.factor(MatrixSamples.kernel(3, seed: 1), leastPivot: 2) != .factored)
  }

  @Test("is cured by the least shift that serves")
  func shifts() {
    // Rank one: every pivot but the first is 0 or rounding.
    let singular = MatrixSamples.make(20) { Double(($0 + 1) * ($1 + 1)) }
    var factor = CholeskyFactor()
    #expect(factor.factor(singular) != .factored)
    let shift = factor.factor(singular, firstShift: 1e-13, attempts: 6)
    #expect(shift.map { $0 >= 1e-13 && $0 <= 1e-8 } == true)
    #expect(factor.count == 20)
    #expect(factor.factor(MatrixSamples.kernel(9, seed: 2), firstShift: 1, attempts: 6) == 0)
  }

  @Test("that no shift cures is nil, also with elements that are not numbers")
  func hopeless() {
    var factor = CholeskyFactor()
    let negative = MatrixSamples.make(5) { $0 == $1 ? -1e9 : 0 }
    #expect(factor.factor(negative, firstShift: 1e-8, attempts: 6) == nil)
    #expect(factor.factor(negative, firstShift: .nan, attempts: 6) == nil)
    #expect(factor.factor(negative, firstShift: 1, attempts: -3) == nil)
    let undefined = MatrixSamples.make(5) { $0 == 3 && $1 == 1 ? .nan : $0 == $1 ? 1 : 0 }
    #expect(factor.factor(undefined, firstShift: 1e-8, attempts: 6) == nil)
  }

  @Test("of an appended row leaves the factor as it was")
  func appendFails() {
    let matrix = MatrixSamples.kernel(10, seed: 4)
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    let copy = MatrixSamples.row(matrix, 9) + [matrix[9, 9]]
    for diagonal in [-1, 0, Double.nan, .infinity, -.infinity] {
      let outcome = copy.withUnsafeBufferPointer { factor.append(cross: $0, diagonal: diagonal) }
      #expect(outcome == .notPositiveDefinite(row: 10))
      #expect(factor.count == 10)
    }
    let undefined = [Double](repeating: .nan, count: 10)
    let outcome = undefined.withUnsafeBufferPointer {
      factor.append(cross: $0, diagonal: 1, floor: 1)
    }
    #expect(outcome == .notPositiveDefinite(row: 10))
    let floored = copy.withUnsafeBufferPointer {
      factor.append(cross: $0, diagonal: 0.5, floor: 1e-10)
    }
    #expect(floored == .factored)
    #expect((factor[10, 10] - 1e-5).magnitude < 1e-18)
  }

  @Test("does not happen without rows, and short buffers are left alone")
  func empty() {
    var factor = CholeskyFactor()
    #expect(factor.factor(SymmetricMatrix()) == .factored)
    #expect(factor.count == 0)
    #expect(factor.logDeterminant == 0)
    var none: [Double] = []
    none.withUnsafeMutableBufferPointer { factor.solve($0) }
    var inverse = SymmetricMatrix(count: 3)
    factor.invert(into: &inverse)
    #expect(inverse.count == 0)
    #expect(factor.factor(MatrixSamples.minimum(4)) == .factored)
    var short: [Double] = [1, 2, 3]
    short.withUnsafeMutableBufferPointer { factor.solve($0) }
    #expect(short == [1, 2, 3])
    factor.truncate(to: -1)
    #expect(factor.count == 0)
  }
}
