import AttuneCore
import AttuneStrategies
import Testing

/// That `bayesian` converges where it can, and does what its options say.
struct BayesianStrategyTests {
  private static func cube(_ count: Int) throws -> Space {
    try Space(try (0..<count).map { try LawSpace.float("x\($0)", 0, 1) })
  }

  private static func valley(_ x: [Double?]) -> Double {
    let (a, b) = (4 * (x[0] ?? 0) - 2, 4 * (x[1] ?? 0) - 1)
    return 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
  }

  @Test("100 trials follow a curved valley to its end")
  func valley() throws {
    var study = try BareStudy(try Self.cube(2), seed: 5, strategy: "bayesian")
    try study.run(100, Self.valley)
    #expect(study.best < 1e-2)
  }

  @Test("the last trials of a budget refine the best place")
  func budget() throws {
    func best(_ options: [(key: String, value: Value)]) throws -> [Point] {
      var study = try BareStudy(try Self.cube(3), seed: 6, strategy: "bayesian", options: options)
      try study.run(40) { x in (x[0] ?? 0) + ((x[1] ?? 0) - 0.5).magnitude + (x[2] ?? 0) }
      return (36..<40).map { study.log.snapshot.point($0) }
    }
    #expect(try best([]) != best([("budget", .int(40))]))
  }

  @Test("a noisy study repeats its best trials, another never repeats any")
  func repeats() throws {
    func different(_ isNoisy: Bool) throws -> Int {
      var study = try BareStudy(
        try Self.cube(2), seed: 7, strategy: "bayesian", options: [("noisy", .bool(isNoisy))])
      try study.run(40, Self.valley)
      return Set((0..<40).map { study.log.snapshot.point($0) }).count
    }
    #expect(try different(true) < 40)
    #expect(try different(false) == 40)
  }

  @Test("several objectives are served")
  func severalObjectives() throws {
    var study = try BareStudy(
      try Self.cube(2), seed: 8, strategy: "bayesian", directions: [.minimize, .maximize])
    for _ in 0..<25 {
      let number = try study.start()
      let x = study.numbers(study.log.snapshot.point(number))
      study.log.finish(number, .complete, values: [x[0] ?? 0, x[1] ?? 0], at: 1)
    }
    #expect(study.log.trialCount == 25)
  }

  @Test("without a better value for long, other arms have turns and nothing stalls")
  func plateau() throws {
    var study = try BareStudy(try Self.cube(2), seed: 9, strategy: "bayesian")
    try study.run(70) { _ in 1 }
    #expect(Set((0..<70).map { study.log.snapshot.point($0) }).count == 70)
  }
}
