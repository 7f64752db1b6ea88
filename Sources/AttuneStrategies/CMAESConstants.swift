import AttuneNumerics

/// The weights and learning rates of CMA-ES for so many dimensions and results.
///
/// N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, equations 49 to 58: weights
/// that fall with the logarithm of the rank, negative for the worse half (active CMA-ES). A diagonal
/// covariance is learned (d + 2) / 3 times quicker (R. Ros, N. Hansen, "A simple modification in
/// CMA-ES achieving linear time and space complexity", PPSN 2008).
struct CMAESConstants: Sendable {
  /// How many results a generation has.
  let size: Int
  /// How many of them have a positive weight.
  let parentCount: Int
  /// By rank; the positive ones sum up to 1.
  let weights: [Double]
  /// The variance-effective number of parents, μ_eff.
  let effectiveCount: Double
  /// c₁ and c_μ.
  let rankOne: Double
  let rankMu: Double
  /// c_σ and d_σ.
  let stepCumulation: Double
  let damping: Double
  /// c_c.
  let cumulation: Double
  /// The mean length of a standard normal vector, χ.
  let expectedLength: Double

  init(dimension: Int, size: Int, isDiagonal: Bool = false) {
    let size = max(size, 2)
    let d = Double(max(dimension, 1))
    let parents = size / 2
    let raw = (0..<size).map {
      Elementary.log((Double(size) + 1) / 2) - Elementary.log(Double($0 + 1))
    }
    func effective(_ weights: ArraySlice<Double>) -> Double {
      let sum = weights.reduce(0, +)
      let squares = weights.reduce(0) { $0 + $1 * $1 }
      return squares > 0 ? sum * sum / squares : 0
    }
    let mu = effective(raw[..<parents])
    let quicker = isDiagonal ? (d + 2) / 3 : 1
    let c1 = min(quicker * 2 / ((d + 1.3) * (d + 1.3) + mu), 1)
    let cmu = min(
      max(1 - c1 - 1e-8, 0), quicker * 2 * (mu - 2 + 1 / mu) / ((d + 2) * (d + 2) + mu))
    let negative = effective(raw[parents...])
    var limit = 1 + 2 * negative / (mu + 2)
    if cmu > 0 { limit = min(limit, 1 + c1 / cmu, (1 - c1 - cmu) / (d * cmu)) }
    let positiveSum = raw.reduce(0) { $0 + max($1, 0) }
    let negativeSum = raw.reduce(0) { $0 - min($1, 0) }
    weights = raw.map { $0 >= 0 ? $0 / positiveSum : limit * $0 / negativeSum }
    self.size = size
    parentCount = parents
    effectiveCount = mu
    rankOne = c1
    rankMu = cmu
    stepCumulation = (mu + 2) / (d + mu + 5)
    damping =
      1 + 2 * max(0, ((mu - 1) / (d + 1)).squareRoot() - 1) + (mu + 2) / (d + mu + 5)
    cumulation = (4 + mu / d) / (d + 4 + 2 * mu / d)
    expectedLength = d.squareRoot() * (1 - 1 / (4 * d) + 1 / (21 * d * d))
  }

  /// The usual number of results of a generation.
  static func standardSize(dimension: Int) -> Int {
    4 + Int(3 * Elementary.log(Double(max(dimension, 1))))
  }

  /// After how many generations the covariance is decomposed again: 1 / (2 d (c₁ + c_μ)), as in N. Hansen's
  /// purecma, where the decomposition is a good part of the work; with fewer than 10 dimensions it is not, and
  /// fewer targets of BBOB were hit in 5 dimensions with a second-hand one.
  func decompositionGap(dimension: Int) -> Int {
    guard dimension >= 10 else { return 1 }
    return max(1, Int((0.5 / (Double(dimension) * (rankOne + rankMu))).rounded(.up)))
  }
}
