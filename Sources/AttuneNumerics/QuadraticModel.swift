/// The function c + gᵀp + ½ pᵀH p.
public struct QuadraticModel: Sendable {
  /// The value at 0.
  public internal(set) var constant: Double
  /// The gradient at 0.
  public internal(set) var gradient: [Double]
  /// The second derivatives.
  public internal(set) var hessian: SymmetricMatrix

  /// Creates a model.
  ///
  /// If the gradient's length is not the Hessian's, the Hessian is 0.
  public init(constant: Double, gradient: [Double], hessian: SymmetricMatrix) {
    self.constant = constant
    self.gradient = gradient
    self.hessian =
      hessian.count == gradient.count ? hessian : SymmetricMatrix(count: gradient.count)
  }

  /// The number of variables.
  public var dimension: Int { gradient.count }

  /// The value at `p`; missing components are 0. 2 · dimension² operations.
  public func value(at p: [Double]) -> Double {
    let count = Swift.min(p.count, dimension)
    var sum = 0.0
    for i in 0..<count {
      var image = 0.0
      for j in 0..<count { image += hessian[i, j] * p[j] }
      sum += p[i] * (gradient[i] + 0.5 * image)
    }
    return constant + sum
  }
}
