import AttuneNumerics

/// Regression by a Gaussian process with a constant mean and a Matérn-5/2 kernel of given lengths.
///
/// Targets are of the order of 1. The factor of the kernel matrix grows by rows at O(n²) and holds
/// the bits of factoring the whole, so a process that was kept is the same as one made anew.
/// C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, algorithm 2.1.
struct GaussianProcess: Sendable {
  /// What a fit chooses.
  struct Hyperparameters: Sendable, Hashable {
    /// ℓ, one an axis.
    var lengths: [Double]
    /// s², the variance of the function.
    var signal: Double
    /// σ², the variance of the noise.
    var noise: Double
    /// The variance of the noise of derivatives, as a share of theirs without it.
    var derivativeNoise = 0.0
  }

  let hyperparameters: Hyperparameters
  let orderedCount: Int
  var axisCount: Int { hyperparameters.lengths.count }
  /// How many points it knows.
  private(set) var count = 0
  /// How many of them have targets; those after are pending, and only narrow the variance.
  private(set) var targetCount = 0
  /// The derivatives it knows, if any: see `setPoints(_:_:)`.
  private(set) var derivatives: DerivativeRows?
  /// How many rows the factor has: values and derivatives.
  var rowCount: Int { count + (derivatives?.count ?? 0) }
  /// The constant mean.
  private(set) var mean = 0.0
  private(set) var factor = CholeskyFactor()
  /// K⁻¹ (z − mean), 0 for points without a target.
  private(set) var weights: [Double] = []
  private var columns: [Double] = []
  private var stride = 0
  let scales: [Double]
  private let unorderedWeights: [Double]
  /// Noise, and what the matrix needed beside it to be positive definite.
  private(set) var diagonal: Double

  init(_ hyperparameters: Hyperparameters, orderedCount: Int) {
    self.hyperparameters = hyperparameters
    self.orderedCount = orderedCount
    scales = hyperparameters.lengths.enumerated().map { $0 < orderedCount ? 1 / $1 : 1 }
    unorderedWeights = hyperparameters.lengths.map { 1 / ($0 * $0) }
    diagonal = hyperparameters.signal + hyperparameters.noise
  }

  /// Takes in all points of `coordinates`, one after the other, in place of those it knew.
  ///
  /// Points so close that the matrix is not positive definite count as noisier than they are.
  mutating func setPoints(_ coordinates: [Double]) {
    place(coordinates)
    let rows = count
    var matrix = SymmetricMatrix(count: rows, capacity: rows)
    let matrixStride = matrix.stride
    matrix.withMutableRows { elements in
      guard let base = elements.baseAddress else { return }
      for row in 0..<rows {
        count = row + 1
        kernelRow(of: coordinates, row, into: base + row * matrixStride)
        base[row * matrixStride + row] = diagonal
      }
    }
    if let shift = factor.factor(
      matrix, firstShift: 1e-8 * hyperparameters.signal, attempts: 8)
    {
      diagonal += shift
    } else {
      count = 0
      factor.truncate(to: 0)
    }
  }

  /// Takes in where the points are.
  mutating func place(_ coordinates: [Double]) {
    let rows = axisCount == 0 ? 0 : coordinates.count / axisCount
    (count, derivatives) = (0, nil)
    reserve(rows)
    for row in 0..<rows { write(coordinates, row) }
    count = rows
  }

  /// Factors the covariance of values and derivatives, if that can be; else it knows nothing after.
  mutating func adopt(_ matrix: SymmetricMatrix, _ rows: DerivativeRows) -> Bool {
    guard
      let shift = factor.factor(matrix, firstShift: 1e-8 * hyperparameters.signal, attempts: 3)
    else {
      count = 0
      factor.truncate(to: 0)
      return false
    }
    diagonal += shift
    derivatives = rows
    return true
  }

