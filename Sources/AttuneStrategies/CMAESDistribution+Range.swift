import AttuneNumerics

extension CMAESDistribution {
  /// The largest and the smallest square root of the covariance's eigenvalues, as far as they matter: the step
  /// size times the largest being above `limit`, and the largest ten million times the smallest.
  ///
  /// A triangular factor tells no more than bounds: the eigenvalues are computed where these are near.
  func rootRange(limit: Double) -> (largest: Double, smallest: Double) {
    guard let factor = sampler.factor, let matrix else {
      return sampler.roots.reduce((0, .infinity)) { (max($0.0, $1), min($0.1, $1)) }
    }
    var (trace, most, least) = (0.0, 0.0, Double.infinity)
    for axis in 0..<dimension {
      trace += variances[axis]
      most = max(most, variances[axis])
      least = min(least, factor[axis, axis])
    }
    let largest = most.squareRoot()
    if sampler.sigma * trace.squareRoot() <= limit, largest <= 1e5 * least {
      return (largest, least)
    }
    var eigen = SymmetricEigen()
    guard eigen.decompose(matrix) == .decomposed else { return (.infinity, 0) }
    let value = eigen.values[dimension - 1]
    return (value.squareRoot(), max(eigen.values[0], 1e-20 * value).squareRoot())
  }
}
