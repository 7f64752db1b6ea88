import AttuneNumerics

/// Chooses the hyperparameters of a Gaussian process that knows derivatives.
///
/// As `GaussianProcessFit`, over the joint density of values and derivatives: θ has ln ρ beside, with ρ
/// the variance of the derivatives' noise as a share of theirs without it, which is (5/3) s²/ℓⱼ². With
/// derivatives by the coordinates divided by their lengths, targets tⱼ = ℓⱼ ∂z/∂xⱼ depend on θ too,
/// and the objective is less by Σ ln ℓⱼ over the derivatives.
struct DerivativeFit {
  static let noiseRange = (low: 1e-6, high: 1e3)

  private let axisCount: Int
  private let orderedCount: Int
  private let count: Int
  private let rows: DerivativeRows
  private let prior: GaussianProcessFit.Prior
  /// What is believed of ln ρ.
  private let logDerivativeNoise: (mean: Double, deviation: Double)
  private let coordinates: [Double]
  private let targets: [Double]
  private let slopes: [Double]
  private var columns: [Double]
  private let stride: Int
  private var matrix: SymmetricMatrix
  private var inverse: SymmetricMatrix
  private var factor: CholeskyFactor
  /// Values and scaled slopes; K⁻¹ of them less the mean; K⁻¹ of what is 1 for values and 0 for slopes.
  private var joint: [Double]
  private var solved: [Double]
  private var ones: [Double]
  private var mean = 0.0

  /// `slopes` hold the derivatives of the targets by the coordinates, in the order of `rows`.
  init(
    coordinates: [Double], axisCount: Int, orderedCount: Int, targets: [Double], slopes: [Double],
    rows: DerivativeRows, prior: GaussianProcessFit.Prior,
    logDerivativeNoise: (mean: Double, deviation: Double)
  ) {
    self.axisCount = axisCount
    self.orderedCount = orderedCount
    self.rows = rows
    self.prior = prior
    self.logDerivativeNoise = logDerivativeNoise
    self.coordinates = coordinates
    self.targets = targets
    self.slopes = slopes
    count = targets.count
    stride = (count + 3) & ~3
    columns = [Double](repeating: 0, count: stride * axisCount)
    let total = count + rows.count
    matrix = SymmetricMatrix(count: total, capacity: total)
    inverse = matrix
    factor = CholeskyFactor(capacity: total)
    joint = [Double](repeating: 0, count: total)
    solved = joint
    ones = joint
  }

  /// The best θ found from each of `starts`: as in `GaussianProcessFit`, then ln ρ.
  mutating func fit(
    from starts: [[Double]], evaluations: Int
  ) -> (theta: [Double], value: Double)? {
    var bounds = GaussianProcessFit.bounds(axisCount: axisCount, prior)
    bounds.lower.append(Elementary.log(Self.noiseRange.low))
    bounds.upper.append(Elementary.log(Self.noiseRange.high))
    return GaussianProcessFit.search(from: starts, bounds: bounds, evaluations: evaluations) {
      evaluate($0, gradient: &$1)
    }
  }

  /// The objective at θ, infinite where the matrix is not positive definite.
  ///
  /// About N³ operations for N values and derivatives.
  mutating func evaluate(_ theta: [Double], gradient: inout [Double]) -> Double {
    let lengths = theta.prefix(axisCount).map { Elementary.exp($0) }
    let (signal, noise) = (Elementary.exp(theta[axisCount]), Elementary.exp(theta[axisCount + 1]))
    let share = Elementary.exp(theta[axisCount + 2])
    fill(lengths, signal: signal, noise: noise, share: share)
    guard factor.factor(matrix) == .factored else { return .infinity }
    factor.invert(into: &inverse)
    centre(lengths)
    var quadratic = 0.0
    for index in joint.indices {
      quadratic += (joint[index] - (index < count ? mean : 0)) * solved[index]
    }
    var value = 0.5 * quadratic + 0.5 * factor.logDeterminant
    for axis in rows.axes { value -= theta[axis] }
    differentiate(lengths, signal: signal, noise: noise, share: share, &gradient)
    let standard = (theta[axisCount + 2] - logDerivativeNoise.mean) / logDerivativeNoise.deviation
    gradient[axisCount + 2] += standard / logDerivativeNoise.deviation
    return prior.add(
      to: value + 0.5 * standard * standard, theta, axisCount: axisCount, gradient: &gradient)
  }

