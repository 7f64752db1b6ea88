import Attune
import AttuneCore
import Testing

@Suite("Constraints and strategies")
struct ConstraintTests {
  /// Lower is better, and below 0.25 is forbidden; the number of the last `count` trials that broke it.
  private static func broken(_ study: Study, trials: Int, last count: Int) throws -> Int {
    var broken = 0
    for number in 0..<trials {
      let trial = try study.ask()
      let x = try trial.float("x")
      try trial.setConstraint("floor", 0.25 - x)
      try study.tell(trial, values: [x])
      if number >= trials - count, x < 0.25 { broken += 1 }
    }
    return broken
  }

  @Test("tpe keeps away from what breaks constraints, and would not without them")
  func steering() throws {
    var total = 0
    for seed in 0..<4 {
      let study = try Samples.study(strategy: "tpe", seed: UInt64(seed))
      total += try Self.broken(study, trials: 60, last: 30)
      let best = try study.bestTrials()
      #expect((0.25...0.5).contains(best.value(0, objective: 0)))
    }
    // All lower values are forbidden, five eighths of the range.
    #expect(total < 60, "\(total) of 120")
  }

  @Test("violations come back from a journal, and of trials that are added")
  func reopening() throws {
    let path = try Samples.path()
    let kept = try Samples.study(strategy: "tpe", seed: 5)
    let study = try Samples.study(strategy: "tpe", seed: 5, storage: path)
    for study in [kept, study] {
      _ = try Self.broken(study, trials: 20, last: 0)
      for (x, floor) in [(0.5, "-1"), (-0.5, "2"), (-0.75, "3"), (-0.25, "0")] {
        try study.addTrial(
          json: #"{"params": {"x": \#(x)}, "value": \#(x), "constraints": {"floor": \#(floor)}}"#)
      }
    }
    let reopened = try Study.open(storage: path)
    let copy = try Study.importJSON(kept.exportJSON(), storage: nil)
    for _ in 0..<10 {
      let trials = try [kept, reopened, copy].map { try $0.ask() }
      #expect(Set(trials.map(\.paramsJSON)).count == 1)
      for (study, trial) in zip([kept, reopened, copy], trials) {
        try trial.setConstraint("floor", 0.25 - trial.float("x"))
        try study.tell(trial, values: [try trial.float("x")])
      }
    }
  }
}
