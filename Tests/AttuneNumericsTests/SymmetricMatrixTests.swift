import AttuneNumerics
import Testing

@Suite("Symmetric matrix")
struct SymmetricMatrixTests {
  @Test("multiplies vectors, alone and among others, with the same bits", arguments: 1..<23)
  func products(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 1)
    let vectors = MatrixSamples.vector(size * 7, seed: 2)
    var all = [Double](repeating: 0, count: size * 7)
    vectors.withUnsafeBufferPointer { x in
      all.withUnsafeMutableBufferPointer {
        matrix.multiply(rows: x, count: 7, stride: size, into: $0)
      }
    }
    for row in 0..<7 {
      let x = Array(vectors[(row * size)..<((row + 1) * size)])
      var y = [Double](repeating: .nan, count: size)
      x.withUnsafeBufferPointer { x in
        y.withUnsafeMutableBufferPointer { matrix.multiply(x, into: $0) }
      }
      #expect(y == Array(all[(row * size)..<((row + 1) * size)]))
      for k in 0..<size {
        let sum = (0..<size).reduce(0) { $0 + matrix[k, $1] * x[$1] }
        #expect((y[k] - sum).magnitude < 1e-13)
      }
    }
  }

  @Test("grows and shrinks and keeps its elements")
  func growth() {
    let sample = MatrixSamples.kernel(30, seed: 3)
    var matrix = SymmetricMatrix()
    for row in 0..<30 {
      let cross = MatrixSamples.row(sample, row)
      cross.withUnsafeBufferPointer { matrix.append(cross: $0, diagonal: sample[row, row]) }
    }
    #expect(matrix.count == 30)
    for index in [29, 7, 0] {
      matrix.remove(at: index)
      #expect(matrix.count == 30 - [29, 7, 0].prefix { $0 != index }.count - 1)
    }
    let kept = (0..<30).filter { ![29, 7, 0].contains($0) }
    for (row, i) in kept.enumerated() {
      for (column, j) in kept.enumerated() { #expect(matrix[row, column] == sample[i, j]) }
    }
  }

  @Test("that is an inverse follows its original", arguments: [1, 2, 5, 12, 33])
  func inverseFollows(size: Int) {
    let sample = MatrixSamples.kernel(size, seed: 4, noise: 0.05)
    var inverse = SymmetricMatrix()
    var workspace: [Double] = []
    for row in 0..<size {
      let cross = MatrixSamples.row(sample, row)
      let pivot = cross.withUnsafeBufferPointer {
        inverse.growInverse(cross: $0, diagonal: sample[row, row], workspace: &workspace)
      }
      #expect(pivot.map { $0 > 0 } == true)
    }
    expectInverse(inverse, sample)
    let index = size / 3
    #expect(inverse.shrinkInverse(at: index, workspace: &workspace))
    expectInverse(inverse, MatrixSamples.without(sample, index))
  }

  private func expectInverse(_ inverse: SymmetricMatrix, _ matrix: SymmetricMatrix) {
    #expect(inverse.count == matrix.count)
    for row in 0..<matrix.count {
      for column in 0..<matrix.count {
        #expect(inverse[row, column] == inverse[column, row])
        let sum = (0..<matrix.count).reduce(0) { $0 + inverse[row, $1] * matrix[$1, column] }
        #expect((sum - (row == column ? 1 : 0)).magnitude < 1e-11)
      }
    }
  }

  @Test("that is an inverse refuses rows which make its original singular")
  func inverseRefuses() {
    let sample = MatrixSamples.kernel(6, seed: 5, noise: 0.05)
    var factor = CholeskyFactor()
    #expect(factor.factor(sample) == .factored)
    var inverse = SymmetricMatrix()
    factor.invert(into: &inverse)
    let before = inverse
    var workspace: [Double] = []
    let cross = MatrixSamples.row(sample, 5) + [sample[5, 5]]
    for diagonal in [0, -1, Double.nan, .infinity] {
      let pivot = cross.withUnsafeBufferPointer {
        inverse.growInverse(cross: $0, diagonal: diagonal, workspace: &workspace)
      }
      #expect(pivot == nil)
    }
    let short = [1.0].withUnsafeBufferPointer {
      inverse.growInverse(cross: $0, diagonal: 9, workspace: &workspace)
    }
    #expect(short == nil)
    #expect(inverse.count == 6)
    #expect((0..<36).allSatisfy { inverse[$0 / 6, $0 % 6] == before[$0 / 6, $0 % 6] })
    inverse[2, 2] = -1
    #expect(!inverse.shrinkInverse(at: 2, workspace: &workspace))
    inverse[2, 2] = .nan
    #expect(!inverse.shrinkInverse(at: 2, workspace: &workspace))
  }

  /// Recorded on x86-64 without fused multiplication: any other rounding anywhere changes the hash.
  @Test("and its factor give the same bits on every machine")
  func recordedBits() {
    let matrix = MatrixSamples.kernel(61, seed: 13)
    var factor = CholeskyFactor()
    #expect(factor.factor(matrix) == .factored)
    var inverse = SymmetricMatrix()
    factor.invert(into: &inverse)
    var hash = factor.logDeterminant.bitPattern
    for row in 0..<61 {
      for column in 0..<61 {
        hash = splitMix64(hash ^ factor[row, column].bitPattern) ^ inverse[row, column].bitPattern
      }
    }
    #expect(hash == 0x62B6_998D_3040_0A35)
  }
}
