import AttuneNumerics
import Testing

@Suite("Products with a Cholesky factor")
struct CholeskyProductTests {
  @Test("L x is the sum of its products, and solving takes it back", arguments: 1...22)
  func product(size: Int) {
    var factor = CholeskyFactor()
    #expect(factor.factor(MatrixSamples.kernel(size, seed: 3, noise: 0.1)) == .factored)
    let vector = MatrixSamples.vector(size, seed: 5)
    var result = [Double](repeating: .nan, count: size)
    vector.withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer { factor.multiplyLower(vector, into: $0) }
    }
    for row in 0..<size {
      let plain = (0...row).reduce(0) { $0 + factor[row, $1] * vector[$1] }
      #expect((result[row] - plain).magnitude < 1e-14)
    }
    result.withUnsafeMutableBufferPointer { factor.solveLower($0) }
    for row in 0..<size { #expect((result[row] - vector[row]).magnitude < 1e-12) }
  }

  @Test("where there is too little room, nothing is done")
  func room() {
    var factor = CholeskyFactor()
    #expect(factor.factor(MatrixSamples.minimum(3)) == .factored)
    var result = [7.0, 7]
    [1.0, 1, 1].withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer { factor.multiplyLower(vector, into: $0) }
    }
    #expect(result == [7, 7])
  }
}
