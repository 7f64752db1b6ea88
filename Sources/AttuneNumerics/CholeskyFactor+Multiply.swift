extension CholeskyFactor {
  /// Writes L x: of independent standard normal numbers, numbers with the covariance A. count² operations.
  ///
  /// Both must hold `count` elements and not overlap; if either is too short, nothing is done.
  public func multiplyLower(
    _ vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    guard vector.count >= count, result.count >= count, let x = vector.baseAddress,
      let y = result.baseAddress
    else { return }
    let (stride, whole) = (stride, count & ~3)
    withFactor { l, _ in
      var row = 0
      while row < whole {
        let own = l + row &* stride
        let sums = DotKernel.tile4x1(own, stride, x, row)
        Self.finish(sums, own + row, stride, x + row, y + row)
        row &+= 4
      }
      while row < count {
        y[row] = DotKernel.dot(l + row &* stride, x, row &+ 1)
        row &+= 1
      }
    }
  }

  /// Adds the products of the four rows' triangle on the diagonal.
  @inline(__always)
  private static func finish(
    _ sums: SIMD4<Double>, _ l: UnsafePointer<Double>, _ stride: Int, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    let (l1, l2, l3) = (l + stride, l + 2 &* stride, l + 3 &* stride)
    let (a, b, c) = (x[0], x[1], x[2])
    y[0] = sums.x + l[0] * a
    y[1] = (sums.y + l1[0] * a) + l1[1] * b
    y[2] = ((sums.z + l2[0] * a) + l2[1] * b) + l2[2] * c
    y[3] = (((sums.w + l3[0] * a) + l3[1] * b) + l3[2] * c) + l3[3] * x[3]
  }
}
