extension SymmetricMatrix {
  /// Replaces the matrix A by `share` · A + Σ wᵢ xᵢ xᵢᵀ, where xᵢ starts at i · `stride` in `rows`.
  ///
  /// If `rows` is too short for the weights, nothing is done. count² operations a row and one.
  public mutating func blend(
    share: Double, weights: [Double], rows: UnsafeBufferPointer<Double>, stride rowStride: Int
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
        for (index, weight) in weights.enumerated() {
          let source = x + index &* rowStride
          DotKernel.add(weight * source[row], source, to: target, row &+ 1)
        }
      }
    }
    mirror()
  }
}
