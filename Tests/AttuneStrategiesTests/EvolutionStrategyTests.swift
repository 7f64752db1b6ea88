import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("Aging evolution")
struct EvolutionStrategyTests {
  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private func medianBest(
    _ name: String, _ space: Space, _ count: Int, _ objective: ([Double?]) -> Double
  ) throws -> Double {
    median(
      try (0..<7).map { seed in
        var study = try BareStudy(space, seed: UInt64(seed) + 10, strategy: name)
        try study.run(count, objective)
        return study.best
      })
  }

  /// 24 choices of four: 2⁴⁸ points.
  private static func choices() throws -> Space {
    try Space(
      (0..<24).map { try LawSpace.choice("c\($0)", (0..<4).map { .int($0) }) })
  }

  @Test("choices that count one by one, and in pairs, are found much better than by chance")
  func categorical() throws {
    let space = try Self.choices()
    let objective = { (x: [Double?]) -> Double in
      var misses = 0.0
      for index in 0..<24 where x[index] != Double((index * 7) % 4) { misses += 1 }
      for index in 0..<23 where x[index] != x[index + 1] { misses += 0.1 }
      return misses
    }
    let random = try medianBest("random", space, 400, objective)
    let evolution = try medianBest("evolution", space, 400, objective)
    #expect(evolution < random / 2, "evolution \(evolution), random \(random)")
  }

  @Test("numbers are found as well: a shifted sphere five times as near as by chance")
  func sphere() throws {
    let space = try Space((0..<5).map { try LawSpace.float("x\($0)", -5, 5) })
    let optimum = [1.3, -2.1, 3.2, -0.7, 2.4]
    let sphere = { (x: [Double?]) in
      zip(x, optimum).reduce(0.0) { $0 + (($1.0 ?? 9) - $1.1) * (($1.0 ?? 9) - $1.1) }
    }
    let random = try medianBest("random", space, 300, sphere)
    let evolution = try medianBest("evolution", space, 300, sphere)
    #expect(evolution * 5 < random, "evolution \(evolution), random \(random)")
  }

  @Test("a child differs from a member of the population in one gene and what it makes active")
  func oneGene() throws {
    let space = try LawSpace.mixed.space()
    var study = try BareStudy(
      space, strategy: "evolution",
      options: [("population_size", .int(8)), ("n_startup_trials", .int(8))])
    for _ in 0..<8 { study.finish(try study.start()) { ($0[0] ?? 0) + ($0[1] ?? 0) } }
    for _ in 0..<20 {
      let history = study.log.snapshot
      let members = (history.trialCount - 8..<history.trialCount).map { history.point($0) }
      let child = try study.proposal()
      let differences = members.map { member in
        space.parameters.indices.filter { member[$0] != child[$0] }.count
      }
      #expect(differences.min() == 1)
      study.finish(try study.start(child)) { ($0[0] ?? 0) + ($0[1] ?? 0) }
    }
  }

  @Test("members die of age: what is best does not stay a parent for ever")
  func age() throws {
    let space = try Self.choices()
    var study = try BareStudy(
      space, strategy: "evolution",
      options: [("population_size", .int(6)), ("sample_size", .int(6))])
    let best = study.drawn(99)
    study.finish(try study.start(best)) { _ in -1 }
    // While it is a member, every child is its child.
    for number in 0..<5 { study.finish(try study.start(study.drawn(number))) { _ in 1 } }
    func distance(_ point: Point) -> Int { (0..<24).filter { point[$0] != best[$0] }.count }
    #expect(distance(try study.proposal()) == 1)
    study.finish(try study.start(study.drawn(50))) { _ in 1 }
    #expect(distance(try study.proposal()) > 5)
  }

  @Test("no point comes twice while there are others; a noisy study repeats some")
  func duplicates() throws {
    let space = try Space([
      LawSpace.int("a", 0, 9), LawSpace.choice("b", (0..<8).map { .int($0) }),
      LawSpace.choice("c", (0..<8).map { .int($0) }),
    ])
    for isNoisy in [false, true] {
      var study = try BareStudy(
        space, strategy: "evolution", options: [("noisy", .bool(isNoisy))])
      try study.run(150) { ($0[0] ?? 0) + ($0[1] ?? 0) + ($0[2] ?? 0) }
      let history = study.log.snapshot
      let count = Set((0..<150).map { history.point($0) }).count
      if isNoisy { #expect(count < 140) } else { #expect(count == 150) }
    }
  }

  @Test("feasible trials are parents before all others, failed ones never")
  func constraints() throws {
    let space = try Self.choices()
    var study = try BareStudy(
      space, strategy: "evolution",
      options: [("population_size", .int(4)), ("sample_size", .int(4))])
    let feasible = study.drawn(0)
    for number in 0..<4 {
      let trial = try study.start(study.drawn(number))
      study.log.finish(
        trial, .complete, values: [Double(-number)], violation: Double(number), at: 1)
    }
    for number in 10..<20 {
      study.log.finish(try study.start(study.drawn(number)), .fail, values: [.nan], at: 1)
    }
    let child = try study.proposal()
    #expect((0..<24).filter { child[$0] != feasible[$0] }.count == 1)
  }
}
