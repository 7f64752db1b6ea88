import AttuneCore
import AttuneNumerics
import Foundation
import Testing

@testable import AttuneStrategies

/// The rules that judge by a Gaussian process.
@Suite("Stop rules with a model")
struct ModelStopRuleTests {
  private static func space() throws -> Space {
    try Space([
      Parameter("x", .float(FloatDistribution(low: -5, high: 10, name: "x"))),
      Parameter("y", .float(FloatDistribution(low: 0, high: 15, name: "y"))),
    ])
  }

  /// Branin's function, whose least value is 0.397887.
  private static func branin(_ at: [Double?]) -> Double {
    let (x, y) = (at[0] ?? 0, at[1] ?? 0)
    let a = y - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
    return a * a + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10
  }

  /// After how many trials of `gp` a rule holds for the first time, and the best value then.
  private static func run(
    _ text: String, seed: UInt64, limit: Int, objective: ([Double?]) -> Double
  ) throws -> (count: Int, best: Double)? {
    var study = try BareStudy(space(), seed: seed, strategy: "gp")
    let parsed = try StopRuleText.rules(parsing: text)[0]
    var rule = try StopRuleSamples.rule(
      parsed.description.name, study.space, options: parsed.options)
    for count in 1...limit {
      let number = try study.start()
      study.finish(number, objective)
      rule.follow(number, in: study.log.snapshot)
      if rule.reasonToStop() != nil { return (count, study.best) }
    }
    return nil
  }

  @Test(
    "a search that has converged is ended, and not before", arguments: [1, 2, 3],
    ["expected-improvement", "regret-bound=1"])
  func converged(seed: UInt64, rule: String) throws {
    let run = try Self.run(rule, seed: seed, limit: 150, objective: Self.branin)
    let ended = try #require(run)
    #expect(ended.count >= 20)
    // Branin's values lie between 0.4 and 308.
    #expect(ended.best < 0.397887 + (rule == "regret-bound=1" ? 1 : 0.05), "\(ended)")
  }

  @Test("too few trials end nothing", arguments: ["expected-improvement", "regret-bound=1"])
  func few(rule: String) throws {
    let few = try Self.run(
      rule + ",n_startup_trials=60", seed: 1, limit: 59, objective: Self.branin)
    #expect(few == nil)
  }

  @Test("values without a pattern leave the regret large")
  func pattern() throws {
    var draws = RandomStream(seed: 3, trial: 0, stream: 1)
    let noise = try Self.run("regret-bound=1", seed: 1, limit: 50) { _ in 100 * draws.nextUnit() }
    #expect(noise == nil)
  }

  @Test(
    "equal values and failures end nothing", arguments: ["expected-improvement", "regret-bound"])
  func nothing(rule: String) throws {
    let equal = try Self.run(rule, seed: 1, limit: 40) { _ in 1 }
    #expect(equal == nil)
    var made = try StopRuleSamples.rule(text: rule)
    let history = try StopRuleSamples.history([StopRuleSamples.Ending](repeating: .fail, count: 40))
    for trial in 0..<40 { made.follow(trial, in: history) }
    #expect(made.reasonToStop() == nil)
  }

  @Test("noise is found where there is some")
  func noisy() throws {
    var draws = RandomStream(seed: 5, trial: 0, stream: 1)
    var study = try BareStudy(Self.space(), seed: 2, strategy: "sobol")
    var observations = Observations(model: ModelSpace(study.space), directions: [.minimize])
    for _ in 0..<120 {
      let number = try study.start()
      study.finish(number) { at in 0.5 * (at[0] ?? 0) + draws.nextUnit() }
      observations.follow(.finished(number), in: study.log.snapshot)
    }
    let bound = try #require(RegretBound(observations, first: 120))
    // Uniform noise of width 1 has a deviation of 0.29.
    #expect((0.1...0.6).contains(bound.noise), "\(bound)")
  }

  @Test("the bound is an upper one: nine times in ten at least")
  func upper() throws {
    var (kept, all) = (0, 0)
    for seed in 1...6 {
      var study = try BareStudy(Self.space(), seed: UInt64(seed), strategy: "sobol")
      var observations = Observations(model: ModelSpace(study.space), directions: [.minimize])
      for count in 1...80 {
        let number = try study.start()
        study.finish(number, Self.branin)
        observations.follow(.finished(number), in: study.log.snapshot)
        guard count % 20 == 0 else { continue }
        let bound = try #require(RegretBound(observations, first: count))
        all += 1
        if study.best - 0.397887 <= bound.regret { kept += 1 }
        #expect(bound.regret >= 0 && bound.noise > 0)
      }
    }
    #expect(all == 24)
    #expect(Double(kept) >= 0.9 * Double(all), "\(kept) of \(all)")
  }
}
