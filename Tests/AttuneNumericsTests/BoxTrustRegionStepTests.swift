import AttuneNumerics
import Testing

@Suite("Trust region step in a box")
struct BoxTrustRegionStepTests {
  private func problem(_ d: Int, seed: UInt64, convex: Bool) -> QuadraticModel {
    let numbers = MatrixSamples.vector(d * d + d, seed: seed)
    let hessian = MatrixSamples.make(d) {
      numbers[$0 * d + $1] + (convex && $0 == $1 ? Double(d) : 0)
    }
    return QuadraticModel(
      constant: 0, gradient: Array(numbers[(d * d)..<(d * d + d)].map { 2 * $0 }), hessian: hessian)
  }

  private func minimum(_ model: QuadraticModel, _ low: Double, _ high: Double, _ radius: Double)
    -> (value: Double, step: [Double])
  {
    let d = model.dimension
    var solver = BoxTrustRegionStep()
    let value = solver.minimize(
      gradient: model.gradient, hessian: model.hessian, lower: Array(repeating: low, count: d),
      upper: Array(repeating: high, count: d), radius: radius)
    guard let value else {
      Issue.record("no step")
      return (.nan, [])
    }
    #expect(value <= 0)
    #expect((model.value(at: solver.step) - value).magnitude <= 1e-13)
    let (low, high) = (max(low, -radius), min(high, radius))
    #expect(solver.step.allSatisfy { $0 >= low && $0 <= high })
    return (value, solver.step)
  }

  @Test("is the global minimum up to three variables", arguments: 1...3)
  func global(dimension d: Int) {
    let steps = d == 3 ? 24 : 60
    for seed in UInt64(1)...12 {
      let model = problem(d, seed: seed, convex: seed % 3 == 0)
      let (value, _) = minimum(model, -0.6, 0.9, 0.8)
      var (least, p) = (0.0, [Double](repeating: 0, count: d))
      for code in 0..<(0..<d).reduce(1, { count, _ in count * (steps + 1) }) {
        var rest = code
        for i in 0..<d {
          p[i] = -0.6 + 1.4 * Double(rest % (steps + 1)) / Double(steps)
          rest /= steps + 1
        }
        least = min(least, model.value(at: p))
      }
      #expect(value <= least + 1e-12)
      #expect(value >= least - 0.02)
    }
  }

