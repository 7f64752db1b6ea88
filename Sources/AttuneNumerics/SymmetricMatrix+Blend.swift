extension SymmetricMatrix {
  /// Replaces the matrix A by `share` · A + Σ wᵢ xᵢ xᵢᵀ, where xᵢ starts at i · `stride` in `rows`.
  ///
  /// If `rows` is too short for the weights, nothing is done. count² operations a row and one. Where it is
  /// not mirrored, the upper triangle stays as it was: then `mirror()` must be called before it is read.
  public mutating func blend(
    share: Double, weights: [Double], rows: UnsafeBufferPointer<Double>, stride rowStride: Int,
    isMirrored: Bool = true
  ) {
    let (n, own) = (count, stride)
    guard n > 0, DotKernel.fits(weights.count, n, rowStride, in: rows.count) || weights.isEmpty
    else { return }
    withMutableRows { elements in
      guard let a = elements.baseAddress else { return }
      for row in 0..<n {
        let target = a + row &* own
        for column in 0...row { target[column] *= share }
        guard let x = rows.baseAddress else { continue }
        // Four at a time are added one after the other as well: the sums have the same bits.
        let whole = weights.count & ~3
        var index = 0
        while index < whole {
          let source = x + index &* rowStride
          let own = SIMD4(
            source[row], source[rowStride &+ row], source[2 &* rowStride &+ row],
            source[3 &* rowStride &+ row])
          let four = SIMD4(
            weights[index], weights[index &+ 1], weights[index &+ 2], weights[index &+ 3])
          DotKernel.addFour(four * own, source, rowStride, to: target, row &+ 1)
          index &+= 4
        }
        while index < weights.count {
          let source = x + index &* rowStride
          DotKernel.add(weights[index] * source[row], source, to: target, row &+ 1)
          index &+= 1
        }
      }
    }
    if isMirrored { mirror() }
  }
}
