import AttuneNumerics
import Testing

@Suite("Symmetric eigenvalues")
struct SymmetricEigenTests {
  /// Checks A = V Λ Vᵀ, Vᵀ V = I and the order, all to a few n · 2⁻⁵² ‖A‖.
  private func expectDecomposition(
    _ eigen: SymmetricEigen, _ matrix: SymmetricMatrix, every step: Int = 1
  ) {
    let n = matrix.count
    #expect(eigen.count == n)
    guard n > 0 else { return }
    let values = eigen.values[..<n]
    let norm = values.map(\.magnitude).max() ?? 0
    let unit = Double(n + 8) * 0x1p-52
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    var (worstResidual, worstProduct) = (0.0, 0.0)
    for i in stride(from: 0, to: n, by: step) {
      for row in 0..<n {
        let image = (0..<n).reduce(0) { $0 + matrix[row, $1] * eigen.vector(i, $1) }
        worstResidual = max(worstResidual, (image - values[i] * eigen.vector(i, row)).magnitude)
      }
      for j in 0...i {
        let product = (0..<n).reduce(0) { $0 + eigen.vector(i, $1) * eigen.vector(j, $1) }
        worstProduct = max(worstProduct, (product - (i == j ? 1 : 0)).magnitude)
      }
    }
    #expect(worstResidual <= unit * norm, "residual \(worstResidual / norm)")
    #expect(worstProduct <= unit, "orthogonality \(worstProduct)")
  }

  @Test("decompose random matrices of every size", arguments: [1, 2, 3, 4, 5, 8, 13, 33, 64])
  func random(size: Int) {
    let values = MatrixSamples.vector(size * size, seed: 1)
    let matrix = MatrixSamples.make(size) { values[$0 * size + $1] }
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(matrix) == .decomposed)
    expectDecomposition(eigen, matrix)
  }

  @Test("decompose two hundred rows")
  func large() {
    let matrix = MatrixSamples.kernel(200, seed: 2)
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(matrix) == .decomposed)
    expectDecomposition(eigen, matrix, every: 17)
  }

  /// The second difference matrix has the eigenvalues 4 sin²(kπ / 2(n + 1)), k = 1...n.
  @Test("match known values of the second difference matrix")
  func secondDifference() {
    let n = 11
    let matrix = MatrixSamples.make(n) { $0 == $1 ? 2 : $0 - $1 == 1 ? -1 : 0 }
    // 4 sin²(kπ/24), from mpmath 1.3.0.
    let expected = [
      0.068148347421863426, 0.26794919243112271, 0.58578643762690495, 1.0, 1.4823619097949585,
      2.0, 2.5176380902050415, 3.0, 3.4142135623730950, 3.7320508075688773, 3.9318516525781366,
    ]
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(matrix) == .decomposed)
    for (found, value) in zip(eigen.values, expected) {
      #expect((found - value).magnitude < 2e-15)
    }
  }

  @Test("stay orthogonal when eigenvalues coincide")
  func repeated() {
    var eigen = SymmetricEigen()
    for size in [2, 5, 12, 40] {
      let identity = MatrixSamples.make(size) { $0 == $1 ? 3 : 0 }
      let ones = MatrixSamples.make(size) { _, _ in 1 }
      let shifted = MatrixSamples.make(size) { $0 == $1 ? 2 : 1 }
      let zero = MatrixSamples.make(size) { _, _ in 0 }
      // A reflection: eigenvalues 1 and, once, −1.
      let v = MatrixSamples.vector(size, seed: 4)
      let norm = v.reduce(0) { $0 + $1 * $1 }
      let reflection = MatrixSamples.make(size) {
        ($0 == $1 ? 1 : 0) - 2 * v[$0] * v[$1] / norm
      }
      for matrix in [identity, ones, shifted, zero, reflection] {
        #expect(eigen.decompose(matrix) == .decomposed)
        expectDecomposition(eigen, matrix)
      }
      #expect((eigen.values[0] + 1).magnitude < 1e-14)
      #expect((eigen.values[1] - 1).magnitude < 1e-14)
    }
  }

  @Test("cope with graded matrices, in both directions")
  func graded() {
    var eigen = SymmetricEigen()
    for rises in [true, false] {
      let matrix = MatrixSamples.make(20) { row, column in
        let power = rises ? row + column : 38 - row - column
        let scale = (0..<power).reduce(1.0) { value, _ in value * 0.1 }
        return scale * (row == column ? 1 : 0.3)
      }
      #expect(eigen.decompose(matrix) == .decomposed)
      expectDecomposition(eigen, matrix)
    }
    // Wilkinson's matrix: pairs of eigenvalues that agree in all digits.
    let wilkinson = MatrixSamples.make(21) { row, column in
      row == column ? Double(abs(10 - row)) : row - column == 1 ? 1 : 0
    }
    #expect(eigen.decompose(wilkinson) == .decomposed)
    expectDecomposition(eigen, wilkinson)
    // From mpmath 1.3.0.
    #expect((eigen.values[20] - 10.746194182903393).magnitude < 1e-14)
    #expect((eigen.values[19] - 10.746194182903322).magnitude < 1e-14)
  }

  @Test("keep their accuracy at the ends of the number range")
  func extremes() {
    var eigen = SymmetricEigen()
    let sample = MatrixSamples.kernel(9, seed: 6)
    #expect(eigen.decompose(sample) == .decomposed)
    let plain = Array(eigen.values[..<9])
    for scale in [0x1p900, 0x1p-900] {
      let matrix = MatrixSamples.make(9) { sample[$0, $1] * scale }
      #expect(eigen.decompose(matrix) == .decomposed)
      for (found, value) in zip(eigen.values, plain) { #expect(found == value * scale) }
    }
    let tiny = MatrixSamples.make(3) { $0 == $1 ? 0x1p-1074 * Double($0) : 0x1p-1074 }
    #expect(eigen.decompose(tiny) == .decomposed)
    let mixed = MatrixSamples.make(4) { $0 == $1 && $0 == 2 ? 1e300 : 1e-300 }
    #expect(eigen.decompose(mixed) == .decomposed)
    #expect(eigen.values[3] == 1e300)
  }

  @Test("refuse what is not finite, and take no rows")
  func specials() {
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(SymmetricMatrix()) == .decomposed)
    #expect(eigen.count == 0)
    for bad in [Double.nan, .infinity, -.infinity] {
      var matrix = MatrixSamples.kernel(5, seed: 7)
      matrix[3, 1] = bad
      #expect(eigen.decompose(matrix) == .notFinite)
      #expect(eigen.count == 0)
    }
    let one = MatrixSamples.make(1) { _, _ in -7 }
    #expect(eigen.decompose(one) == .decomposed)
    #expect(eigen.values[0] == -7)
    #expect(eigen.vector(0, 0) == 1)
  }

  /// Recorded on x86-64 without fused multiplication: any other rounding anywhere changes the hash.
  @Test("give the same bits on every machine")
  func recordedBits() {
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(MatrixSamples.kernel(37, seed: 8)) == .decomposed)
    var hash: UInt64 = 0
    for i in 0..<37 {
      hash = splitMix64(hash ^ eigen.values[i].bitPattern)
      for k in 0..<37 { hash = splitMix64(hash ^ eigen.vector(i, k).bitPattern) }
    }
    #expect(hash == 0xE60A_B359_C960_879F)
  }
}
