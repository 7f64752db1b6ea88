import AttuneCore
import Testing

@testable import AttuneStrategies

struct MedianPrunerTests {
  private func pruner(
    _ direction: Direction = .minimize,
    _ options: [(key: String, value: Value)] = [
      ("n_startup_trials", .int(1))
    ]
  ) throws -> any Pruner {
    try PrunerCatalog.make(named: "median", directions: [direction], options: options)
  }

  @Test("a trial worse than the median at its step is stopped; one as good goes on")
  func median() throws {
    let pruner = try pruner()
    let odd = PrunerSamples.finished([[(1, 3)], [(1, 1)], [(1, 2)]])
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, 2)]), given: odd))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, 2.000001)]), given: odd))
    let even = PrunerSamples.finished([[(1, 4)], [(1, 1)], [(1, 2)], [(1, 8)]])
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, 3)]), given: even))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, 3.1)]), given: even))
  }

  @Test("when maximizing, lower is worse")
  func maximize() throws {
    let pruner = try pruner(.maximize)
    let others = PrunerSamples.finished([[(1, 3)], [(1, 1)], [(1, 2)]])
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, 2)]), given: others))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, 1.9)]), given: others))
  }

  @Test("the trial's best value so far counts, the others' only at exactly this step")
  func bestSoFar() throws {
    let pruner = try pruner()
    let others = PrunerSamples.finished([[(1, 0), (2, 5)], [(1, 0), (2, 7)], [(3, -9)]])
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, 4), (2, 100)]), given: others))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, 6.5), (2, 100)]), given: others))
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(4, 1e9)]), given: others))
  }

  @Test("nothing is stopped before enough trials, steps and values")
  func thresholds() throws {
    let others = PrunerSamples.finished([[(1, 0), (5, 0)], [(1, 0)], [(1, 0)], [(1, 0)], [(1, 0)]])
    let bad = PrunerSamples.reports([(1, 9)])
    #expect(try self.pruner(.minimize, []).shouldPrune(bad, given: others))
    #expect(
      try !self.pruner(.minimize, [("n_startup_trials", .int(6))]).shouldPrune(bad, given: others))
    #expect(
      try !self.pruner(.minimize, [("n_warmup_steps", .int(2))]).shouldPrune(bad, given: others))
    #expect(
      try self.pruner(.minimize, [("n_warmup_steps", .int(1))]).shouldPrune(bad, given: others))
    let late = PrunerSamples.reports([(5, 9)])
    #expect(try self.pruner(.minimize, []).shouldPrune(late, given: others))
    #expect(
      try !self.pruner(.minimize, [("n_min_trials", .int(2))]).shouldPrune(late, given: others))
    #expect(
      try !self.pruner(.minimize, [("n_startup_trials", .int(0))])
        .shouldPrune(bad, given: FinishedReports()))
    #expect(try !self.pruner(.minimize, []).shouldPrune(Reports(), given: others))
  }

  @Test("only the first report of an interval is judged")
  func intervals() throws {
    let pruner = try pruner(
      .minimize,
      [("n_startup_trials", .int(1)), ("n_warmup_steps", .int(1)), ("interval_steps", .int(3))])
    let others = PrunerSamples.finished([(0..<12).map { ($0, 0) }])
    var pairs: [(Int64, Double)] = []
    var judged: [Int64] = []
    for step: Int64 in [0, 1, 2, 3, 5, 6, 7, 11] {
      pairs.append((step, 9))
      if pruner.shouldPrune(PrunerSamples.reports(pairs), given: others) { judged.append(step) }
    }
    #expect(judged == [1, 5, 7, 11])
  }

  @Test("a trial of NaN alone is stopped, and NaN of others does not count")
  func notANumber() throws {
    let pruner = try pruner()
    let others = PrunerSamples.finished([[(1, .nan)], [(1, 2)], [(1, .nan)]])
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, .nan)]), given: others))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, 3)]), given: others))
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(0, 1), (1, .nan)]), given: others))
    #expect(
      !pruner.shouldPrune(
        PrunerSamples.reports([(1, 3)]), given: PrunerSamples.finished([[(1, .nan)]])))
  }

  @Test("infinities are ranked, and a huge spread does not overflow")
  func infinities() throws {
    #expect(PercentileRule.quantile(ofSorted: [-.infinity, 3], 0.5) == -.infinity)
    #expect(PercentileRule.quantile(ofSorted: [3, .infinity], 0.5) == .infinity)
    #expect(PercentileRule.quantile(ofSorted: [-.infinity, .infinity], 0.5).isNaN)
    #expect(PercentileRule.quantile(ofSorted: [.infinity, .infinity], 0.5) == .infinity)
    #expect(PercentileRule.quantile(ofSorted: [-1e308, 1.5e308], 0.5) == 0.25e308)
    let pruner = try pruner()
    #expect(
      pruner.shouldPrune(
        PrunerSamples.reports([(1, .infinity)]), given: PrunerSamples.finished([[(1, 5)]])))
    #expect(
      !pruner.shouldPrune(
        PrunerSamples.reports([(1, -.infinity)]), given: PrunerSamples.finished([[(1, 5)]])))
  }

  @Test("steps at both ends of int64 are judged without overflow")
  func extremeSteps() throws {
    let pruner = try pruner(
      .minimize, [("n_startup_trials", .int(1)), ("interval_steps", .int(.max))])
    let others = PrunerSamples.finished([[(.max, 0), (.min, 0)]])
    #expect(pruner.shouldPrune(PrunerSamples.reports([(.max, 1)]), given: others))
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(.min, 1)]), given: others))
  }

  @Test("the pruner none stops nothing")
  func none() throws {
    let pruner = try PrunerCatalog.make(named: "none", directions: [.minimize, .maximize])
    #expect(
      !pruner.shouldPrune(
        PrunerSamples.reports([(1, .nan)]), given: PrunerSamples.finished([[(1, 0)]])))
  }

  @Test("decisions are those that Optuna made")
  func reference() throws {
    let cases = try #require(try JSON(parsing: MedianPrunerReference.json).arrayValue)
    #expect(cases.count == 30)
    var judged = 0
    for (number, element) in cases.enumerated() {
      let fields = try #require(element.arrayValue)
      let direction = try #require(Direction(name: fields[0].stringValue ?? ""))
      let keys = ["n_startup_trials", "n_warmup_steps", "interval_steps", "n_min_trials"]
      let options = zip(keys, fields[1...]).map { ($0, Value.int($1.int64Value ?? 0)) }
      let pruner = try PrunerCatalog.make(
        named: "median", directions: [direction], options: options)
      let others = PrunerSamples.finished((fields[5].arrayValue ?? []).map(PrunerSamples.pairs))
      let own = PrunerSamples.pairs(fields[6])
      let decisions = try #require(fields[7].arrayValue).map { $0.int64Value == 1 }
      for (index, decision) in decisions.enumerated() {
        let soFar = PrunerSamples.reports(Array(own[...index]))
        #expect(
          pruner.shouldPrune(soFar, given: others) == decision, "case \(number), report \(index)")
        judged += 1
      }
    }
    #expect(judged > 100)
  }
}
