import AttuneNumerics
import CLanes

/// Chooses a Gaussian process's hyperparameters: the maximum of their posterior density.
///
/// Minimises ½ (z − m)ᵀK⁻¹(z − m) + ½ ln |K| − ln p(θ) over θ = (ln ℓ, ln s², ln σ²) by L-BFGS-B with
/// analytic gradients (Rasmussen and Williams, 2006, equation 5.9), m the generalised least squares
/// mean. The prior of ln ℓ is N(√2 + ½ ln d, 3) (C. Hvarfner and others, "Vanilla Bayesian optimization
/// performs great in high dimensions", ICML 2024), that of ln s² is N(0, 1.5²).
struct GaussianProcessFit {
  /// What is believed of θ before any target is seen.
  struct Prior: Sendable {
    let logLength: (mean: Double, deviation: Double)
    let logSignal: (mean: Double, deviation: Double)
    let logNoise: (mean: Double, deviation: Double)
    let noiseFloor: Double

    /// The modes, as a start for a search.
    func mode(axisCount: Int) -> [Double] {
      [Double](repeating: modeOfLogLength, count: axisCount) + [
        logSignal.mean, max(logNoise.mean, Elementary.log(noiseFloor)),
      ]
    }

    /// A value and its gradient with what the prior adds to them at θ.
    func add(
      to value: Double, _ theta: [Double], axisCount: Int, gradient: inout [Double]
    ) -> Double {
      var value = value
      for index in 0..<(axisCount + 2) {
        let (mean, deviation) =
          index < axisCount ? logLength : index == axisCount ? logSignal : logNoise
        let standard = (theta[index] - mean) / deviation
        value += 0.5 * standard * standard
        gradient[index] += standard / deviation
      }
      return value
    }

    /// The mode of ℓ itself, whose logarithm is normal, is held within what lengths make sense.
    private var modeOfLogLength: Double {
      min(max(logLength.mean - logLength.deviation, -1.5), 1)
    }
  }

  static let lengthRange = (low: 0.025, high: 30.0)

  private let axisCount: Int
  private let count: Int
  private let prior: Prior
  private let targets: [Double]
  /// Squared differences of axis j for pair p at j · pairCount + p, pairs by rows of the lower triangle.
  private var differences: [Double]
  private let pairCount: Int
  private var kernel: [Double]
  private var slopes: [Double]
  private var matrix: SymmetricMatrix
  private var inverse: SymmetricMatrix
  private var factor: CholeskyFactor
  private var solved: [Double]
  private var ones: [Double]

  /// `coordinates` hold the points one after the other, `targets` a value of each.
  init(coordinates: [Double], axisCount: Int, orderedCount: Int, targets: [Double], prior: Prior) {
    self.axisCount = axisCount
    self.prior = prior
    self.targets = targets
    count = targets.count
    // Rows of pairs are padded so that lanes of four never cross into the next axis.
    pairCount = (count * (count - 1) / 2 + 3) & ~3
    differences = [Double](repeating: 0, count: pairCount * axisCount)
    for axis in 0..<axisCount {
      var pair = axis * pairCount
      for row in 0..<count {
        let x = coordinates[row * axisCount + axis]
        for other in 0..<row {
          let difference = x - coordinates[other * axisCount + axis]
          differences[pair] =
            axis < orderedCount ? difference * difference : difference == 0 ? 0 : 1
          pair += 1
        }
      }
    }
    kernel = [Double](repeating: 0, count: pairCount)
    slopes = kernel
    matrix = SymmetricMatrix(count: count, capacity: count)
    inverse = matrix
    factor = CholeskyFactor(capacity: count)
    solved = targets
    ones = targets
  }

  /// The best hyperparameters found from each of `starts`, and the value of the objective there.
  mutating func fit(
    from starts: [[Double]], evaluations: Int
  ) -> (hyperparameters: GaussianProcess.Hyperparameters, theta: [Double], value: Double)? {
    let bounds = Self.bounds(axisCount: axisCount, prior)
    let best = Self.search(from: starts, bounds: bounds, evaluations: evaluations) {
      evaluate($0, gradient: &$1)
    }
    return best.map { (Self.hyperparameters($0.theta), $0.theta, $0.value) }
  }

  static func bounds(axisCount: Int, _ prior: Prior) -> (lower: [Double], upper: [Double]) {
    (
      [Double](repeating: Elementary.log(lengthRange.low), count: axisCount)
        + [Elementary.log(1e-3), Elementary.log(prior.noiseFloor)],
      [Double](repeating: Elementary.log(lengthRange.high), count: axisCount)
        + [Elementary.log(1e3), Elementary.log(10)]
    )
  }