  private mutating func fill(
    _ lengths: [Double], signal: Double, noise: Double, share: Double
  ) {
    for axis in 0..<axisCount {
      let scale = axis < orderedCount ? 1 / lengths[axis] : 1
      for point in 0..<count {
        columns[axis * stride + point] = coordinates[point * axisCount + axis] * scale
      }
    }
    let variance = MaternKernel.derivativeVariance(signal: signal)
    // Out of the way, so that nothing is copied.
    var filled = SymmetricMatrix()
    swap(&filled, &matrix)
    withPoints(lengths) { points in
      MaternKernel.fillCovariance(
        points, rows, signal: signal, diagonal: signal + noise,
        derivativeDiagonal: variance * (1 + share), into: &filled)
    }
    swap(&filled, &matrix)
  }

  private func withPoints(_ lengths: [Double], _ body: (MaternKernel.Points) -> Void) {
    MaternKernel.Points.with(
      columns: columns, weights: lengths.map { 1 / ($0 * $0) }, stride: stride, count: count,
      orderedCount: orderedCount, axisCount: axisCount, body)
  }

  /// The mean, and K⁻¹ (t − mean) into `solved`.
  private mutating func centre(_ lengths: [Double]) {
    for index in joint.indices {
      joint[index] =
        index < count
        ? targets[index] : slopes[index - count] * lengths[rows.axes[index - count]]
      solved[index] = joint[index]
      ones[index] = index < count ? 1 : 0
    }
    solved.withUnsafeMutableBufferPointer { factor.solve($0) }
    ones.withUnsafeMutableBufferPointer { factor.solve($0) }
    var (numerator, denominator) = (0.0, 0.0)
    for index in 0..<count {
      numerator += solved[index]
      denominator += ones[index]
    }
    mean = denominator > 0 ? numerator / denominator : 0
    for index in joint.indices { solved[index] -= mean * ones[index] }
  }

  /// ½ tr((K⁻¹ − ααᵀ) ∂K/∂θ), and what the targets' dependence on the lengths adds.
  private mutating func differentiate(
    _ lengths: [Double], signal: Double, noise: Double, share: Double, _ gradient: inout [Double]
  ) {
    for index in gradient.indices { gradient[index] = 0 }
    var (valueTrace, slopeTrace) = (0.0, 0.0)
    for index in joint.indices {
      let own = inverse[index, index] - solved[index] * solved[index]
      if index < count { valueTrace += own } else { slopeTrace += own }
    }
    for (place, axis) in rows.axes.enumerated() {
      gradient[axis] += solved[count + place] * joint[count + place] - 1
    }
    var offDiagonal = 0.0
    withPoints(lengths) { points in
      var pairs = DerivativePairs(points: points, rows: rows, signal: signal)
      inverse.withRows { elements in
        solved.withUnsafeBufferPointer { alpha in
          guard let elements = elements.baseAddress, let alpha = alpha.baseAddress else { return }
          for p in 0..<count {
            pairs.add(
              p, DerivativePairs.Weights(inverse: elements, stride: inverse.stride, alpha: alpha))
          }
        }
      }
      offDiagonal = pairs.bySignal
      for axis in 0..<axisCount { gradient[axis] += pairs.byLength[axis] }
    }
    let variance = MaternKernel.derivativeVariance(signal: signal)
    gradient[axisCount] =
      offDiagonal + 0.5 * (signal * valueTrace + variance * (1 + share) * slopeTrace)
    gradient[axisCount + 1] = 0.5 * noise * valueTrace
    gradient[axisCount + 2] = 0.5 * variance * share * slopeTrace
  }
}
