import AttuneNumerics

/// The distribution of one generation: what its points are drawn from.
///
/// A draw is addressed by seed, trial and attempt, so that the numbers behind a trial's point can be
/// had again from the log. d² operations, with eigenvectors 2 d², and 10 ns a dimension.
struct CMAESSampler: Sendable {
  /// What draws are for: the `stream` of their `RandomStream`. Never changes.
  static let purpose: UInt32 = 0x434D_4101

  var mean: [Double]
  /// The step size σ.
  var sigma: Double
  /// What the margin of axes with levels multiplies deviations with; 1 elsewhere.
  var scales: [Double]
  /// The triangular factor L of the covariance L Lᵀ: normal numbers times L have it. `nil` for a diagonal one,
  /// and where the eigenvectors are known.
  var factor: CholeskyFactor?
  /// Without a factor, the square roots of the covariance's eigenvalues; of its diagonal, where it has nothing
  /// else.
  var roots: [Double]
  /// Its eigenvectors; `nil` for a diagonal one, and where there is a factor.
  var basis: SymmetricEigen?
  /// The probabilities of the indices of each choice.
  var shares: [[Double]]

  /// The draw for a trial, after `attempt` others of it.
  func draw(seed: UInt64, trial: Int, attempt: Int) -> CMAESDraw {
    let stream = RandomStream(
      seed: seed, trial: UInt64(truncatingIfNeeded: trial), stream: Self.purpose,
      salt: UInt64(truncatingIfNeeded: attempt))
    let d = mean.count
    var numbers = mean
    var square: Double?
    numbers.withUnsafeMutableBufferPointer { numbers in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * d) { room in
        let coefficients = UnsafeMutableBufferPointer(rebasing: room[..<d])
        StandardNormal.draw(coefficients, from: stream)
        var steps = UnsafeMutableBufferPointer(rebasing: room[d...])
        if let factor {
          var sum = 0.0
          for axis in 0..<d { sum += coefficients[axis] * coefficients[axis] }
          square = sum
          factor.multiplyLower(UnsafeBufferPointer(coefficients), into: steps)
        } else {
          for axis in 0..<d { coefficients[axis] *= roots[axis] }
          if let basis {
            basis.combine(UnsafeBufferPointer(coefficients), into: steps)
          } else {
            steps = coefficients
          }
        }
        // They hold the mean.
        scales.withUnsafeBufferPointer { scales in
          for axis in 0..<d { numbers[axis] += sigma * scales[axis] * steps[axis] }
        }
      }
    }
    guard !shares.isEmpty else {
      return CMAESDraw(numbers: numbers, choices: [], square: square)
    }
    // Two numbers are made of each block.
    var index = UInt32(truncatingIfNeeded: (d + 1) / 2)
    let choices = shares.map { shares in
      defer { index &+= 1 }
      return Self.index(at: stream.unit(at: index), shares)
    }
    return CMAESDraw(numbers: numbers, choices: choices, square: square)
  }

  private static func index(at unit: Double, _ shares: [Double]) -> Int {
    var sum = 0.0
    for (index, share) in shares.enumerated() {
      sum += share
      if unit < sum { return index }
    }
    return shares.count - 1
  }

  /// The vector with these coefficients along the eigenvectors.
  func along(_ coefficients: [Double]) -> [Double] {
    guard let basis else { return coefficients }
    return [Double](unsafeUninitializedCapacity: coefficients.count) { buffer, count in
      coefficients.withUnsafeBufferPointer { basis.combine($0, into: buffer) }
      count = coefficients.count
    }
  }

  /// The coefficients of L⁻¹ y or D⁻¹ Bᵀ y: of a vector of the distribution, those of a standard normal one.
  func standardized(_ vector: [Double]) -> [Double] {
    var coefficients = vector
    if let factor {
      coefficients.withUnsafeMutableBufferPointer { factor.solveLower($0) }
      return coefficients
    }
    if let basis {
      coefficients = [Double](unsafeUninitializedCapacity: vector.count) { buffer, count in
        vector.withUnsafeBufferPointer { basis.project($0, into: buffer) }
        count = vector.count
      }
    }
    for index in coefficients.indices { coefficients[index] /= roots[index] }
    return coefficients
  }

  /// The squared length of what `standardized` gives.
  func squaredLength(of vector: ArraySlice<Double>) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: vector.count) { coefficients in
      var sum = 0.0
      vector.withUnsafeBufferPointer { vector in
        if let basis {
          basis.project(vector, into: coefficients)
        } else {
          _ = coefficients.initialize(fromContentsOf: vector)
        }
      }
      if let factor {
        factor.solveLower(coefficients)
        for coefficient in coefficients { sum += coefficient * coefficient }
        return sum
      }
      for index in roots.indices {
        let coefficient = coefficients[index] / roots[index]
        sum += coefficient * coefficient
      }
      return sum
    }
  }

  /// C^−½ y: a vector of the distribution as one of the standard normal, in the same directions; with a factor
  /// L⁻¹ y, in directions that turn a little when the factor changes.
  func whitened(_ vector: [Double]) -> [Double] {
    factor == nil ? along(standardized(vector)) : standardized(vector)
  }

  /// The draw in the middle of the distribution, with the likeliest choices.
  var middle: CMAESDraw {
    CMAESDraw(
      numbers: mean,
      choices: shares.map { shares in
        shares.indices.max { shares[$0] < shares[$1] } ?? 0
      })
  }
}
