import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("Evolution of fronts")
struct NSGA2StrategyTests {
  /// ZDT1 (E. Zitzler, K. Deb, L. Thiele, 2000): the front is f₂ = 1 − √f₁.
  private func zdt1(_ x: [Double]) -> [Double] {
    let g = 1 + 9 * x.dropFirst().reduce(0, +) / Double(x.count - 1)
    return [x[0], g * (1 - (x[0] / g).squareRoot())]
  }

  /// DTLZ2 with so many objectives: the front is an eighth, … of a sphere.
  private func dtlz2(_ x: [Double], _ width: Int) -> [Double] {
    let g = x[(width - 1)...].reduce(0.0) { $0 + ($1 - 0.5) * ($1 - 0.5) }
    let quarter = Double.pi / 2
    return (0..<width).map { objective in
      var value = 1 + g
      for index in 0..<(width - 1 - objective) { value *= cosine(x[index] * quarter) }
      if objective > 0 { value *= sine(x[width - 1 - objective] * quarter) }
      return value
    }
  }

  /// By their series: tests import no C library.
  private func sine(_ x: Double) -> Double {
    var (term, sum) = (x, x)
    for k in 1..<12 {
      term *= -x * x / Double(2 * k * (2 * k + 1))
      sum += term
    }
    return sum
  }
  private func cosine(_ x: Double) -> Double { sine(x + .pi / 2 - (x > .pi / 2 ? .pi : 0)) }

  /// The volume that `count` trials dominate.
  private func volume(
    _ name: String, _ dimensions: Int, _ width: Int, _ count: Int, seed: UInt64,
    options: [(key: String, value: Value)] = [], reference: Double,
    _ objective: ([Double]) -> [Double]
  ) throws -> Double {
    let space = try Space((0..<dimensions).map { try LawSpace.float("x\($0)", 0, 1) })
    var study = try BareStudy(
      space, seed: seed, strategy: name, directions: Array(repeating: .minimize, count: width),
      options: options)
    var values: [Double] = []
    for _ in 0..<count {
      let trial = try study.start()
      let point = study.numbers(study.log.snapshot.point(trial)).map { $0 ?? 0 }
      let result = objective(point)
      values += result
      study.log.finish(trial, .complete, values: result, at: 1)
    }
    return Hypervolume.volume(of: values, reference: Array(repeating: reference, count: width))
  }

  @Test(
    "a front of two objectives is found much better than by chance",
    arguments: ["auto", "crowding", "hypervolume", "directions"])
  func twoObjectives(survival: String) throws {
    let options: [(key: String, value: Value)] = [("survival", .string(survival))]
    for seed in 0..<3 {
      let random = try volume(
        "random", 8, 2, 300, seed: UInt64(seed), reference: 4, zdt1)
      let nsga2 = try volume(
        "nsga2", 8, 2, 300, seed: UInt64(seed), options: options, reference: 4, zdt1)
      // The whole front dominates 4² less a third.
      #expect(nsga2 > 12 && nsga2 > random + 1.5, "nsga2 \(nsga2), random \(random)")
    }
  }

  @Test("of four objectives directions keep the whole front")
  func fourObjectives() throws {
    let objective = { self.dtlz2($0, 4) }
    for seed in 0..<3 {
      let random = try volume("random", 9, 4, 400, seed: UInt64(seed), reference: 1.5, objective)
      let nsga2 = try volume("nsga2", 9, 4, 400, seed: UInt64(seed), reference: 1.5, objective)
      #expect(nsga2 > random * 1.05, "nsga2 \(nsga2), random \(random)")
    }
  }

  @Test("a single objective is served as by a genetic algorithm")
  func oneObjective() throws {
    let objective = { (x: [Double]) in [x.reduce(0.0) { $0 + ($1 - 0.3) * ($1 - 0.3) }] }
    let random = try volume("random", 5, 1, 200, seed: 1, reference: 1, objective)
    let nsga2 = try volume("nsga2", 5, 1, 200, seed: 1, reference: 1, objective)
    #expect(1 - nsga2 < (1 - random) / 4)
  }

  @Test("infeasible trials are parents only while there are too few others")
  func constraints() throws {
    let space = try Space((0..<6).map { try LawSpace.choice("c\($0)", (0..<9).map { .int($0) }) })
    var study = try BareStudy(
      space, strategy: "nsga2", directions: [.minimize, .maximize],
      options: [
        ("population_size", .int(4)), ("n_startup_trials", .int(4)), ("mutation_prob", .float(0)),
        ("crossover_prob", .float(1)),
      ])
    for number in 0..<30 {
      let trial = try study.start(study.drawn(number))
      let isFeasible = number % 5 == 0
      study.log.finish(
        trial, .complete, values: [isFeasible ? Double(number) : -100, Double(number)],
        violation: isFeasible ? 0 : 1, at: 1)
    }
    // Six are feasible and none dominates another: every gene is one of theirs, or changed once.
    let parents = stride(from: 0, to: 30, by: 5).map { study.log.snapshot.point($0) }
    for attempt in 0..<20 {
      let child = try study.proposal(attempt: attempt)
      let foreign = (0..<6).filter { gene in !parents.contains { $0[gene] == child[gene] } }
      #expect(foreign.count <= 1)
    }
  }

  @Test("no point comes twice while there are others")
  func duplicates() throws {
    let space = try Space([
      LawSpace.choice("a", (0..<8).map { .int($0) }),
      LawSpace.choice("b", (0..<8).map { .int($0) }), LawSpace.int("c", 0, 9),
    ])
    var study = try BareStudy(space, strategy: "nsga2", directions: [.minimize, .minimize])
    for _ in 0..<150 {
      let trial = try study.start()
      let x = study.numbers(study.log.snapshot.point(trial)).map { $0 ?? 0 }
      study.log.finish(trial, .complete, values: [x[0] + x[2], x[1] - x[2]], at: 1)
    }
    #expect(Set((0..<150).map { study.log.snapshot.point($0) }).count == 150)
  }
}