  /// Adds a point. O(count²).
  mutating func append(_ coordinates: [Double]) {
    reserve(count + 1)
    write(coordinates, 0, at: count)
    let known = rowCount
    let padded = (known + 4) & ~3
    weights += [Double](repeating: 0, count: max(padded - weights.count, 0))
    withUnsafeTemporaryAllocation(of: Double.self, capacity: padded) { row in
      guard let base = row.baseAddress else { return }
      kernelRow(of: coordinates, 0, into: base)
      if factor.append(
        cross: UnsafeBufferPointer(start: base, count: known), diagonal: diagonal,
        floor: 1e-8 * hyperparameters.signal) == .factored
      {
        count += 1
      }
    }
  }

  /// Sets the targets of the first points, and with them the mean. O(count²).
  ///
  /// The mean is the generalised least squares one, drawn to 0 as if two more points lay there. `slopes`
  /// are what the derivatives by the coordinates are, in the order of their rows.
  mutating func setTargets(_ targets: [Double], slopes: [Double] = []) {
    targetCount = min(targets.count, derivatives?.pointCount ?? count)
    var known = factor
    var solved = Array(targets.prefix(targetCount))
    var ones = [Double](repeating: 1, count: targetCount)
    if let derivatives {
      for (slope, axis) in zip(slopes, derivatives.axes) {
        solved.append(slope * hyperparameters.lengths[axis])
        ones.append(0)
      }
    }
    known.truncate(to: solved.count)
    ones.withUnsafeMutableBufferPointer { known.solve($0) }
    solved.withUnsafeMutableBufferPointer { known.solve($0) }
    var (numerator, denominator) = (0.0, 0.0)
    for index in 0..<targetCount {
      numerator += solved[index]
      denominator += ones[index]
    }
    let n = Double(targetCount)
    mean = denominator > 0 ? numerator / denominator * (n / (n + 2)) : 0
    weights = [Double](repeating: 0, count: max(stride, (rowCount + 3) & ~3))
    for index in solved.indices { weights[index] = solved[index] - mean * ones[index] }
  }

  /// The posterior mean at the point `index`, from its target. O(1).
  func fitted(_ index: Int, target: Double) -> Double {
    target - (diagonal - hyperparameters.signal) * weights[index]
  }

  private mutating func reserve(_ rows: Int) {
    guard rows > stride else { return }
    let wider = (max(rows, stride + stride / 2) + 3) & ~3
    var moved = [Double](repeating: 0, count: wider * axisCount)
    for axis in 0..<axisCount {
      for row in 0..<count { moved[axis * wider + row] = columns[axis * stride + row] }
    }
    weights += [Double](repeating: 0, count: max(wider - weights.count, 0))
    columns = moved
    stride = wider
  }

  private mutating func write(_ coordinates: [Double], _ row: Int, at place: Int? = nil) {
    let place = place ?? row
    for axis in 0..<axisCount {
      columns[axis * stride + place] = coordinates[row * axisCount + axis] * scales[axis]
    }
  }

  func kernelRow(
    of coordinates: [Double], _ row: Int, into result: UnsafeMutablePointer<Double>
  ) {
    withQuery(coordinates, row) { query in
      if let derivatives { return jointRow(derivatives, query: query, into: result) }
      withPoints { points in
        MaternKernel.values(
          points, query: query, signal: hyperparameters.signal, into: result)
      }
    }
  }

  /// Calls `body` with a query whose ordered coordinates are divided by their lengths.
  func withQuery(
    _ coordinates: [Double], _ row: Int, _ body: (UnsafePointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(axisCount, 1)) { query in
      guard let base = query.baseAddress else { return }
      for axis in 0..<axisCount {
        base[axis] = coordinates[row * axisCount + axis] * scales[axis]
      }
      body(base)
    }
  }

  func withPoints(_ body: (MaternKernel.Points) -> Void) {
    MaternKernel.Points.with(
      columns: columns, weights: unorderedWeights, stride: stride, count: count,
      orderedCount: orderedCount, axisCount: axisCount, body)
  }
}
