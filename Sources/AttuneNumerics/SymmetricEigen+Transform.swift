extension SymmetricEigen {
  /// Adds up the eigenvectors, each times its coefficient. 2 · count² operations.
  ///
  /// Both must hold `count` elements and not overlap; if either is too short, nothing is done.
  public func combine(
    _ coefficients: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    guard count > 0, coefficients.count >= count, result.count >= count else { return }
    let (n, stride) = (count, stride)
    vectors.withUnsafeBufferPointer { vectors in
      guard let v = vectors.baseAddress, let c = coefficients.baseAddress,
        let y = result.baseAddress
      else { return }
      for index in 0..<n { y[index] = 0 }
      let whole = n & ~3
      var row = 0
      while row < whole {
        let four = SIMD4(c[row], c[row &+ 1], c[row &+ 2], c[row &+ 3])
        DotKernel.addFour(four, v + row &* stride, stride, to: y, n)
        row &+= 4
      }
      while row < n {
        DotKernel.add(c[row], v + row &* stride, to: y, n)
        row &+= 1
      }
    }
  }

  /// Writes how far `vector` reaches along each eigenvector. 2 · count² operations.
  ///
  /// Both must hold `count` elements and not overlap; if either is too short, nothing is done.
  public func project(
    _ vector: UnsafeBufferPointer<Double>, into coefficients: UnsafeMutableBufferPointer<Double>
  ) {
    guard count > 0, vector.count >= count, coefficients.count >= count else { return }
    let (n, stride) = (count, stride)
    vectors.withUnsafeBufferPointer { vectors in
      guard let v = vectors.baseAddress, let x = vector.baseAddress,
        let c = coefficients.baseAddress
      else { return }
      let whole = n & ~3
      var row = 0
      while row < whole {
        let sums = DotKernel.tile4x1(v + row &* stride, stride, x, n)
        for lane in 0..<4 { c[row &+ lane] = sums[lane] }
        row &+= 4
      }
      while row < n {
        c[row] = DotKernel.dot(v + row &* stride, x, n)
        row &+= 1
      }
    }
  }
}
