import AttuneNumerics

/// Matrices to test with.
enum MatrixSamples {
  /// min(i, j) + 1, whose Cholesky factor is all ones and whose inverse is tridiagonal.
  static func minimum(_ count: Int) -> SymmetricMatrix {
    make(count) { row, column in Double(min(row, column) + 1) }
  }

  /// A Matérn-like kernel of random points, with `noise` on the diagonal.
  static func kernel(_ count: Int, seed: UInt64, noise: Double = 1e-4) -> SymmetricMatrix {
    var stream = RandomStream(seed: seed, trial: 0, stream: 0)
    let points = (0..<count).map { _ in (stream.nextUnit(), stream.nextUnit()) }
    return make(count) { row, column in
      let (a, b) = (points[row], points[column])
      let square = (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)
      let r = (5 * square).squareRoot() / 0.4
      return (1 + r + r * r / 3) * Elementary.exp(-r) + (row == column ? noise : 0)
    }
  }

  static func make(_ count: Int, _ element: (Int, Int) -> Double) -> SymmetricMatrix {
    var matrix = SymmetricMatrix(count: count)
    for row in 0..<count {
      for column in 0...row { matrix[row, column] = element(row, column) }
    }
    return matrix
  }

  static func vector(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, trial: 1, stream: 0)
    return (0..<count).map { _ in stream.nextUnit() * 2 - 1 }
  }

  /// The row of `matrix` at `index`, up to the diagonal.
  static func row(_ matrix: SymmetricMatrix, _ index: Int) -> [Double] {
    (0..<index).map { matrix[index, $0] }
  }

  /// The matrix without row and column `index`.
  static func without(_ matrix: SymmetricMatrix, _ index: Int) -> SymmetricMatrix {
    make(matrix.count - 1) { row, column in
      matrix[row < index ? row : row + 1, column < index ? column : column + 1]
    }
  }
}
