import AttuneNumerics

extension GaussianProcess {
  /// Posterior mean and variance at a point.
  func posterior(at coordinates: [Double]) -> (mean: Double, variance: Double) {
    var batch = Batch()
    fill(&batch, coordinates)
    var result = (mean: batch.means[0], variance: hyperparameters.signal)
    solve(CollectionOfOne(0), of: &batch, while: { _, _ in true }, found: { result.variance = $1 })
    return result
  }

  /// Posterior mean and variance at a point, with their derivatives along `axes`. O(count²).
  ///
  /// The slopes are of the coordinates as they are, not divided by the lengths.
  func posterior(
    at coordinates: [Double], along axes: [Int], meanSlopes: inout [Double],
    varianceSlopes: inout [Double]
  ) -> (mean: Double, variance: Double) {
    if let derivatives {
      return jointPosterior(
        derivatives, at: coordinates, along: axes, meanSlopes: &meanSlopes,
        varianceSlopes: &varianceSlopes)
    }
    let width = (count + 3) & ~3
    var result = (mean: mean, variance: hyperparameters.signal)
    for index in axes.indices {
      meanSlopes[index] = 0
      varianceSlopes[index] = 0
    }
    guard width > 0 else { return result }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * width) { room in
      guard let k = room.baseAddress else { return }
      let (slopes, solved, tilted) = (k + width, k + 2 * width, k + 3 * width)
      withQuery(coordinates, 0) { query in
        withPoints { points in
          MaternKernel.valuesAndSlopes(
            points, query: query, signal: hyperparameters.signal, into: k, slopes: slopes)
          (solved).update(from: k, count: width)
          factor.solve(UnsafeMutableBufferPointer(start: solved, count: count))
          weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            var (fit, explained) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
            for start in Swift.stride(from: 0, to: width, by: 4) {
              let value = MaternKernel.load(k + start)
              let g = MaternKernel.load(slopes + start)
              let a = MaternKernel.load(weights + start)
              let b = MaternKernel.load(solved + start)
              fit += value * a
              explained += value * b
              MaternKernel.store(g * a, tilted + start)
              MaternKernel.store(g * b, slopes + start)
            }
            result.mean += (fit.x + fit.y) + (fit.z + fit.w)
            result.variance -= (explained.x + explained.y) + (explained.z + explained.w)
          }
          for (index, axis) in axes.enumerated() {
            var (up, wide) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
            for start in Swift.stride(from: 0, to: width, by: 4) {
              let distance =
                MaternKernel.load(points.columns + axis * points.stride + start) - query[axis]
              up += distance * MaternKernel.load(tilted + start)
              wide += distance * MaternKernel.load(slopes + start)
            }
            let scale = scales[axis]
            meanSlopes[index] = scale * ((up.x + up.y) + (up.z + up.w))
            varianceSlopes[index] = -2 * scale * ((wide.x + wide.y) + (wide.z + wide.w))
          }
        }
      }
    }
    result.variance = floored(result.variance)
    return result
  }

  /// No less than what rounding leaves of a variance.
  func floored(_ variance: Double) -> Double {
    max(variance, 1e-12 * hyperparameters.signal)
  }
}
