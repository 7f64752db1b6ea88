import Attune
import AttuneCore
import Testing

@Suite("Branches of define-by-run objectives")
struct BranchTests {
  /// Two branches with parameters of their own; the least value, 0, lies in the second.
  private static func value(_ trial: RunningTrial) throws(AttuneError) -> Double {
    let branch = try trial.suggestCategorical("branch", [.string("a"), .string("b"), .string("c")])
    if branch == 0 {
      let x = try trial.suggestFloat("x", low: -5, high: 5)
      return 1 + (x - 1) * (x - 1)
    }
    if branch == 1 {
      let y = try trial.suggestFloat("y", low: -5, high: 5)
      let z = try trial.suggestFloat("z", low: -5, high: 5)
      return (y - 2) * (y - 2) + (z + 1) * (z + 1)
    }
    let w = try trial.suggestFloat("w", low: 0, high: 1)
    return 3 + w
  }

  @Test(
    "a strategy finds the best branch and goes down in it", arguments: ["bayesian", "gp"])
  func branches(strategy: String) throws {
    var bests: [Double] = []
    for seed in 0..<8 {
      let study = try Samples.study(nil, strategy: strategy, seed: UInt64(seed))
      for _ in 0..<60 {
        let trial = try study.ask()
        try study.tell(trial, values: [try Self.value(trial)])
      }
      bests.append(try study.bestTrials()[0].values[0])
    }
    #expect(bests.sorted()[4] < 0.01, "\(strategy): \(bests.sorted())")
  }
}
