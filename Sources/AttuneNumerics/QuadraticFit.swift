/// Fits quadratic models to values at scattered points.
///
/// With fewer points than the (d + 1)(d + 2)/2 coefficients, the model that interpolates them with
/// the least Frobenius norm of its Hessian (A. R. Conn, K. Scheinberg, L. N. Vicente, "Introduction to
/// Derivative-Free Optimization", 2009, section 5.3). With as many or more, weighted least squares.
///
/// Coordinates and values should be of the order of 1: subtract the centre and divide by the largest
/// distance first. A value can be used again and again; it allocates only for larger problems, and
/// for the model it returns.
public struct QuadraticFit: Sendable {
  /// How a fit ended.
  public enum Outcome: Sendable {
    /// The model interpolates the values, with the least Hessian.
    case leastNorm(QuadraticModel)
    /// The model is the least squares fit. If `rank` is below the number of coefficients, the points
    /// do not determine it and some coefficients are 0.
    case leastSquares(QuadraticModel, rank: Int)
    /// There are fewer than two points, no variables, or lengths do not match.
    case tooFewPoints
    /// A coordinate, value or weight is not finite, or the coordinates are far from the order of 1.
    case notFinite

    /// The model, if there is one.
    public var model: QuadraticModel? {
      switch self {
      case .leastNorm(let model), .leastSquares(let model, _): model
      case .tooFewPoints, .notFinite: nil
      }
    }
  }

  var factor = PivotedQR()
  var products = SymmetricMatrix()
  var reduced = SymmetricMatrix()
  var cholesky = CholeskyFactor()
  var target: [Double] = []
  var multipliers: [Double] = []
  var solution: [Double] = []

  /// Creates a fit with no room yet.
  public init() {}

  /// Fits `values` at `points`, which hold `dimension` coordinates each, one point after the other.
  ///
  /// `weights` count in least squares alone: the sum of weight · error² is least; empty means 1,
  /// negative 0. `ridge`, relative to the mean square of the interpolation matrix, trades exact
  /// interpolation for a smaller Hessian: 1e-12 does not show unless points nearly coincide, 1e-2
  /// smooths noise.
  ///
  /// Cost for N points: about N³/3 + 6 · d · N² operations for the least norm, 2 · N · c² for c
  /// coefficients by least squares: 0.08 ms for ten variables and 66 points, 2.7 ms for twenty and 231.
  public mutating func fit(
    points: [Double], dimension: Int, values: [Double], weights: [Double] = [],
    ridge: Double = 1e-12
  ) -> Outcome {
    let count = values.count
    guard dimension > 0, dimension <= 4096, count > 1, points.count == count * dimension,
      weights.isEmpty || weights.count == count
    else { return .tooFewPoints }
    let isUsable = { (x: Double) in x.magnitude < 1e60 }
    guard points.allSatisfy(isUsable), values.allSatisfy(isUsable), weights.allSatisfy(isUsable),
      isUsable(ridge)
    else { return .notFinite }
    let coefficients = (dimension + 1) * (dimension + 2) / 2
    let outcome =
      count < coefficients
      ? fitLeastNorm(points, dimension, values, Swift.max(ridge, 0))
      : fitLeastSquares(points, dimension, values, weights, coefficients)
    guard let model = outcome.model, model.constant.isFinite,
      model.gradient.allSatisfy(\.isFinite),
      (0..<dimension).allSatisfy({ model.hessian[$0, $0].isFinite })
    else { return .notFinite }
    return outcome
  }

  private mutating func fitLeastSquares(
    _ points: [Double], _ d: Int, _ values: [Double], _ weights: [Double], _ coefficients: Int
  ) -> Outcome {
    let count = values.count
    factor.resize(rows: count, columns: coefficients)
    target.removeAll(keepingCapacity: true)
    for i in 0..<count {
      let root = weights.isEmpty ? 1 : Swift.max(weights[i], 0).squareRoot()
      target.append(values[i] * root)
      factor.elements[i] = root
      for a in 0..<d { factor.elements[(1 + a) * factor.stride + i] = root * points[i * d + a] }
      var column = d + 1
      for a in 0..<d {
        for b in 0...a {
          let product = points[i * d + a] * points[i * d + b]
          factor.elements[column * factor.stride + i] = root * (a == b ? 0.5 * product : product)
          column += 1
        }
      }
    }
    factor.factor()
    solveTarget(coefficients)
    var hessian = SymmetricMatrix(count: d)
    var column = d + 1
    for a in 0..<d {
      for b in 0...a {
        hessian[a, b] = solution[column]
        column += 1
      }
    }
    let model = QuadraticModel(
      constant: solution[0], gradient: Array(solution[1...d]), hessian: hessian)
    return .leastSquares(model, rank: factor.rank)
  }

  private mutating func solveTarget(_ columns: Int) {
    if solution.count < columns { solution = Array(repeating: 0, count: columns) }
    target.withUnsafeMutableBufferPointer { buffer in
      guard let b = buffer.baseAddress else { return }
      factor.multiplyTransposed(b)
      factor.solve(b, into: &solution)
    }
  }
}
