import AttuneNumerics

extension GaussianProcess {
  /// Kernel rows of many queries, and the posterior they give. Filled again, it hardly allocates.
  struct Batch: Sendable {
    /// The distance between rows.
    fileprivate(set) var stride = 0
    fileprivate(set) var count = 0
    fileprivate var rows: [Double] = []
    /// Posterior means.
    fileprivate(set) var means: [Double] = []
    /// Upper bounds of the posterior variances: what the nearest point leaves.
    fileprivate(set) var bounds: [Double] = []
    /// Rows that are being solved, whose they are, and what they explain so far.
    fileprivate var solving: [Double] = []
    fileprivate var owners: [Int] = []
    fileprivate var explained: [SIMD4<Double>] = []
  }

  /// So many rows are solved together.
  static let groupSize = 16
  /// After so many columns it is asked whether a row is to be solved to its end.
  private static let columnsBetween = 32

  /// Fills `batch` with the posterior means at all queries, and bounds of their variances.
  func fill(_ batch: inout Batch, _ queries: [Double]) {
    let total = axisCount == 0 ? 0 : queries.count / axisCount
    guard derivatives == nil, count > 0 else {
      return fill(&batch, total) { row, query in kernelRow(of: queries, query, into: row) }
    }
    // All that a row needs is at hand before: a closure that asks the process copies it for each row.
    let (axisCount, signal) = (axisCount, hyperparameters.signal)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: axisCount) { scaled in
      guard let own = scaled.baseAddress else { return }
      scales.withUnsafeBufferPointer { scales in
        queries.withUnsafeBufferPointer { queries in
          withPoints { points in
            fill(&batch, total) { row, query in
              for axis in 0..<axisCount {
                own[axis] = queries[query * axisCount + axis] * scales[axis]
              }
              MaternKernel.values(points, query: own, signal: signal, into: row)
            }
          }
        }
      }
    }
  }

  /// Fills `batch` with what is known of the point `query`, moved along `axis` to each of `places`.
  func fill(_ batch: inout Batch, _ query: [Double], along axis: Int, to places: [Double]) {
    guard derivatives == nil, count > 0 else {
      return fill(&batch, places.count) { row, place in
        var moved = query
        moved[axis] = places[place]
        kernelRow(of: moved, 0, into: row)
      }
    }
    let (scale, signal) = (scales[axis], hyperparameters.signal)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: (count + 3) & ~3) { squares in
      guard let base = squares.baseAddress else { return }
      withQuery(query, 0) { query in
        withPoints { points in
          MaternKernel.squares(points, query: query, without: axis, into: base)
          fill(&batch, places.count) { row, place in
            MaternKernel.values(
              points, squares: base, axis: axis, coordinate: places[place] * scale,
              signal: signal, into: row)
          }
        }
      }
    }
  }

  private func fill(
    _ batch: inout Batch, _ total: Int, row: (UnsafeMutablePointer<Double>, Int) -> Void
  ) {
    let width = (rowCount + 3) & ~3
    // Of derivatives' rows only the factor tells what they leave of a variance.
    let valueCount = derivatives.map { $0.pointCount & ~3 } ?? width
    (batch.stride, batch.count) = (width, total)
    if batch.rows.count < width * total { batch.rows = Array(repeating: 0, count: width * total) }
    batch.means.removeAll(keepingCapacity: true)
    batch.bounds.removeAll(keepingCapacity: true)
    batch.rows.withUnsafeMutableBufferPointer { rows in
      weights.withUnsafeBufferPointer { weights in
        for query in 0..<total {
          var (fit, top) = (0.0, 0.0)
          if width > 0, let base = rows.baseAddress, let weights = weights.baseAddress {
            row(base + query * width, query)
            (fit, top) = Self.summary(base + query * width, weights, width, valueCount)
          }
          batch.means.append(mean + fit)
          batch.bounds.append(hyperparameters.signal - top * top / diagonal)
        }
      }
    }
  }

  /// The product of a row of the kernel with the weights, and the largest of its first elements.
  private static func summary(
    _ row: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, _ width: Int, _ valueCount: Int
  ) -> (fit: Double, top: Double) {
    var sum = SIMD4<Double>.zero
    var largest = SIMD4<Double>.zero
    for start in Swift.stride(from: 0, to: width, by: 4) {
      let k = MaternKernel.load(row + start)
      sum += k * MaternKernel.load(weights + start)
      if start < valueCount { largest.replace(with: k, where: k .> largest) }
    }
    return (
      (sum.x + sum.y) + (sum.z + sum.w), max(max(largest.x, largest.y), max(largest.z, largest.w))
    )
  }

  /// Finds the variances of some queries of a batch, at most `groupSize` of them.
  ///
  /// The columns of the factor take from the variance one after the other. `isWorth` is asked with what is
  /// left: where it says no, the query is given up; `found` gets the others with their variances.
  func solve(
    _ chosen: some Collection<Int>, of batch: inout Batch,
    while isWorth: (_ query: Int, _ bound: Double) -> Bool,
    found: (_ query: Int, _ variance: Double) -> Void
  ) {
    load(chosen, &batch)
    let (width, rowCount) = (batch.stride, rowCount)
    var column = 0
    while column < rowCount, !batch.owners.isEmpty {
      let next = min(column + Self.columnsBetween, rowCount)
      batch.solving.withUnsafeMutableBufferPointer { rows in
        factor.solveLower(
          rows: rows, count: batch.owners.count, stride: width, columns: column..<next)
        guard let base = rows.baseAddress else { return }
        for place in batch.owners.indices {
          var sum = batch.explained[place]
          for start in Swift.stride(from: column, to: next, by: 4) {
            let v = MaternKernel.load(base + place * width + start)
            sum += v * v
          }
          batch.explained[place] = sum
        }
      }
      column = next
      if column < rowCount { keep(&batch, isWorth) }
    }
    for (place, query) in batch.owners.enumerated() { found(query, left(batch.explained[place])) }
  }

  private func left(_ explained: SIMD4<Double>) -> Double {
    let sum = (explained.x + explained.y) + (explained.z + explained.w)
    return floored(hyperparameters.signal - sum)
  }

  private func load(_ chosen: some Collection<Int>, _ batch: inout Batch) {
    let width = batch.stride
    let wanted = min(chosen.count, Self.groupSize) * width
    if batch.solving.count < wanted { batch.solving = Array(repeating: 0, count: wanted) }
    batch.owners.removeAll(keepingCapacity: true)
    batch.explained.removeAll(keepingCapacity: true)
    batch.rows.withUnsafeBufferPointer { rows in
      batch.solving.withUnsafeMutableBufferPointer { solving in
        for query in chosen.prefix(Self.groupSize) {
          if let from = rows.baseAddress, let to = solving.baseAddress {
            (to + batch.owners.count * width).update(from: from + query * width, count: width)
          }
          batch.owners.append(query)
          batch.explained.append(.zero)
        }
      }
    }
  }

  /// Lets go the rows that are not worth it; the others move up.
  private func keep(_ batch: inout Batch, _ isWorth: (Int, Double) -> Bool) {
    let width = batch.stride
    var kept = 0
    for place in batch.owners.indices {
      let query = batch.owners[place]
      guard isWorth(query, min(left(batch.explained[place]), batch.bounds[query])) else { continue }
      if kept < place {
        batch.owners[kept] = query
        batch.explained[kept] = batch.explained[place]
        batch.solving.withUnsafeMutableBufferPointer { rows in
          guard let base = rows.baseAddress else { return }
          (base + kept * width).update(from: base + place * width, count: width)
        }
      }
      kept += 1
    }
    batch.owners.removeLast(batch.owners.count - kept)
    batch.explained.removeLast(batch.explained.count - kept)
  }
}
