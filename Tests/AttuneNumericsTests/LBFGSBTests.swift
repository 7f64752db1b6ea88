import AttuneNumerics
import Testing

@Suite("L-BFGS-B")
struct LBFGSBTests {
  struct Problem: Sendable, CustomTestStringConvertible {
    let name: String
    let function: SmoothTestFunctions.Function
    let start: [Double]
    let lower: [Double]
    let upper: [Double]
    /// What SciPy 1.17.1 needs: `minimize(method="L-BFGS-B", options={"maxcor": 10, "ftol": 2.2e-9,
    /// "gtol": 1e-5})`.
    let evaluations: Int
    let iterations: Int
    let value: Double
    var testDescription: String { name }
  }

  private static func all(_ value: Double, _ count: Int) -> [Double] {
    Array(repeating: value, count: count)
  }

  private static func alternating(_ count: Int) -> [Double] {
    (0..<count).map { $0 % 2 == 0 ? -1.2 : 1 }
  }

  static let problems: [Problem] = [
    Problem(
      name: "Rosenbrock 2", function: SmoothTestFunctions.rosenbrock, start: [-1.2, 1],
      lower: all(-.infinity, 2), upper: all(.infinity, 2),
      evaluations: 44, iterations: 36, value: 0),
    Problem(
      name: "Rosenbrock 10", function: SmoothTestFunctions.rosenbrock, start: alternating(10),
      lower: all(-.infinity, 10), upper: all(.infinity, 10),
      evaluations: 88, iterations: 71, value: 0),
    Problem(
      name: "Rosenbrock 25, some bounds", function: SmoothTestFunctions.rosenbrock,
      start: all(3, 25), lower: (0..<25).map { $0 % 2 == 0 ? 1 : -100 }, upper: all(100, 25),
      evaluations: 55, iterations: 45, value: 0),
    Problem(
      name: "Rosenbrock 2, active bound", function: SmoothTestFunctions.rosenbrock,
      start: [-1.2, 1], lower: [-1.5, -0.5], upper: [0.5, 2],
      evaluations: 30, iterations: 20, value: 0.25),
    Problem(
      name: "Rosenbrock 10, active bounds", function: SmoothTestFunctions.rosenbrock,
      start: alternating(10), lower: all(-1.5, 10), upper: all(0.5, 10),
      evaluations: 32, iterations: 25, value: 7.5948129489469585),
    Problem(
      name: "Beale", function: SmoothTestFunctions.beale, start: [1, 1],
      lower: all(-.infinity, 2), upper: all(.infinity, 2),
      evaluations: 16, iterations: 15, value: 0),
    Problem(
      name: "Beale, box", function: SmoothTestFunctions.beale, start: [1, 1],
      lower: all(-4.5, 2), upper: all(4.5, 2), evaluations: 16, iterations: 13, value: 0),
    Problem(
      name: "Beale, active bound", function: SmoothTestFunctions.beale, start: [1, 1],
      lower: all(-4.5, 2), upper: [2, 4.5],
      evaluations: 10, iterations: 8, value: 0.5233448360106085),
    Problem(
      name: "Wood, local stop", function: SmoothTestFunctions.wood, start: [-3, -1, -3, -1],
      lower: all(-.infinity, 4), upper: all(.infinity, 4),
      evaluations: 20, iterations: 17, value: 7.876954987901345),
    Problem(
      name: "Wood, box", function: SmoothTestFunctions.wood, start: [-3, -1, -3, -1],
      lower: all(-10, 4), upper: all(10, 4), evaluations: 31, iterations: 26, value: 0),
    Problem(
      name: "Wood, active bound", function: SmoothTestFunctions.wood, start: [-3, -1, -3, -1],
      lower: all(-10, 4), upper: [10, 0.5, 10, 10],
      evaluations: 34, iterations: 30, value: 0.23219076876331482),
  ]

  private func minimize(
    _ function: SmoothTestFunctions.Function, _ start: [Double], _ lower: [Double],
    _ upper: [Double], _ options: LBFGSB.Options = LBFGSB.Options()
  ) -> LBFGSB {
    var search = LBFGSB(start: start, lower: lower, upper: upper, options: options)
    while search.stop == nil {
      for i in start.indices {
        #expect(search.point[i] >= lower[i] && search.point[i] <= upper[i])
      }
      let (value, gradient) = function(search.point)
      search.tell(value: value, gradient: gradient)
    }
    return search
  }

  @Test("needs as many evaluations as SciPy's", arguments: problems)
  func evaluationCounts(problem: Problem) {
    let search = minimize(problem.function, problem.start, problem.lower, problem.upper)
    #expect(search.evaluations == problem.evaluations)
    #expect(search.iterations == problem.iterations)
    #expect((search.bestValue - problem.value).magnitude < 1e-5)
    #expect(search.stop == .gradient || search.stop == .decrease)
    #expect(problem.function(search.best).value == search.bestValue)
  }