  /// The least value that searches from `starts` find of an objective, which writes its gradient too.
  static func search(
    from starts: [[Double]], bounds: (lower: [Double], upper: [Double]), evaluations: Int,
    evaluate: (_ theta: [Double], _ gradient: inout [Double]) -> Double
  ) -> (theta: [Double], value: Double)? {
    var best: (theta: [Double], value: Double)?
    var gradient = [Double](repeating: 0, count: bounds.lower.count)
    var options = LBFGSB.Options()
    options.gradientTolerance = 1e-2
    options.relativeDecrease = 1e-4
    options.evaluationLimit = evaluations
    for start in starts {
      var search = LBFGSB(
        start: start, lower: bounds.lower, upper: bounds.upper, options: options)
      while search.stop == nil {
        let value = evaluate(search.point, &gradient)
        search.tell(value: value, gradient: gradient)
      }
      if search.bestValue.isFinite, best.map({ search.bestValue < $0.value }) ?? true {
        best = (search.best, search.bestValue)
      }
    }
    return best
  }

  static func hyperparameters(_ theta: [Double]) -> GaussianProcess.Hyperparameters {
    let axisCount = theta.count - 2
    return .init(
      lengths: theta.prefix(axisCount).map { Elementary.exp($0) },
      signal: Elementary.exp(theta[axisCount]), noise: Elementary.exp(theta[axisCount + 1]))
  }

  /// The objective at θ, infinite where the matrix is not positive definite. About n³ + n² d operations.
  mutating func evaluate(_ theta: [Double], gradient: inout [Double]) -> Double {
    let signal = Elementary.exp(theta[axisCount])
    let noise = Elementary.exp(theta[axisCount + 1])
    let weights = (0..<axisCount).map { Elementary.exp(-2 * theta[$0]) }
    fillKernel(weights, signal, signal + noise)
    guard factor.factor(matrix) == .factored else { return .infinity }
    factor.invert(into: &inverse)
    centre()
    var quadratic = 0.0
    for index in 0..<count { quadratic += (targets[index] - mean) * solved[index] }
    let value = 0.5 * quadratic + 0.5 * factor.logDeterminant
    differentiate(weights, signal, noise, &gradient)
    return prior.add(to: value, theta, axisCount: axisCount, gradient: &gradient)
  }

  private var mean = 0.0

  private mutating func fillKernel(_ weights: [Double], _ signal: Double, _ diagonal: Double) {
    let (pairCount, count) = (pairCount, count)
    differences.withUnsafeBufferPointer { differences in
      kernel.withUnsafeMutableBufferPointer { kernel in
        slopes.withUnsafeMutableBufferPointer { slopes in
          guard let d = differences.baseAddress, let k = kernel.baseAddress,
            let g = slopes.baseAddress
          else { return }
          lanes_chosen().pointee.matern_pairs(
            d, pairCount, weights, weights.count, signal, k, g)
          let stride = matrix.stride
          matrix.withMutableRows { rows in
            guard let base = rows.baseAddress else { return }
            var pair = 0
            for row in 0..<count {
              (base + row * stride).update(from: k + pair, count: row)
              base[row * stride + row] = diagonal
              pair += row
            }
          }
        }
      }
    }
  }

  /// The mean, and K⁻¹ (z − mean) into `solved`.
  private mutating func centre() {
    for index in 0..<count {
      solved[index] = targets[index]
      ones[index] = 1
    }
    solved.withUnsafeMutableBufferPointer { factor.solve($0) }
    ones.withUnsafeMutableBufferPointer { factor.solve($0) }
    let (numerator, denominator) = (solved.reduce(0, +), ones.reduce(0, +))
    mean = denominator > 0 ? numerator / denominator : 0
    for index in 0..<count { solved[index] -= mean * ones[index] }
  }

  private mutating func differentiate(
    _ weights: [Double], _ signal: Double, _ noise: Double, _ gradient: inout [Double]
  ) {
    let (pairCount, count, stride) = (pairCount, count, inverse.stride)
    var (offDiagonal, trace) = (0.0, 0.0)
    differences.withUnsafeBufferPointer { differences in
      kernel.withUnsafeBufferPointer { kernel in
        slopes.withUnsafeMutableBufferPointer { slopes in
          solved.withUnsafeBufferPointer { solved in
            inverse.withRows { rows in
              guard let d = differences.baseAddress, let k = kernel.baseAddress,
                let g = slopes.baseAddress, let alpha = solved.baseAddress,
                let inverse = rows.baseAddress
              else { return }
              var pair = 0
              for row in 0..<count {
                let own = inverse + row * stride
                let weight = alpha[row]
                for other in 0..<row {
                  let w = own[other] - weight * alpha[other]
                  offDiagonal += w * k[pair]
                  g[pair] *= w
                  pair += 1
                }
                trace += own[row] - weight * weight
              }
              for rest in pair..<pairCount { g[rest] = 0 }
              for axis in weights.indices {
                var sum = SIMD4<Double>.zero
                let place = d + axis * pairCount
                for start in Swift.stride(from: 0, to: pairCount, by: 4) {
                  sum += MaternKernel.load(place + start) * MaternKernel.load(g + start)
                }
                gradient[axis] = weights[axis] * ((sum.x + sum.y) + (sum.z + sum.w))
              }
            }
          }
        }
      }
    }
    gradient[axisCount] = offDiagonal + 0.5 * signal * trace
    gradient[axisCount + 1] = 0.5 * noise * trace
  }
}
