import AttuneCore
import Testing

@testable import attune_bench

@Suite("Arguments and thresholds of quality")
struct QualityArgumentTests {
  @Test("a list of strategies has options after a colon")
  func strategies() throws {
    let specs = try StrategySpec.list("random,sobol:scramble=true,skip=3,rate=0.5,kind=x,RANDOM")
    #expect(
      specs.map(\.label) == ["random", "sobol:scramble=true,skip=3,rate=0.5,kind=x", "RANDOM"])
    #expect(specs.map(\.name) == ["random", "sobol", "random"])
    #expect(specs[1].options.map(\.key) == ["scramble", "skip", "rate", "kind"])
    #expect(
      specs[1].options.map(\.value) == [.bool(true), .int(3), .float(0.5), .string("x")])
    #expect(specs[0].options.isEmpty)
    #expect(throws: AttuneError.self) { try StrategySpec.list("nothing") }
    #expect(throws: AttuneError.self) { try StrategySpec.list("sobol:scramble") }
  }

  @Test("wrong arguments are refused by name")
  func refused() {
    for arguments in [
      ["--seeds", "0"], ["--trials", "x"], ["--groups", "large"], ["--what", "1"], ["--json"],
    ] {
      #expect(throws: AttuneError.self) { try QualityOptions(arguments) }
    }
    #expect(throws: AttuneError.self) {
      try QualityOptions(["--groups", "mixed", "--problems", "svm"]).families()
    }
  }

  @Test("regret is measured at 25, 50 and the last trial")
  func checkpoints() throws {
    #expect(try QualityOptions([]).checkpoints == [25, 50, 100])
    #expect(try QualityOptions(["--trials", "50"]).checkpoints == [25, 50])
    #expect(try QualityOptions(["--trials", "10"]).checkpoints == [10])
    #expect(try QualityOptions(["--problems", "svm"]).families().count == 2)
  }

  private func block(_ regrets: [Double]) -> [QualityBlock] {
    let results = regrets.enumerated().map { seed, regret in
      QualityResult(
        strategy: "tpe", problem: "p", group: "low", seed: seed, regrets: [regret], value: 0,
        optimum: 0, microseconds: 1)
    }
    return QualityBlock.blocks(results, [100])
  }

  @Test("thresholds name what falls short, and what was not measured")
  func thresholds() throws {
    let thresholds = try QualityThresholds(
      parsing: "# a comment\nseeds 2\ntrials 100\n\ntpe low 0.5 0.2 # tight\ngp low 0.1 0.1\n")
    #expect(thresholds.seeds == 2 && thresholds.trials == 100)
    #expect(thresholds.strategies == ["tpe", "gp"])
    #expect(thresholds.shortfalls(block([0.1, 0.3])) == ["gp, low: not measured"])
    #expect(
      thresholds.shortfalls(block([0.5, 0.7])).first
        == "tpe, low: mean of regret is 0.6000, wanted at most 0.5000")
    #expect(thresholds.shortfalls(block([0.5, 0.7])).count == 3)
    #expect(thresholds.shortfalls([]).count == 2)
  }

  @Test("a check can be of some strategies and groups; of none it is refused")
  func limited() throws {
    let thresholds = try QualityThresholds(
      parsing: "seeds 2\ntrials 100\ntpe low 1 1\ntpe all 1 1\ngp low 1 1\n")
    #expect(try thresholds.limited(to: nil, groups: []) == thresholds)
    let some = try thresholds.limited(to: ["tpe"], groups: ["low"])
    #expect(some.lines.map(\.strategy) == ["tpe"] && some.lines.map(\.block) == ["low"])
    #expect(throws: AttuneError.self) { try thresholds.limited(to: ["sobol"], groups: []) }
  }

  @Test("thresholds written from a measurement hold for it, and are read back")
  func written() throws {
    let measured = block([0.25, 0.5])
    let thresholds = QualityThresholds(of: measured, strategies: ["tpe"], seeds: 2, trials: 100)
    #expect(thresholds.lines.map(\.block) == ["low"])
    let read = try QualityThresholds(parsing: thresholds.text)
    #expect(read.seeds == 2 && read.lines.count == 1)
    #expect(read.shortfalls(measured).isEmpty)
    #expect(read.shortfalls(block([0.5, 0.9])).count == 2)
    // Of nothing but optima the geometric mean is its floor.
    let perfect = block([0, 0])
    let floor = QualityThresholds(of: perfect, strategies: ["tpe"], seeds: 2, trials: 100)
    #expect(try QualityThresholds(parsing: floor.text).shortfalls(perfect).isEmpty)
  }

  @Test(
    "a threshold line that is no such line is refused",
    arguments: [
      "seeds 2\ntrials 100\ntpe low x 0.2", "seeds 2\ntpe low 0.5 0.2", "seeds 2\ntrials 100\ntpe",
      "seeds 0\ntrials 100",
    ])
  func malformed(text: String) {
    #expect(throws: AttuneError.self) { try QualityThresholds(parsing: text) }
  }

  @Test("numbers are printed with the places asked for")
  func decimals() {
    #expect((0.0304).decimal(3) == "0.030")
    #expect((-1.25).decimal(1) == "-1.3")
    #expect((-0.0001).decimal(2) == "0.00")
    #expect((12.6).decimal(0) == "13")
    #expect(Double.nan.decimal(2) == "nan")
  }
}
