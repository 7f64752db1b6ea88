import AttuneNumerics
import Testing

@Suite("Quadratic fit")
struct QuadraticFitTests {
  private func randomModel(_ d: Int, seed: UInt64) -> QuadraticModel {
    let numbers = MatrixSamples.vector(d * d + d + 1, seed: seed)
    return QuadraticModel(
      constant: numbers[d * d + d], gradient: Array(numbers[(d * d)..<(d * d + d)]),
      hessian: MatrixSamples.make(d) { numbers[$0 * d + $1] })
  }

  private func values(_ model: QuadraticModel, _ points: [Double]) -> [Double] {
    let d = model.dimension
    return stride(from: 0, to: points.count, by: d).map {
      model.value(at: Array(points[$0..<($0 + d)]))
    }
  }

  /// The solution of the optimality conditions in 300-bit arithmetic, by mpmath 1.3.0.
  @Test("has the least Hessian of all that interpolate")
  func leastNormReference() {
    let points = [
      -0.528, -0.794, -0.208, -0.69, -0.867, -0.197, 0.836, 0.601, 0.53, -0.556, 0.073, -0.447,
      -0.655, -0.788, -0.571, 0.855, 0.658, 0.613, 0.601, -0.613, -0.38,
    ]
    var fit = QuadraticFit()
    let outcome = fit.fit(
      points: points, dimension: 3, values: [0.254, 0.464, 0.709, 0.76, -0.827, 0.212, 0.343])
    guard case .leastNorm(let model) = outcome else {
      Issue.record("no least norm model")
      return
    }
    #expect((model.constant - 1.0416391523612757).magnitude < 1e-8)
    let gradient = [0.7710629608199599, 0.72706793289900303, -1.2415566845849015]
    for a in 0..<3 { #expect((model.gradient[a] - gradient[a]).magnitude < 1e-8) }
    let hessian = [
      1.8623770958886555, 1.9086949362505502, -1.235320461661566, -1.5633515089145302,
      -2.9012135787755074, -3.7456655891037625,
    ]
    var next = 0
    for a in 0..<3 {
      for b in 0...a {
        #expect((model.hessian[a, b] - hessian[next]).magnitude < 1e-8)
        #expect(model.hessian[a, b] == model.hessian[b, a])
        next += 1
      }
    }
  }

  /// The normal equations in 300-bit arithmetic, by mpmath 1.3.0.
  @Test("is the weighted least squares solution when there are points enough")
  func leastSquaresReference() {
    let points = [
      0.012, -0.644, -0.053, -0.821, 0.869, 0.731, 0.095, -0.4, 0.818, 0.145, 0.765, 0.696, 0.017,
      -0.172, 0.198, -0.138, -0.677, -0.39,
    ]
    var fit = QuadraticFit()
    let outcome = fit.fit(
      points: points, dimension: 2,
      values: [0.625, -0.914, -0.907, 0.253, -0.439, 0.069, -0.058, -0.314, 0.995],
      weights: [1.18, 1.94, 1.21, 2.71, 1.47, 1.75, 3.11, 1.62, 2.45])
    guard case .leastSquares(let model, let rank) = outcome else {
      Issue.record("no least squares model")
      return
    }
    #expect(rank == 6)
    let found = [
      model.constant, model.gradient[0], model.gradient[1], model.hessian[0, 0],
      model.hessian[1, 0], model.hessian[1, 1],
    ]
    let expected = [
      0.29116682286201058, -1.1330418359545821, 0.42408500673564879, 0.57944575306197474,
      0.10252476601403753, -1.2901697437856122,
    ]
    for (a, b) in zip(found, expected) { #expect((a - b).magnitude < 1e-12) }
  }

  @Test("recovers a quadratic from as many points as it has coefficients", arguments: [1, 2, 4, 7])
  func recovers(dimension d: Int) {
    let model = randomModel(d, seed: 2)
    let count = (d + 1) * (d + 2) / 2
    var fit = QuadraticFit()
    for points in [count, count + 9] {
      let points = MatrixSamples.vector(points * d, seed: 3)
      let outcome = fit.fit(points: points, dimension: d, values: values(model, points))
      guard case .leastSquares(let found, count) = outcome else {
        Issue.record("rank lost")
        continue
      }
      #expect((found.constant - model.constant).magnitude < 1e-9)
      for a in 0..<d {
        #expect((found.gradient[a] - model.gradient[a]).magnitude < 1e-9)
        for b in 0..<d {
          #expect((found.hessian[a, b] - model.hessian[a, b]).magnitude < 1e-9)
        }
      }
    }
  }

  @Test("interpolates with fewer points, and finds linear functions linear")
  func interpolates() {
    var fit = QuadraticFit()
    for d in [1, 2, 5, 10] {
      for count in Set([2, d, d + 1, d + 2, 2 * d + 1]).sorted()
      where count >= 2 && count < (d + 1) * (d + 2) / 2 {
        let points = MatrixSamples.vector(count * d, seed: 4)
        let targets = MatrixSamples.vector(count, seed: 5)
        guard case .leastNorm(let model) = fit.fit(points: points, dimension: d, values: targets)
        else {
          Issue.record("no model")
          continue
        }
        for (found, target) in zip(values(model, points), targets) {
          #expect((found - target).magnitude < 1e-6, "\(d) variables, \(count) points")
        }
        var linear = randomModel(d, seed: 6)
        linear = QuadraticModel(
          constant: linear.constant, gradient: linear.gradient,
          hessian: SymmetricMatrix(count: d))
        let outcome = fit.fit(points: points, dimension: d, values: values(linear, points))
        guard count > d, let flat = outcome.model else { continue }
        for a in 0..<d {
          #expect((flat.gradient[a] - linear.gradient[a]).magnitude < 1e-9)
          for b in 0..<d { #expect(flat.hessian[a, b].magnitude < 1e-9) }
        }
      }
    }
  }

  @Test("survives points that coincide or lie on a line")
  func degenerate() {
    var fit = QuadraticFit()
    let line = (0..<8).flatMap { k in [Double(k) / 8, Double(k) / 8, Double(k) / 8] }
    let onLine = fit.fit(points: line, dimension: 3, values: (0..<8).map { Double($0 * $0) / 64 })
    #expect(
      (onLine.model?.value(at: [0.3, 0.3, 0.3])).map { ($0 - 0.09).magnitude < 1e-5 } == true)
    let same = fit.fit(
      points: [Double](repeating: 0.5, count: 30), dimension: 3,
      values: [Double](repeating: 2, count: 10))
    #expect((same.model?.value(at: [0.5, 0.5, 0.5])).map { ($0 - 2).magnitude < 1e-9 } == true)
    let zero = fit.fit(points: [0, 0], dimension: 1, values: [1, 3])
    #expect(zero.model.map { ($0.constant - 2).magnitude < 1e-9 } == true)
    let tilted = (0..<20).flatMap { k in [Double(k % 5) / 5, Double(k % 5) / 5] }
    guard
      case .leastSquares(_, let rank) = fit.fit(
        points: tilted, dimension: 2, values: (0..<20).map { Double($0 % 5) })
    else {
      Issue.record("no model")
      return
    }
    #expect(rank == 3)
  }

  @Test("refuses what is not finite or does not match")
  func refusals() {
    var fit = QuadraticFit()
    for bad in [Double.nan, .infinity, 1e200] {
      if case .notFinite = fit.fit(points: [0, bad, 1], dimension: 1, values: [0, 1, 2]) {
      } else {
        Issue.record("took \(bad) as a coordinate")
      }
      if case .notFinite = fit.fit(points: [0, 0.5, 1], dimension: 1, values: [0, bad, 2]) {
      } else {
        Issue.record("took \(bad) as a value")
      }
      if case .notFinite = fit.fit(
        points: [0, 0.5, 1], dimension: 1, values: [0, 1, 2], weights: [1, bad, 1])
      {
      } else {
        Issue.record("took \(bad) as a weight")
      }
    }
    for (points, d, values) in [
      ([], 1, []), ([1], 1, [1]), ([1, 2], 0, [1, 2]), ([1, 2, 3], 2, [1, 2]),
      ([1, 2], -1, [1, 2]),
    ] as [([Double], Int, [Double])] {
      if case .tooFewPoints = fit.fit(points: points, dimension: d, values: values) {
      } else {
        Issue.record("took \(points.count) numbers for \(values.count) points of \(d)")
      }
    }
  }

  /// Recorded on x86-64 without fused multiplication: any other rounding anywhere changes the hash.
  @Test("and the step in its box give the same bits on every machine")
  func recordedBits() {
    var fit = QuadraticFit()
    var solver = BoxTrustRegionStep()
    var hash: UInt64 = 0
    for (d, count) in [(2, 5), (2, 9), (5, 13), (5, 30)] {
      let points = MatrixSamples.vector(count * d, seed: 8)
      let targets = MatrixSamples.vector(count, seed: 9)
      guard let model = fit.fit(points: points, dimension: d, values: targets).model else {
        Issue.record("no model")
        continue
      }
      _ = solver.minimize(
        gradient: model.gradient, hessian: model.hessian, lower: Array(repeating: -1, count: d),
        upper: Array(repeating: 1, count: d), radius: 0.5)
      for x in model.gradient + solver.step { hash = splitMix64(hash ^ x.bitPattern) }
    }
    #expect(hash == 0xE37F_A16D_7F9B_2DE3)
  }
}
