import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("Policies learned by reinforcement")
struct ReinforceStrategyTests {
  private static func choices(_ count: Int) throws -> Space {
    try Space((0..<count).map { try LawSpace.choice("c\($0)", (0..<5).map { .int($0) }) })
  }

  private func misses(_ x: [Double?]) -> Double {
    x.indices.reduce(0.0) { $0 + (x[$1] == Double(($1 * 3) % 5) ? 0 : 1) }
  }

  @Test("a policy learns what pays: the last hundred of 600 trials are much better than chance")
  func learns() throws {
    let space = try Self.choices(12)
    for direction in [Direction.minimize, .maximize] {
      let sign = direction == .minimize ? 1.0 : -1
      var study = try BareStudy(space, strategy: "reinforce", directions: [direction])
      try study.run(600) { sign * misses($0) }
      let history = study.log.snapshot
      let last = (500..<600).reduce(0.0) { $0 + sign * history.value($1) } / 100
      // By chance four of five miss.
      #expect(last < 6, "mean of the last hundred \(last), by chance 9.6")
    }
  }

  @Test("numbers are learned by parts of their range")
  func numbers() throws {
    let space = try Space([
      LawSpace.float("x", 0, 1), LawSpace.float("rate", 1e-6, 1, log: true),
      LawSpace.int("n", 1, 1000),
    ])
    var study = try BareStudy(space, strategy: "reinforce")
    let objective = { (x: [Double?]) -> Double in
      let (a, b, c) = (x[0] ?? 0, Elementary.log(x[1] ?? 1) + 7, (x[2] ?? 0) / 1000)
      return (a - 0.7) * (a - 0.7) + b * b / 100 + (c - 0.2) * (c - 0.2)
    }
    try study.run(800, objective)
    let history = study.log.snapshot
    let first = (0..<100).reduce(0.0) { $0 + history.value($1) }
    let last = (700..<800).reduce(0.0) { $0 + history.value($1) }
    #expect(last < first / 2)
  }

  @Test("a step raises the probability of what was better than expected")
  func step() throws {
    let space = try Self.choices(3)
    var policy = ChoicePolicy(Genes(space), binCount: 10)
    #expect(policy.probabilities.allSatisfy { ($0 - 0.2).magnitude < 1e-12 })
    for _ in 0..<20 {
      policy.step(
        [(actions: [1, 7, 10], weight: 1), (actions: [0, 7, 11], weight: -1)], entropy: 0,
        rate: 0.05)
    }
    let p = policy.probabilities
    #expect(p[1] > 0.25 && p[0] < 0.18 && p[10] > 0.25 && p[11] < 0.18)
    #expect((p[7] - 0.2).magnitude < 1e-6)
    #expect((p[0..<5].reduce(0, +) - 1).magnitude < 1e-12)
    // Entropy alone leads back.
    for _ in 0..<400 { policy.step([(actions: [], weight: 0)], entropy: 1, rate: 0.05) }
    #expect((policy.probabilities[1] - 0.2).magnitude < 0.02)
  }

  @Test("failures and broken constraints repel")
  func failures() throws {
    let space = try Self.choices(1)
    var study = try BareStudy(space, strategy: "reinforce", options: [("noisy", .bool(true))])
    for number in 0..<400 {
      let trial = try study.start()
      let choice = study.log.snapshot.point(trial)[0] ?? 0
      switch choice {
      case 0: study.log.finish(trial, .fail, values: [.nan], at: 1)
      case 1: study.log.finish(trial, .complete, values: [-100], violation: 1, at: 1)
      default: study.log.finish(trial, .complete, values: [Double(number % 3)], at: 1)
      }
    }
    let history = study.log.snapshot
    let bad = (350..<400).filter { (history.point($0)[0] ?? 9) < 2 }.count
    #expect(bad < 12)
  }
}
