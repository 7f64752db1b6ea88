import Attune
import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning in studies")
struct PruningTests {
  @Test("a pruned trial keeps the pruner's reason, also in its journal, unless another is given")
  func reasons() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    try study.setPruner("threshold", options: [("upper", .float(1))])
    for reason in [nil, "enough"] as [String?] {
      let trial = try study.ask()
      try trial.report(step: 3, values: [2])
      #expect(try trial.shouldPrune())
      try study.tell(trial, .pruned, reason: reason)
    }
    let silent = try study.ask()
    try study.tell(silent, .pruned)
    for study in [study, try Study.open(storage: path)] {
      #expect(
        try study.trials().records.map { $0.failure?.reason } == [
          "threshold: step 3: 2.0 is above the limit 1.0", "enough", nil,
        ])
    }
  }

  @Test("running trials count from their first report to their end")
  func running() throws {
    let study = try Samples.study()
    try study.setPruner(
      "successive_halving", options: [("min_resource", .int(1)), ("reduction_factor", .int(2))])
    let (first, second, third) = (try study.ask(), try study.ask(), try study.ask())
    try first.report(step: 1, values: [1])
    #expect(try !first.shouldPrune())
    try second.report(step: 1, values: [2])
    #expect(try second.shouldPrune())
    try study.tell(first, .fail)
    try third.report(step: 1, values: [0.5])
    #expect(try !third.shouldPrune())
  }

  @Test("several objectives are pruned by domination")
  func objectives() throws {
    let study = try Samples.study(directions: [.minimize, .maximize])
    try study.setPruner("dominance", options: [("n_startup_trials", .int(1))])
    let good = try study.ask()
    try good.report(step: 0, values: [1, 5])
    try study.tell(good, values: [1, 5])
    let (other, bad) = (try study.ask(), try study.ask())
    try other.report(step: 0, values: [0, 4])
    try bad.report(step: 0, values: [2, 3])
    #expect(try !other.shouldPrune())
    #expect(try bad.shouldPrune())
  }

  @Test("the same reports give the same decisions, however trials interleave with others' ends")
  func determinism() throws {
    for name in PrunerCatalog.names where name != "threshold" {
      var decisions: [[Bool]] = []
      for _ in 0..<2 {
        let study = try Samples.study()
        try study.setPruner(name)
        var own: [Bool] = []
        for number in 0..<30 {
          let trial = try study.ask()
          var isPruned = false
          for step: Int64 in 0..<9 where !isPruned {
            try trial.report(step: step, values: [Double((number * 7 + Int(step) * 3) % 11)])
            isPruned = try trial.shouldPrune()
            own.append(isPruned)
          }
          if isPruned {
            try study.tell(trial, .pruned)
          } else {
            try study.tell(trial, values: [Double(number % 5)])
          }
        }
        decisions.append(own)
      }
      #expect(decisions[0] == decisions[1])
      #expect(name == "none" || decisions[0].contains(true), "\(name) stops nothing")
    }
  }

  @Test(
    "what is suggested after pruned trials is derived again from the record",
    arguments: ["bayesian", "gp", "tpe"])
  func replay(strategy: String) throws {
    let path = try Samples.path("pruned")
    let study = try Samples.study(strategy: strategy, storage: path)
    try study.setPruner("median")
    var count = 0
    for number in 0..<30 {
      let trial = try study.ask()
      var isPruned = false
      for step: Int64 in 0..<6 where !isPruned {
        try trial.report(step: step, values: [Double((number * 7 + Int(step) * 3) % 11)])
        isPruned = try trial.shouldPrune()
      }
      if isPruned {
        count += 1
        try study.tell(trial, .pruned)
      } else {
        try study.tell(trial, values: [Double(number * 5 % 13)])
      }
    }
    study.close()
    #expect(count > 5 && count < 25)
    let replay = try Study.replay(storage: path)
    #expect(replay.difference?.text == nil && replay.trials == 30)
  }
}