  @Test("is the global minimum of a convex function of any size", arguments: [4, 6, 11, 25])
  func convex(dimension d: Int) {
    for seed in UInt64(1)...6 {
      let model = problem(d, seed: seed, convex: true)
      let (_, step) = minimum(model, -0.1, 0.2, 0.15)
      for i in 0..<d {
        let slope = (0..<d).reduce(model.gradient[i]) { $0 + model.hessian[i, $1] * step[$1] }
        if step[i] > -0.1 && step[i] < 0.15 { #expect(slope.magnitude < 1e-12) }
        if step[i] == -0.1 { #expect(slope >= -1e-12) }
        if step[i] == 0.15 { #expect(slope <= 1e-12) }
      }
    }
  }

  /// The reference is the best of two hundred local searches from random points of the box.
  @Test("is near the global minimum of a function that is not convex", arguments: [4, 6, 10])
  func indefinite(dimension d: Int) {
    var (won, total) = (0, 0)
    for seed in UInt64(1)...8 {
      let model = problem(d, seed: seed, convex: false)
      let (value, step) = minimum(model, -1, 0.7, 0.9)
      var least = 0.0
      for start in 0..<200 {
        let point = MatrixSamples.vector(d, seed: 100 + UInt64(start))
        var search = LBFGSB(
          start: point, lower: Array(repeating: -0.9, count: d),
          upper: Array(repeating: 0.7, count: d))
        while search.stop == nil {
          let p = search.point
          let slope = (0..<d).map { i in
            (0..<d).reduce(model.gradient[i]) { $0 + model.hessian[i, $1] * p[$1] }
          }
          search.tell(value: model.value(at: p), gradient: slope)
        }
        least = min(least, search.bestValue)
      }
      #expect(value <= 0.8 * least, "found \(value), least \(least)")
      total += 1
      if value <= least + 1e-9 { won += 1 }
      expectSecondOrder(model, step, -0.9, 0.7)
    }
    #expect(2 * won >= total)
  }

  /// No single variable can improve the value.
  private func expectSecondOrder(
    _ model: QuadraticModel, _ step: [Double], _ low: Double, _ high: Double
  ) {
    let value = model.value(at: step)
    for i in step.indices {
      for k in 0...20 {
        var other = step
        other[i] = low + (high - low) * Double(k) / 20
        #expect(model.value(at: other) >= value - 1e-10)
      }
    }
  }

  @Test("stays at 0 where nothing is better, and leaves a saddle")
  func specialCases() {
    var solver = BoxTrustRegionStep()
    for d in [1, 3, 5] {
      let flat = Array(repeating: 0.0, count: d)
      let ones = Array(repeating: 1.0, count: d)
      let bowl = MatrixSamples.make(d) { $0 == $1 ? 1 : 0 }
      let minimum = solver.minimize(
        gradient: flat, hessian: bowl, lower: ones.map { -$0 }, upper: ones, radius: 1)
      #expect(minimum == 0)
      #expect(solver.step == flat)
      // −½ Σ pᵢ², whose gradient vanishes at the start.
      let hill = MatrixSamples.make(d) { $0 == $1 ? -1 : 0 }
      let lowest = solver.minimize(
        gradient: flat, hessian: hill, lower: ones.map { -$0 }, upper: ones, radius: 0.5)
      #expect(lowest == -0.125 * Double(d))
      // Bounds on the wrong side of 0 leave no room on that side.
      let held = solver.minimize(
        gradient: ones, hessian: bowl, lower: ones, upper: ones.map { 2 * $0 }, radius: 5)
      #expect(held == 0)
      let free = solver.minimize(
        gradient: ones, hessian: bowl, lower: ones.map { _ in -.infinity },
        upper: ones.map { _ in .infinity }, radius: 100)
      #expect(free.map { ($0 + 0.5 * Double(d)).magnitude < 1e-12 } == true)
    }
    #expect(
      solver.minimize(
        gradient: [], hessian: SymmetricMatrix(), lower: [], upper: [], radius: 1) == 0)
  }

  @Test("is refused where a number is not finite or lengths differ")
  func refusals() {
    var solver = BoxTrustRegionStep()
    for d in [2, 5] {
      let ones = Array(repeating: 1.0, count: d)
      let bowl = MatrixSamples.make(d) { $0 == $1 ? 1 : 0 }
      var broken = bowl
      broken[1, 0] = .nan
      let attempts: [([Double], SymmetricMatrix, [Double], Double)] = [
        (ones.map { _ in .nan }, bowl, ones, 1), (ones.map { _ in .infinity }, bowl, ones, 1),
        (ones, broken, ones, 1), (ones, bowl, ones.map { _ in .nan }, 1), (ones, bowl, ones, 0),
        (ones, bowl, ones, .nan), (ones, bowl, ones, .infinity), ([1], bowl, ones, 1),
        (ones, bowl, [1], 1),
      ]
      for (g, h, upper, radius) in attempts {
        let value = solver.minimize(
          gradient: g, hessian: h, lower: upper.map { -$0 }, upper: upper, radius: radius)
        #expect(value == nil)
      }
      var huge = bowl
      huge[0, 0] = 1e308
      huge[1, 1] = -1e308
      let value = solver.minimize(
        gradient: ones.map { 1e308 * $0 }, hessian: huge, lower: ones.map { -$0 }, upper: ones,
        radius: 1)
      #expect(value != nil)
    }
  }
}
