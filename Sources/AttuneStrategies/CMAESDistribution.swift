import AttuneNumerics

/// The normal distribution of CMA-ES, and how results move it.
///
/// N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772: recombination of the
/// better half, cumulative step-size adaptation, rank-one and active rank-μ update of the covariance.
/// The covariance is diagonal at first where there are more than `denseLimit` axes, for 100 d / √λ
/// generations, and stays so beyond `matrixLimit`.
///
/// A generation costs 2 λ d² operations. Each time the covariance is decomposed costs d³ / 3 more; with fewer
/// than ten axes and with noise 9 d³, as the eigenvectors are needed (`CMAESConstants.decompositionGap`:
/// every time, from 10 dimensions on every second time).
struct CMAESDistribution: Sendable {
  /// With no more axes than this, the covariance has all elements from the start.
  static let denseLimit = 100
  /// With more axes than this, it never has.
  static let matrixLimit = 500
  /// From so many axes on, draws are made by a triangular factor of the covariance: eigenvectors cost thirty
  /// times as much, which with fewer axes is little all the same.
  static let factorLimit = 10

  /// Where a search starts.
  struct Start: Sendable {
    var mean: [Double]
    var sigma: Double
    /// Its axes' standard deviations times σ, where they differ from 1.
    var deviations: [Double]?
  }

  var sampler: CMAESSampler
  /// The diagonal of the covariance.
  private(set) var variances: [Double]
  /// All of it; `nil` while it is diagonal.
  var matrix: SymmetricMatrix?
  private(set) var stepPath: [Double]
  private(set) var path: [Double]
  private(set) var generation = 0
  private var lastDecomposition = 0
  /// What `decayed` came to last.
  private var decay = (square: 0.0, power: 0, value: 1.0)
  private(set) var rates: CMAESLearningRate?

  var dimension: Int { variances.count }
  var isDiagonal: Bool { matrix == nil }

  init(_ start: Start, shares: [[Double]], isNoisy: Bool) {
    let d = start.mean.count
    let deviations = start.deviations ?? Array(repeating: 1, count: d)
    variances = deviations.map { $0 * $0 }
    stepPath = Array(repeating: 0, count: d)
    path = stepPath
    sampler = CMAESSampler(
      mean: start.mean, sigma: start.sigma, scales: Array(repeating: 1, count: d),
      roots: deviations, basis: nil, shares: shares)
    guard d > 0, d <= Self.denseLimit else { return }
    if isNoisy { rates = CMAESLearningRate(dimension: d) }
    makeDense()
  }

  private mutating func makeDense() {
    var matrix = SymmetricMatrix(count: dimension)
    for index in variances.indices { matrix[index, index] = variances[index] }
    self.matrix = matrix
    decompose()
  }

  /// Takes in the draws of a generation, best first, with their weights.
  ///
  /// `outside` tells those that come from an earlier distribution or another strategy: they are moved
  /// no farther from the mean than the distribution reaches (N. Hansen, "Injecting external
  /// solutions into CMA-ES", arXiv 1110.4181).
  mutating func update(
    _ draws: [[Double]], weights: [Double], outside: [Bool], squares: [Double?] = [],
    constants k: CMAESConstants
  ) {
    let d = dimension
    guard d > 0 else { return }
    let before = rates == nil ? nil : self
    generation += 1
    var rows = rows(to: draws)
    var rankWeights = weights
    let reach = Double(d).squareRoot() + 2 * Double(d) / Double(d + 2)
    for rank in draws.indices where outside[rank] || weights[rank] < 0 {
      let step = ((rank + 1) * d)..<((rank + 2) * d)
      let known = outside[rank] || squares.isEmpty ? nil : squares[rank]
      let square = known ?? sampler.squaredLength(of: rows[step])
      if outside[rank], square > reach * reach {
        let factor = reach / square.squareRoot()
        for place in step { rows[place] *= factor }
      }
      if weights[rank] < 0 {
        rankWeights[rank] *=
          Double(d) / (min(square, outside[rank] ? reach * reach : square) + 1e-8)
      }
    }
    let move = recombine(rows, weights)
    for axis in 0..<d { sampler.mean[axis] += sampler.sigma * sampler.scales[axis] * move[axis] }
    let isAdvancing = followPaths(move, k)
    for axis in 0..<d { rows[axis] = path[axis] }
    adaptCovariance(rows, rankWeights, weights.reduce(0, +), isAdvancing, k)
    if let before { slowDown(from: before) }
    refresh(k)
  }

  /// Room for the path, and then the steps from the mean to draws, one after the other, in units of σ.
  private func rows(to draws: [[Double]]) -> [Double] {
    let d = dimension
    return [Double](unsafeUninitializedCapacity: (draws.count + 1) * d) { buffer, count in
      count = (draws.count + 1) * d
      for axis in 0..<d { buffer[axis] = sampler.sigma * sampler.scales[axis] }
      sampler.mean.withUnsafeBufferPointer { mean in
        for (rank, draw) in draws.enumerated() {
          draw.withUnsafeBufferPointer { draw in
            let own = (rank + 1) * d
            for axis in 0..<d { buffer[own &+ axis] = (draw[axis] - mean[axis]) / buffer[axis] }
          }
        }
      }
    }
  }

  /// The weighted mean of the better steps.
  private func recombine(_ rows: [Double], _ weights: [Double]) -> [Double] {
    let d = dimension
    return [Double](unsafeUninitializedCapacity: d) { move, count in
      count = d
      for axis in 0..<d { move[axis] = 0 }
      rows.withUnsafeBufferPointer { rows in
        for (rank, weight) in weights.enumerated() where weight > 0 {
          let own = (rank + 1) * d
          for axis in 0..<d { move[axis] += weight * rows[own &+ axis] }
        }
      }
    }
  }

