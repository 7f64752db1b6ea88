extension SymmetricMatrix {
  /// Multiplies the matrix with `vector` into `result`. 2 · count² operations, without allocation.
  ///
  /// Both must hold `count` elements and not overlap; if either is too short, nothing is done.
  public func multiply(
    _ vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    multiply(rows: vector, count: 1, stride: count, into: result)
  }

  /// Multiplies the matrix with each of `rowCount` vectors that are `rowStride` elements apart.
  ///
  /// The results lie as the vectors do. If either buffer is too short, nothing is done. With four
  /// vectors or more about 10 GFLOP/s on 128-bit registers; a vector's result does not depend on
  /// the others.
  public func multiply(
    rows vectors: UnsafeBufferPointer<Double>, count rowCount: Int, stride rowStride: Int,
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    guard count > 0, DotKernel.fits(rowCount, count, rowStride, in: vectors.count),
      DotKernel.fits(rowCount, count, rowStride, in: result.count)
    else { return }
    elements.withUnsafeBufferPointer { all in
      guard let matrix = all.baseAddress, let x = vectors.baseAddress, let y = result.baseAddress
      else { return }
      let whole = rowCount & ~3
      for row in Swift.stride(from: 0, to: whole, by: 4) {
        multiplyFour(matrix, x + row * rowStride, y + row * rowStride, rowStride)
      }
      for row in whole..<rowCount {
        multiplyOne(matrix, x + row * rowStride, y + row * rowStride)
      }
    }
  }

  /// The quadratic form xᵀ A x, where `product` is A x already: their inner product.
  public static func quadraticForm(
    _ vector: UnsafeBufferPointer<Double>, product: UnsafeBufferPointer<Double>
  ) -> Double {
    guard let x = vector.baseAddress, let y = product.baseAddress else { return 0 }
    return DotKernel.dot(x, y, Swift.min(vector.count, product.count))
  }

  private func multiplyFour(
    _ matrix: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>,
    _ rowStride: Int
  ) {
    let even = count & ~1
    var column = 0
    while column < count {
      let row = matrix + column * stride
      if column + 1 < count {
        var (first, second) = DotKernel.tile4x2(x, rowStride, row, stride, even)
        if even < count {
          let last = SIMD4(
            x[even], x[rowStride + even], x[2 * rowStride + even], x[3 * rowStride + even])
          first += last * row[even]
          second += last * row[stride + even]
        }
        for lane in 0..<4 {
          y[lane * rowStride + column] = first[lane]
          y[lane * rowStride + column + 1] = second[lane]
        }
      } else {
        let sums = DotKernel.tile4x1(x, rowStride, row, count)
        for lane in 0..<4 { y[lane * rowStride + column] = sums[lane] }
      }
      column += 2
    }
  }

  private func multiplyOne(
    _ matrix: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    let whole = count & ~3
    for row in Swift.stride(from: 0, to: whole, by: 4) {
      let sums = DotKernel.tile4x1(matrix + row * stride, stride, x, count)
      for lane in 0..<4 { y[row + lane] = sums[lane] }
    }
    for row in whole..<count { y[row] = DotKernel.dot(matrix + row * stride, x, count) }
  }
}
