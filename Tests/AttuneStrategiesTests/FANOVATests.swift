import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Testing

@Suite("Parameter importance by variance")
struct FANOVATests {
  private static let pi = 3.141_592_653_589_793

  /// Importances of a function of units from points drawn at random.
  private func importances(
    _ space: Space, count: Int, seed: UInt64 = 1, directions: [Direction] = [.minimize],
    _ values: ([Double]) -> [Double]
  ) throws -> [Double] {
    var log = HistoryLog(valueCount: directions.count, width: space.count)
    for trial in 0..<count {
      var stream = RandomStream(seed: 3, trial: UInt64(trial), stream: 0)
      let point = space.point { index in
        space.parameters[index].distribution.slot(atRandom: stream.next())
      }
      let units = space.parameters.indices.map { index in
        point[index].map { space.parameters[index].distribution.unit(ofSlot: $0) } ?? .nan
      }
      let number = log.claim(.added, at: 0)
      log.fill(number, point)
      log.finish(number, .complete, values: values(units), at: 1)
    }
    return FANOVA.importances(
      of: log.snapshot, space: space, directions: directions, seed: seed)
  }

  private func units(_ count: Int) throws -> Space {
    try Space((0..<count).map { try LawSpace.float("x\($0)", 0, 1) })
  }

  @Test("of a sum each term has its share of the variance")
  func additive() throws {
    let found = try importances(units(4), count: 1500) { [3 * $0[0] + 2 * $0[1] + $0[2]] }
    for (share, wanted) in zip(found, [9.0 / 14, 4.0 / 14, 1.0 / 14, 0]) {
      #expect((share - wanted).magnitude < 0.03, "\(found)")
    }
  }

  @Test("of Ishigami's function each parameter has its first Sobol index")
  func ishigami() throws {
    // sin a + 7 sin^2 b + 0.1 c^4 sin a over (-pi, pi)^3.
    let found = try importances(units(3), count: 4000) { units in
      let x = units.map { (2 * $0 - 1) * Self.pi }
      let (a, b) = (Self.sine(x[0]), Self.sine(x[1]))
      return [a + 7 * b * b + 0.1 * x[2] * x[2] * x[2] * x[2] * a]
    }
    // Leaves are as wide as a wave of b in places, which flattens it.
    for (share, wanted) in zip(found, [0.3139, 0.4424, 0]) {
      #expect((share - wanted).magnitude < 0.08, "\(found)")
    }
  }

  /// By its series; a test needs no more than nine digits.
  private static func sine(_ x: Double) -> Double {
    var (term, sum) = (x, x)
    for step in 1..<14 {
      term *= -x * x / Double(2 * step * (2 * step + 1))
      sum += term
    }
    return sum
  }

  @Test("choices, whole numbers and logarithms count as evenly spread as they are drawn")
  func kinds() throws {
    let space = try Space([
      LawSpace.choice("k", [.string("a"), .string("b"), .string("c"), .null]),
      Parameter("n", .int(IntDistribution(low: 1, high: 4, name: "n"))),
      Parameter(
        "lr", .float(FloatDistribution(low: 1e-5, high: 1, log: true, name: "lr"))),
    ])
    // Variances: 3/16 of one choice of four; 5/64 of four cells' middles; 1/12 of a unit.
    let found = try importances(space, count: 2000) { units in
      [(units[0] < 0.25 ? 1 : 0) + units[1] + units[2]]
    }
    let whole = 3.0 / 16 + 5.0 / 64 + 1.0 / 12
    for (share, wanted) in zip(found, [3.0 / 16, 5.0 / 64, 1.0 / 12]) {
      #expect((share - wanted / whole).magnitude < 0.03, "\(found)")
    }
  }

  @Test("a parameter that is not always there has the variance that it makes where it is")
  func conditional() throws {
    let space = try Space([
      LawSpace.choice("k", [.string("a"), .string("b")]),
      Parameter(
        "x", .float(FloatDistribution(low: 0, high: 1, name: "x")),
        when: [Condition(parent: "k", .choices([.string("a")]))]),
    ])
    // x alone is half of the variance, the other half is that it matters with "a" only.
    let found = try importances(space, count: 1500) { units in
      [units[1].isNaN ? 0.5 : units[1]]
    }
    #expect((found[1] - 0.5).magnitude < 0.05 && found[0] < 0.05, "\(found)")
  }

  @Test("the same seed gives the same bits, another one nearly the same; directions do not matter")
  func seeds() throws {
    func found(_ seed: UInt64, _ sign: Double) throws -> [Double] {
      try importances(
        units(3), count: 300, seed: seed, directions: sign < 0 ? [.maximize] : [.minimize]
      ) { [sign * ($0[0] * $0[0] + 0.3 * $0[1])] }
    }
    let (one, other) = (try found(1, 1), try found(2, 1))
    #expect(try found(1, 1) == one)
    #expect(one != other)
    for (a, b) in zip(one, other) { #expect((a - b).magnitude < 0.05) }
    #expect(try found(1, -1) == one)
  }

  @Test("several objectives are averaged, of any scale")
  func objectives() throws {
    let found = try importances(
      units(2), count: 400, directions: [.minimize, .maximize]
    ) { [1e300 * $0[0], 1e-300 * $0[1]] }
    #expect((found[0] - 0.5).magnitude < 0.03 && (found[1] - 0.5).magnitude < 0.03, "\(found)")
  }

  @Test("extreme ranges, few trials, equal and infinite values break nothing")
  func specials() throws {
    let space = try LawSpace.extremes.space()
    #expect(try importances(space, count: 0) { _ in [0] } == [0, 0, 0, 0])
    #expect(try importances(space, count: 1) { _ in [5] } == [0, 0, 0, 0])
    #expect(try importances(space, count: 50) { _ in [5] } == [0, 0, 0, 0])
    #expect(try importances(space, count: 50) { _ in [.infinity] } == [0, 0, 0, 0])
    #expect(try importances(LawSpace.allFixed.space(), count: 20) { [Double($0.count)] } == [0, 0])
    var number = 0
    let found = try importances(space, count: 60) { _ in
      number += 1
      return [number % 9 == 0 ? .infinity : number % 2 == 0 ? 1e308 : -1e308]
    }
    #expect(found.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 }, "\(found)")
  }
}