  /// Moves the evolution paths and the step size; whether the step size is not growing fast, h_σ.
  private mutating func followPaths(_ move: [Double], _ k: CMAESConstants) -> Bool {
    let d = dimension
    let standard = sampler.whitened(move)
    let stepFactor = (k.stepCumulation * (2 - k.stepCumulation) * k.effectiveCount).squareRoot()
    var square = 0.0
    for axis in 0..<d {
      stepPath[axis] = (1 - k.stepCumulation) * stepPath[axis] + stepFactor * standard[axis]
      square += stepPath[axis] * stepPath[axis]
    }
    let length = square.squareRoot()
    let exponent = k.stepCumulation / k.damping * (length / k.expectedLength - 1)
    sampler.sigma = min(sampler.sigma * Elementary.exp(min(exponent, 1)), 1e32)
    let decay = generation < 1000 ? decayed(1 - k.stepCumulation) : 0
    let isAdvancing =
      length / (1 - decay).squareRoot() < (1.4 + 2 / Double(d + 1)) * k.expectedLength
    let factor =
      isAdvancing ? (k.cumulation * (2 - k.cumulation) * k.effectiveCount).squareRoot() : 0
    for axis in 0..<d { path[axis] = (1 - k.cumulation) * path[axis] + factor * move[axis] }
    return isAdvancing
  }

  /// The square of `factor` to the power of the generation and one more.
  private mutating func decayed(_ factor: Double) -> Double {
    let square = factor * factor
    if square != decay.square || decay.power != generation { decay = (square, 0, 1) }
    while decay.power <= generation {
      decay.value *= square
      decay.power += 1
    }
    return decay.value
  }

  private mutating func adaptCovariance(
    _ rows: [Double], _ rankWeights: [Double], _ weightSum: Double, _ isAdvancing: Bool,
    _ k: CMAESConstants
  ) {
    let d = dimension
    let loss = isAdvancing ? 0 : k.cumulation * (2 - k.cumulation)
    let share = 1 + k.rankOne * loss - k.rankOne - k.rankMu * weightSum
    let weights = [k.rankOne] + rankWeights.map { k.rankMu * $0 }
    if matrix != nil {
      rows.withUnsafeBufferPointer { rows in
        matrix?.blend(
          share: share, weights: weights, rows: rows, stride: d, isMirrored: rates != nil)
      }
      for axis in 0..<d { variances[axis] = matrix?[axis, axis] ?? 1 }
      return
    }
    for axis in 0..<d {
      var variance = share * variances[axis]
      for (row, weight) in weights.enumerated() {
        variance += weight * rows[row * d + axis] * rows[row * d + axis]
      }
      variances[axis] = max(variance, 1e-30)
    }
  }

  /// Makes the sampler draw from the covariance as it is now, unless it has hardly changed.
  private mutating func refresh(_ k: CMAESConstants) {
    let d = dimension
    guard matrix == nil else {
      // Rates that adapt measure steps in the distribution's own coordinates, which must be the newest.
      let gap = rates == nil ? k.decompositionGap(dimension: d) : 1
      if generation - lastDecomposition >= gap { decompose() }
      return
    }
    sampler.roots = variances.map { $0.squareRoot() }
    let span = 100 * Double(d) / Double(k.size).squareRoot()
    if d <= Self.matrixLimit, Double(generation) >= span { makeDense() }
  }

  mutating func decompose() {
    lastDecomposition = generation
    guard let matrix else { return }
    // Rates that adapt need the distribution's own directions.
    if rates == nil, dimension >= Self.factorLimit {
      var factor = sampler.factor ?? CholeskyFactor(capacity: dimension)
      sampler.factor = nil
      if factor.factor(matrix) == .factored {
        (sampler.factor, sampler.basis) = (factor, nil)
        return
      }
    }
    var basis = sampler.basis ?? SymmetricEigen()
    sampler.basis = nil
    // What is not finite keeps the directions it had; the search is stuck then and starts anew.
    guard basis.decompose(matrix) == .decomposed else {
      return restoreDiagonal()
    }
    let largest = max(basis.values[dimension - 1], 1e-300)
    sampler.roots = (0..<dimension).map { max(basis.values[$0], 1e-20 * largest).squareRoot() }
    sampler.basis = basis
  }

  /// Forgets all but the order of size.
  private mutating func restoreDiagonal() {
    variances = Array(repeating: 1, count: dimension)
    stepPath = Array(repeating: 0, count: dimension)
    path = stepPath
    var matrix = SymmetricMatrix(count: dimension)
    for index in variances.indices { matrix[index, index] = 1 }
    self.matrix = matrix
    sampler.roots = variances
  }

  /// Takes back a part of the last update, as noise asks.
  private mutating func slowDown(from before: CMAESDistribution) {
    guard var rates else { return }
    let change = rates.adapt(from: before, to: self)
    self.rates = rates
    guard let change else { return }
    sampler.mean = change.mean
    sampler.sigma = change.sigma
    matrix = change.matrix
    for axis in 0..<dimension { variances[axis] = change.matrix[axis, axis] }
  }

  /// Grows the step size where values tell no difference.
  mutating func widen(_ k: CMAESConstants) {
    sampler.sigma *= Elementary.exp(0.2 + k.stepCumulation / k.damping)
  }
}
