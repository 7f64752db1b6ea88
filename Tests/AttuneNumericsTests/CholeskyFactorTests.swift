import AttuneNumerics
import Testing

@Suite("Cholesky factor")
struct CholeskyFactorTests {
  static let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 47, 64, 70]

  /// The largest |A − L Lᵀ| by elements, relative to the bound (n + 3) · 2⁻⁵³ · |L| |Lᵀ|.
  private func relativeResidual(_ factor: CholeskyFactor, _ matrix: SymmetricMatrix) -> Double {
    var worst = 0.0
    for row in 0..<matrix.count {
      for column in 0...row {
        var (sum, size) = (0.0, 0.0)
        for k in 0...column {
          sum += factor[row, k] * factor[column, k]
          size += (factor[row, k] * factor[column, k]).magnitude
        }
        let bound = Double(matrix.count + 3) * 0x1p-53 * size
        worst = max(worst, (sum - matrix[row, column]).magnitude / bound)
      }
    }
    return worst
  }

  @Test("multiplies back to the matrix within the stated error", arguments: sizes)
  func residual(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 5)
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    #expect(factor.count == size)
    // The product formed here adds an error of its own, of the same bound.
    #expect(relativeResidual(factor, matrix) <= 2)
  }

  @Test("is exact where all its elements are whole", arguments: sizes)
  func exact(size: Int) {
    var factor = CholeskyFactor(capacity: size)
    #expect(factor.factor(MatrixSamples.minimum(size)) == .factored)
    for row in 0..<size {
      for column in 0..<size { #expect(factor[row, column] == (column <= row ? 1 : 0)) }
    }
    #expect(factor.logDeterminant == 0)
    var inverse = SymmetricMatrix()
    factor.invert(into: &inverse)
    for row in 0..<size {
      for column in 0..<size {
        let isLast = row == size - 1
        let expected = row == column ? (isLast ? 1.0 : 2) : abs(row - column) == 1 ? -1 : 0
        #expect(inverse[row, column] == expected)
      }
    }
  }

  @Test("appended row by row has the same bits as factored at once", arguments: sizes)
  func appendIsExact(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 6)
    var whole = CholeskyFactor()
    #expect(whole.factor(matrix) == .factored)
    var grown = CholeskyFactor()
    for row in 0..<size {
      let cross = MatrixSamples.row(matrix, row)
      let outcome = cross.withUnsafeBufferPointer {
        grown.append(cross: $0, diagonal: matrix[row, row])
      }
      #expect(outcome == .factored)
    }
    for row in 0..<size {
      for column in 0...row { #expect(grown[row, column] == whole[row, column]) }
    }
  }

  @Test("solves, alone and among others, with the same bits", arguments: sizes)
  func solves(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 7, noise: 0.1)
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    let stride = size + 3
    let sides = MatrixSamples.vector(stride * 21, seed: 8)
    var all = sides
    all.withUnsafeMutableBufferPointer { factor.solve(rows: $0, count: 21, stride: stride) }
    for side in 0..<21 {
      let b = Array(sides[(side * stride)..<(side * stride + size)])
      var x = b
      x.withUnsafeMutableBufferPointer { factor.solve($0) }
      #expect(x == Array(all[(side * stride)..<(side * stride + size)]))
      for row in 0..<size {
        let sum = (0..<size).reduce(0) { $0 + matrix[row, $1] * x[$1] }
        let norm = x.reduce(0) { $0 + $1.magnitude }
        #expect((sum - b[row]).magnitude <= 8 * Double(size) * 0x1p-53 * norm)
      }
    }
    // Elements between the vectors stay as they were.
    #expect(all[size] == sides[size])
  }

  @Test("gives an inverse that multiplies back to the identity", arguments: sizes)
  func inverts(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 9, noise: 0.01)
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    var inverse = SymmetricMatrix()
    factor.invert(into: &inverse)
    var worst = 0.0
    for row in 0..<size {
      for column in 0..<size {
        #expect(inverse[row, column] == inverse[column, row])
        let sum = (0..<size).reduce(0) { $0 + matrix[row, $1] * inverse[$1, column] }
        worst = max(worst, (sum - (row == column ? 1 : 0)).magnitude)
      }
    }
    #expect(worst < 1e-11)
  }

  @Test("loses a row and keeps the rest", arguments: [1, 2, 3, 8, 17, 40])
  func removal(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 10)
    for index in Set([0, size / 2, size - 1]).sorted() {
      var factor = CholeskyFactor()
      #expect(factor.factor(matrix) == .factored)
      factor.remove(at: index)
      var expected = CholeskyFactor()
      #expect(expected.factor(MatrixSamples.without(matrix, index)) == .factored)
      #expect(factor.count == size - 1)
      for row in 0..<(size - 1) {
        for column in 0...row {
          #expect((factor[row, column] - expected[row, column]).magnitude < 1e-11)
        }
      }
    }
  }

  @Test("takes up and gives back a rank-one change", arguments: [1, 2, 5, 16, 33])
  func updates(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 11, noise: 0.01)
    let vector = MatrixSamples.vector(size, seed: 12)
    let larger = MatrixSamples.make(size) { matrix[$0, $1] + vector[$0] * vector[$1] }
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    let original = factor
    vector.withUnsafeBufferPointer { factor.update($0) }
    #expect(relativeResidual(factor, larger) < 20)
    let outcome = vector.withUnsafeBufferPointer { factor.downdate($0) }
    #expect(outcome == .factored)
    for row in 0..<size {
      for column in 0...row {
        #expect((factor[row, column] - original[row, column]).magnitude < 1e-11)
      }
    }
    let tooLarge = vector.map { $0 * 100 }
    let before = factor
    let failed = tooLarge.withUnsafeBufferPointer { factor.downdate($0) }
    #expect(failed == .notPositiveDefinite(row: 0))
    #expect((0..<size).allSatisfy { factor[$0, 0] == before[$0, 0] })
  }
}
