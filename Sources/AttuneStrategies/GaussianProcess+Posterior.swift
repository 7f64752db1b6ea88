import AttuneNumerics

extension GaussianProcess {
  /// Kernel rows of many queries, and the posterior they give.
  struct Batch {
    /// The distance between rows.
    let stride: Int
    var rows: [Double]
    /// Posterior means.
    var means: [Double]
    /// Upper bounds of the posterior variances, then the variances themselves where solved.
    var variances: [Double]
  }

  /// The posterior means of all queries, and bounds of their variances: what the nearest point leaves.
  func batch(_ queries: [Double]) -> Batch {
    let total = axisCount == 0 ? 0 : queries.count / axisCount
    let width = (count + 3) & ~3
    var batch = Batch(
      stride: width, rows: [Double](repeating: 0, count: width * total),
      means: [Double](repeating: mean, count: total),
      variances: [Double](repeating: hyperparameters.signal, count: total))
    guard width > 0 else { return batch }
    batch.rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for query in 0..<total {
        let row = base + query * width
        kernelRow(of: queries, query, into: row)
        var sum = SIMD4<Double>.zero
        var largest = SIMD4<Double>.zero
        weights.withUnsafeBufferPointer { weights in
          guard let weights = weights.baseAddress else { return }
          for start in Swift.stride(from: 0, to: width, by: 4) {
            let k = MaternKernel.load(row + start)
            sum += k * MaternKernel.load(weights + start)
            largest.replace(with: k, where: k .> largest)
          }
        }
        batch.means[query] = mean + ((sum.x + sum.y) + (sum.z + sum.w))
        let top = max(max(largest.x, largest.y), max(largest.z, largest.w))
        batch.variances[query] = hyperparameters.signal - top * top / diagonal
      }
    }
    return batch
  }

  /// Replaces the bounds of the variances of the first `total` queries by the variances.
  func solve(_ batch: inout Batch, first total: Int) {
    guard count > 0 else { return }
    let width = batch.stride
    batch.rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      factor.solveLower(rows: rows, count: total, stride: width)
      for query in 0..<total {
        let row = base + query * width
        var sum = SIMD4<Double>.zero
        for start in Swift.stride(from: 0, to: width, by: 4) {
          let v = MaternKernel.load(row + start)
          sum += v * v
        }
        let explained = (sum.x + sum.y) + (sum.z + sum.w)
        batch.variances[query] = floored(hyperparameters.signal - explained)
      }
    }
  }

  /// Posterior mean and variance at a point.
  func posterior(at coordinates: [Double]) -> (mean: Double, variance: Double) {
    var batch = batch(coordinates)
    solve(&batch, first: 1)
    return (batch.means[0], batch.variances[0])
  }

  /// Posterior mean and variance at a point, with their derivatives along `axes`. O(count²).
  ///
  /// The slopes are of the coordinates as they are, not divided by the lengths.
  func posterior(
    at coordinates: [Double], along axes: [Int], meanSlopes: inout [Double],
    varianceSlopes: inout [Double]
  ) -> (mean: Double, variance: Double) {
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
  private func floored(_ variance: Double) -> Double {
    max(variance, 1e-12 * hyperparameters.signal)
  }
}
