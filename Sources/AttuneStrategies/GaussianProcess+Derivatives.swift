import AttuneNumerics

/// A process that knows derivatives beside values.
///
/// Its rows are the first points' values, the derivatives by the coordinates divided by their lengths, then
/// the values of points that were appended. M. A. Osborne, "Bayesian Gaussian processes for sequential
/// prediction, optimisation and quadrature", 2010, section 3.2; J. Wu and others, "Bayesian optimization
/// with gradients", NeurIPS 2017.
extension GaussianProcess {
  /// Takes in all points and derivatives at them, in place of those it knew; whether the covariance is
  /// positive definite. O((points + derivatives)³).
  ///
  /// Where it is not, with little more noise than it has, the process knows nothing after.
  mutating func setPoints(_ coordinates: [Double], _ rows: DerivativeRows) -> Bool {
    place(coordinates)
    guard rows.pointCount == count, hyperparameters.derivativeNoise.isFinite else { return false }
    var matrix = SymmetricMatrix(count: count + rows.count, capacity: count + rows.count)
    let variance = MaternKernel.derivativeVariance(signal: hyperparameters.signal)
    withPoints { points in
      MaternKernel.fillCovariance(
        points, rows, signal: hyperparameters.signal, diagonal: diagonal,
        derivativeDiagonal: variance * (1 + hyperparameters.derivativeNoise), into: &matrix)
    }
    return adopt(matrix, rows)
  }

  /// The covariances of the value at a query, its coordinates divided, with all rows.
  func jointRow(
    _ rows: DerivativeRows, query: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let (first, width) = (rows.pointCount, (count + 3) & ~3)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * width + 1) { room in
      guard let k = room.baseAddress else { return }
      let g = k + width
      withPoints { points in
        MaternKernel.valuesAndSlopes(
          points, query: query, signal: hyperparameters.signal, into: k, slopes: g)
        result.update(from: k, count: first)
        for e in 0..<rows.count {
          let (point, axis) = (rows.points[e], rows.axes[e])
          result[first + e] =
            g[point] * (query[axis] - points.columns[axis * points.stride + point])
        }
        (result + first + rows.count).update(from: k + first, count: count - first)
      }
    }
    for index in rowCount..<((rowCount + 3) & ~3) { result[index] = 0 }
  }

  /// As `posterior(at:along:meanSlopes:varianceSlopes:)`, with derivatives known.
  func jointPosterior(
    _ rows: DerivativeRows, at coordinates: [Double], along axes: [Int],
    meanSlopes: inout [Double], varianceSlopes: inout [Double]
  ) -> (mean: Double, variance: Double) {
    let width = (count + 3) & ~3
    var result = (mean: mean, variance: hyperparameters.signal)
    var solved = [Double](repeating: 0, count: rowCount)
    var row = [Double](repeating: 0, count: (rowCount + 3) & ~3)
    withQuery(coordinates, 0) { query in
      row.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { jointRow(rows, query: query, into: base) }
      }
      for index in 0..<rowCount { solved[index] = row[index] }
      solved.withUnsafeMutableBufferPointer { factor.solve($0) }
      for index in 0..<rowCount {
        result.mean += row[index] * weights[index]
        result.variance -= row[index] * solved[index]
      }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * width) { room in
        guard let k = room.baseAddress else { return }
        withPoints { points in
          let (g, h) = (k + width, k + 2 * width)
          MaternKernel.valuesSlopesAndBends(
            points, pointCount: count, query: query, signal: hyperparameters.signal, values: k,
            slopes: g, bends: h)
          let kernel = (points: points, g: UnsafePointer(g), h: UnsafePointer(h))
          let byMean = sloped(rows, kernel, query, weights)
          let byVariance = sloped(rows, kernel, query, solved)
          for (index, axis) in axes.enumerated() {
            meanSlopes[index] = scales[axis] * byMean[axis]
            varianceSlopes[index] = -2 * scales[axis] * byVariance[axis]
          }
        }
      }
    }
    result.variance = floored(result.variance)
    return result
  }

  /// The derivatives by the query's divided coordinates of its covariances' product with `vector`.
  private func sloped(
    _ rows: DerivativeRows,
    _ kernel: (points: MaternKernel.Points, g: UnsafePointer<Double>, h: UnsafePointer<Double>),
    _ query: UnsafePointer<Double>, _ vector: [Double]
  ) -> [Double] {
    let (points, g, h) = kernel
    let first = rows.pointCount
    var sums = [Double](repeating: 0, count: axisCount)
    for point in 0..<count {
      var tilt = -g[point] * vector[point < first ? point : point + rows.count]
      if point < first {
        for e in rows.starts[point]..<rows.starts[point + 1] {
          let axis = rows.axes[e]
          let weight = vector[first + e]
          let delta = query[axis] - points.columns[axis * points.stride + point]
          tilt -= h[point] * delta * weight
          sums[axis] += g[point] * weight
        }
      }
      for axis in 0..<orderedCount {
        sums[axis] += tilt * (query[axis] - points.columns[axis * points.stride + point])
      }
    }
    return sums
  }
}
