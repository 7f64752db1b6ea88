import AttuneNumerics

/// How much of an update of CMA-ES is kept, so that what is learned stands out from noise.
///
/// M. Nomura, Y. Akimoto, I. Ono, "CMA-ES with learning rate adaptation", GECCO 2023: moving averages
/// of the updates, in the distribution's own coordinates, and of their squares tell the ratio of
/// signal to noise; the rates follow it. About 4 d³ operations a generation.
struct CMAESLearningRate: Sendable {
  /// A distribution after a part of its update.
  struct Change {
    let mean: [Double]
    let sigma: Double
    let matrix: SymmetricMatrix
  }

  private struct Average: Sendable {
    let rate: Double
    var direction: [Double]
    var square = 0.0
    /// The learning rate η.
    var learning = 1.0

    init(rate: Double, count: Int) {
      self.rate = rate
      direction = Array(repeating: 0, count: count)
    }

    mutating func follow(_ step: [Double]) {
      var (length, mean) = (0.0, 0.0)
      for index in step.indices {
        direction[index] = (1 - rate) * direction[index] + rate * step[index]
        length += step[index] * step[index]
        mean += direction[index] * direction[index]
      }
      square = (1 - rate) * square + rate * length
      let noise = square - mean
      guard noise > 0 else { return }
      let ratio = (mean - rate / (2 - rate) * square) / noise
      let relative = min(max(ratio / (1.4 * learning) - 1, -1), 1)
      learning = min(learning * Elementary.exp(min(0.1 * learning, rate) * relative), 1)
    }
  }

  private var mean: Average
  private var shape: Average
  private var eigen = SymmetricEigen()

  init(dimension d: Int) {
    mean = Average(rate: 0.1, count: d)
    shape = Average(rate: 0.03, count: d * d)
  }

  /// The part of the step from one distribution to the next that is to be made.
  mutating func adapt(from old: CMAESDistribution, to new: CMAESDistribution) -> Change? {
    let d = old.dimension
    guard d > 0, let oldMatrix = old.matrix, let newMatrix = new.matrix else { return nil }
    let (before, after) = (old.sampler.sigma, new.sampler.sigma)
    let move = (0..<d).map { new.sampler.mean[$0] - old.sampler.mean[$0] }
    mean.follow(old.sampler.whitened(move.map { $0 / before }))
    let growth = after * after / (before * before)
    var difference = [Double](repeating: 0, count: d * d)
    for row in 0..<d {
      for column in 0..<d {
        difference[row * d + column] = growth * newMatrix[row, column] - oldMatrix[row, column]
      }
    }
    let root = 0.5.squareRoot()
    let last = mean.learning
    shape.follow(local(difference, old.sampler).map { $0 * root })
    var matrix = SymmetricMatrix(count: d)
    for row in 0..<d {
      for column in 0...row {
        matrix[row, column] =
          oldMatrix[row, column] + shape.learning * difference[row * d + column]
      }
    }
    guard eigen.decompose(matrix) == .decomposed, eigen.values[0] > 0 else { return nil }
    let size = (0..<d).reduce(0) { $0 + Elementary.log(eigen.values[$1]) } / Double(d)
    let factor = Elementary.exp(size)
    for row in 0..<d {
      for column in 0...row { matrix[row, column] /= factor }
    }
    let sigma = before * factor.squareRoot()
    return Change(
      mean: (0..<d).map { old.sampler.mean[$0] + mean.learning * move[$0] },
      sigma: min(sigma * last / mean.learning, 1e32), matrix: matrix)
  }

  /// A change of the covariance in the coordinates in which that was the identity.
  private func local(_ difference: [Double], _ sampler: CMAESSampler) -> [Double] {
    let d = sampler.mean.count
    var half: [Double] = []
    for row in 0..<d {
      half += sampler.whitened(Array(difference[(row * d)..<((row + 1) * d)]))
    }
    var result: [Double] = []
    for column in 0..<d {
      result += sampler.whitened((0..<d).map { half[$0 * d + column] })
    }
    return result
  }
}