  @Test("holds variables whose bounds coincide, and reaches corners exactly")
  func corners() {
    let search = minimize(
      { x in (x[0] - 2 * x[1] + x[2] * x[2], [1, -2, 2 * x[2]]) },
      [0.5, 0.5, 0.25], [-1, -1, 0.25], [1, 1, 0.25])
    #expect(search.best == [-1, 1, 0.25])
    #expect(search.stop == .gradient)
    #expect(search.projectedGradient == 0)
  }

  @Test("backs off where the function is undefined")
  func undefinedRegions() {
    for bad in [Double.nan, .infinity, -.infinity] {
      let search = minimize(
        { x in
          let (value, gradient) = SmoothTestFunctions.rosenbrock(x)
          return x[1] > 1.1 || x[0] > 1.05 ? (bad, [bad, bad]) : (value, gradient)
        }, [-1.2, 1], [-5, -5], [5, 5])
      #expect(search.bestValue < 1e-6)
    }
    // A wall so near that the first step must be halved many times.
    let wall = minimize(
      { x in x[0] > 1e-9 ? (.nan, [.nan]) : (-x[0], [-1]) }, [0], [-1], [1])
    #expect(wall.bestValue < 0)
    let half = minimize(
      { x in (x[0] * x[0], [x[0] > 0.7 ? .nan : 2 * x[0]]) }, [-0.9], [-1], [1])
    #expect(half.best[0].magnitude < 1e-5)
  }

  @Test("says why it cannot start")
  func invalidStarts() {
    #expect(LBFGSB(start: [0], lower: [1], upper: [0]).stop == .invalidBox)
    #expect(LBFGSB(start: [.nan], lower: [0], upper: [1]).stop == .invalidBox)
    #expect(LBFGSB(start: [0], lower: [.nan], upper: [1]).stop == .invalidBox)
    #expect(LBFGSB(start: [0], lower: [], upper: [1]).stop == .invalidBox)
    #expect(LBFGSB(start: [0], lower: [.infinity], upper: [.infinity]).stop == .invalidBox)
    let bad: [(Double, [Double])] = [(.nan, [0]), (0, [.nan]), (.infinity, [0]), (0, [])]
    for (value, gradient) in bad {
      var search = LBFGSB(start: [0.5], lower: [0], upper: [1])
      search.tell(value: value, gradient: gradient)
      #expect(search.stop == .invalidStart)
      search.tell(value: 0, gradient: [0])
      #expect(search.evaluations == 1)
    }
    var none = LBFGSB(start: [], lower: [], upper: [])
    none.tell(value: 1, gradient: [])
    #expect(none.stop == .gradient)
    let outside = LBFGSB(start: [9, -.infinity], lower: [0, -.infinity], upper: [1, .infinity])
    #expect(outside.point[0] == 1)
    #expect(outside.point[1].isFinite)
  }

  @Test("keeps the best point when the evaluations run out")
  func limits() {
    var options = LBFGSB.Options()
    options.evaluationLimit = 7
    let search = minimize(SmoothTestFunctions.rosenbrock, [-1.2, 1], [-5, -5], [5, 5], options)
    #expect(search.stop == .evaluations)
    #expect(search.evaluations == 7)
    #expect(SmoothTestFunctions.rosenbrock(search.best).value == search.bestValue)
    #expect(search.bestValue < 24.2)
  }

  @Test("ends on functions that lie about their gradient")
  func inconsistentGradient() {
    let uphill = minimize({ x in (x[0] * x[0], [-2 * x[0]]) }, [0.5], [-1], [1])
    #expect(uphill.stop == .stalled)
    #expect(uphill.best == [0.5])
    var stream = RandomStream(seed: 1, trial: 0, stream: 0)
    let noise = (0..<4096).map { _ in stream.nextUnit() }
    let random = minimize(
      { x in
        let i = Int(truncatingIfNeeded: x[0].bitPattern ^ x[1].bitPattern &>> 7) & 4095
        return (noise[i], [noise[(i + 1) & 4095] - 0.5, noise[(i + 2) & 4095] - 0.5])
      }, [0.5, 0.5], [0, 0], [1, 1])
    #expect(random.stop != nil)
  }

  @Test("copes with values at the ends of the number range", arguments: [1e-300, 1e-150, 1e150])
  func extremeScales(scale: Double) {
    var options = LBFGSB.Options()
    options.gradientTolerance = 0
    options.relativeDecrease = 0
    options.evaluationLimit = 300
    let search = minimize(
      { x in
        let (value, gradient) = SmoothTestFunctions.beale(x)
        return (value * scale, gradient.map { $0 * scale })
      }, [1, 1], [-4.5, -4.5], [4.5, 4.5], options)
    #expect(search.bestValue <= 14.203125 * scale)
    #expect(search.best.allSatisfy { $0.isFinite })
  }

  /// Recorded on x86-64 without fused multiplication: any other rounding anywhere changes the hash.
  @Test("gives the same bits on every machine")
  func recordedBits() {
    var hash: UInt64 = 0
    for problem in Self.problems {
      let search = minimize(problem.function, problem.start, problem.lower, problem.upper)
      for x in search.best { hash = splitMix64(hash ^ x.bitPattern) }
    }
    #expect(hash == 0xA9B8_61B3_1A07_AB73)
  }
}
