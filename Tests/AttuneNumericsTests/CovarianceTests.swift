import AttuneNumerics
import Testing

@Suite("Covariances: along eigenvectors and back, and blended with rows")
struct CovarianceTests {
  @Test("combine undoes project, and project has the coefficients", arguments: [1, 2, 3, 4, 7, 20])
  func transform(size: Int) {
    let matrix = MatrixSamples.kernel(size, seed: 3)
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(matrix) == .decomposed)
    let vector = MatrixSamples.vector(size, seed: 4)
    var coefficients = [Double](repeating: .nan, count: size)
    var back = coefficients
    vector.withUnsafeBufferPointer { vector in
      coefficients.withUnsafeMutableBufferPointer { eigen.project(vector, into: $0) }
    }
    coefficients.withUnsafeBufferPointer { coefficients in
      back.withUnsafeMutableBufferPointer { eigen.combine(coefficients, into: $0) }
    }
    for index in 0..<size {
      let product = (0..<size).reduce(0) { $0 + vector[$1] * eigen.vector(index, $1) }
      #expect((coefficients[index] - product).magnitude < 1e-13)
      #expect((back[index] - vector[index]).magnitude < 1e-13)
    }
  }

  @Test("what is too short changes nothing")
  func short() {
    var eigen = SymmetricEigen()
    #expect(eigen.decompose(MatrixSamples.minimum(3)) == .decomposed)
    var result = [Double](repeating: 7, count: 2)
    [1.0, 2, 3].withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer {
        eigen.project(vector, into: $0)
        eigen.combine(vector, into: $0)
      }
    }
    #expect(result == [7, 7])
    var matrix = MatrixSamples.minimum(3)
    [1.0, 2, 3].withUnsafeBufferPointer {
      matrix.blend(share: 0, weights: [1, 1], rows: $0, stride: 3)
    }
    #expect(matrix[2, 2] == 3)
  }

  @Test("blend adds up a share of the matrix and weighted outer products", arguments: [1, 2, 5, 9])
  func blend(size: Int) {
    let before = MatrixSamples.kernel(size, seed: 5)
    let rows = MatrixSamples.vector(3 * size, seed: 6)
    let weights = [0.5, -0.25, 2]
    var matrix = before
    rows.withUnsafeBufferPointer {
      matrix.blend(share: 0.75, weights: weights, rows: $0, stride: size)
    }
    for row in 0..<size {
      for column in 0..<size {
        let sum = weights.indices.reduce(0.75 * before[row, column]) { sum, index in
          sum + weights[index] * rows[index * size + row] * rows[index * size + column]
        }
        #expect((matrix[row, column] - sum).magnitude < 1e-14)
      }
    }
  }
}
