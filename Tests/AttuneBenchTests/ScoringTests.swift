import AttuneCore
import Testing

@testable import attune_bench

@Suite("Scoring of quality")
struct ScoringTests {
  private func result(
    _ strategy: String, _ problem: String, group: String = "low", seed: Int = 0,
    _ regrets: [Double?], us: Double = 1
  ) -> QualityResult {
    QualityResult(
      strategy: strategy, problem: problem, group: group, seed: seed, regrets: regrets, value: 0,
      optimum: 0, microseconds: us)
  }

  @Test("regret is 0 at the optimum, 1 at random search, at most 1.5, and undefined without a gap")
  func regret() {
    let reference = Reference(optimum: 2, medians: [10, 4, 2])
    #expect(reference.regret(2, at: 0) == 0)
    #expect(reference.regret(1, at: 0) == 0)
    #expect(reference.regret(6, at: 0) == 0.5)
    #expect(reference.regret(10, at: 0) == 1)
    #expect(reference.regret(3, at: 1) == 0.5)
    #expect(reference.regret(1e9, at: 1) == 1.5)
    #expect(reference.regret(.infinity, at: 1) == 1.5)
    #expect(reference.regret(2, at: 2) == nil)
  }

  @Test("what counts is the true value of the trial that looked best")
  func incumbent() {
    var incumbent = Incumbent()
    incumbent.add(observed: 3, value: 5)
    incumbent.add(observed: 4, value: 1)
    incumbent.add(observed: 2, value: 9)
    #expect(incumbent.values == [5, 5, 9])
    #expect(incumbent.value(after: 2) == 5)
    #expect(incumbent.value(after: 100) == 9)
    #expect(Incumbent().value(after: 1) == .infinity)
  }

  @Test("random search's median is 1 by its own measure")
  func median() throws {
    let problem = try #require(ProblemCatalog.all.first { $0.name == "sphere-2" }).instance(seed: 0)
    let reference = Reference(problem, seed: 0, checkpoints: [10, 40])
    #expect(reference.optimum == problem.optimum)
    #expect(reference.medians[0] > reference.medians[1])
    #expect(reference.regret(reference.medians[1], at: 1) == 1)
    #expect(reference.noise == 0)
    let noisy = Reference(problem.with(noiseShare: 0.5), seed: 0, checkpoints: [25])
    let quiet = Reference(problem, seed: 0, checkpoints: [25])
    #expect(abs(noisy.noise - 0.5 * (quiet.medians[0] - quiet.optimum)) < 1e-9)
  }

  @Test("geometric means take nothing below 1e-4, and what is undefined is left out")
  func means() {
    let results = [
      result("a", "p", [0, 1]), result("a", "q", [1, nil], us: 5), result("a", "r", [0.01, 0.01]),
    ]
    let means = QualityMeans(results.map { ($0, 1) }, checkpoints: 2)
    #expect(means.count == 3)
    #expect(abs(3 * means.arithmetic[0] - 1.01) < 1e-12)
    #expect(abs(means.arithmetic[1] - 0.505) < 1e-12)
    #expect(abs(means.geometric[0] - 0.01) < 1e-12)
    #expect(abs(means.geometric[1] - 0.1) < 1e-12)
    #expect(abs(3 * means.microseconds - 7) < 1e-12)
    #expect(QualityMeans([], checkpoints: 1).arithmetic[0].isNaN)
  }

  @Test("equal regrets share ranks, and nobody wins where all are equal")
  func ranks() {
    let rows: [[Double]] = [[0.5, 0.2, 0.2], [0.1, 0.1, 0.1], [0.3, 0.6, 0.9]]
    let ranks = QualityRanks(rows.map { ($0, 1) }, strategies: 3)
    let sums: [Double] = ranks.ranks.map { (3 * $0 * 2).rounded() }
    #expect(sums == [12, 11, 13])
    let third = 1.0 / 3
    #expect(ranks.wins == [third, third, third])
    #expect(ranks.differences[0].mean == 0 && ranks.differences[0].half == 0)
    #expect(abs(ranks.differences[1].mean) < 1e-12)
    #expect(abs(ranks.differences[2].mean - 0.1) < 1e-12)
    #expect(ranks.differences[2].half > 0.2)
  }

  @Test("ranks compare only instances that every strategy ran")
  func paired() {
    let block = QualityBlock(
      name: "low",
      results: [
        result("a", "p", [0.1]), result("b", "p", [0.2]), result("a", "p", seed: 1, [0.9]),
        result("b", "q", [0.0]), result("a", "r", [nil]), result("b", "r", [nil]),
      ], checkpoints: [100])
    let ranks = block.ranks(["a", "b"])
    #expect(ranks.count == 1)
    #expect(ranks.ranks == [1, 2])
    #expect(block.problemCount == 3)
    #expect(block.means(of: "a").count == 3)
  }

  @Test("every group weighs the same in the balanced block, every problem in the other")
  func balanced() throws {
    let results = [
      result("a", "p", group: "low", [0.9]), result("a", "q", group: "low", [0.9]),
      result("a", "r", group: "low", [0.9]), result("a", "s", group: "mixed", [0.1]),
    ]
    let blocks = QualityBlock.blocks(results, [100])
    #expect(blocks.map(\.name) == ["low", "mixed", "all", "balanced"])
    let means = blocks.map { $0.means(of: "a").arithmetic[0] }
    #expect(abs(means[2] - 0.7) < 1e-12 && abs(means[3] - 0.5) < 1e-12)
    #expect(QualityBlock.blocks(Array(results.prefix(3)), [100]).map(\.name) == ["low"])
  }

  @Test("a result written as JSON is read back, and one of other checkpoints is refused")
  func json() throws {
    let written = result("gp:warp=none", "svm-2", group: "hpo", seed: 3, [0.25, nil], us: 2.5)
    let text = written.json([25, 100]).text(.spaced)
    #expect(try QualityResult(JSON(parsing: text), checkpoints: [25, 100]) == written)
    #expect(throws: AttuneError.self) {
      try QualityResult(JSON(parsing: text), checkpoints: [25, 50, 100])
    }
  }

  @Test("results depend neither on the number of threads nor on the strategies beside")
  func deterministic() throws {
    let families = ProblemCatalog.all.filter { ["svm-2", "noisy-sphere-5"].contains($0.name) }
    let strategies = try StrategySpec.list("random,sobol")
    func measure(_ strategies: [StrategySpec], jobs: Int) throws -> [[Double?]] {
      let results = try Workers.map(4, jobs: jobs) { index in
        try QualityRun(family: families[index / 2], seed: index % 2, checkpoints: [10, 20])
          .results(strategies)
      }
      return results.flatMap { $0 }.filter { $0.strategy == "sobol" }.map(\.regrets)
    }
    let one = try measure(strategies, jobs: 1)
    #expect(one.count == 4)
    #expect(try measure(strategies, jobs: 3) == one)
    #expect(try measure(StrategySpec.list("sobol"), jobs: 2) == one)
  }

  @Test("an error in a thread reaches the caller")
  func errors() {
    #expect(throws: AttuneError.self) {
      try Workers.map(5, jobs: 2) { index in
        if index == 3 { throw AttuneError(.internal, "three") }
        return index
      }
    }
  }
}
