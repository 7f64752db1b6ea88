import AttuneCore
import AttuneStrategies
import Foundation
import Synchronization
import Testing

@testable import Attune

@Suite("Pausing and going on")
struct PausingTests {
  static let halving: [(key: String, value: Value)] = [
    ("min_resource", .int(1)), ("reduction_factor", .int(3)), ("resume", .bool(true)),
  ]

  private static func study(
    storage: String? = nil, strategy: String = "random", pruner: String = "asha", seed: UInt64 = 1
  ) throws -> Study {
    let study = try Samples.study(strategy: strategy, seed: seed, storage: storage)
    try study.setPruner(pruner, options: halving)
    return study
  }

  private static func states(_ study: Study) throws -> [String] {
    try study.trials().records.map { "\($0.state) \($0.values) \($0.failure?.reason ?? "-")" }
  }

  @Test(
    "each step is trained once, the best go on, and the others end as PRUNED",
    arguments: ["asha", "successive_halving", "hyperband"], [true, false])
  func run(pruner: String, isStored: Bool) throws {
    let path = isStored ? try Samples.path("pausing") : nil
    let study = try Self.study(storage: path, pruner: pruner)
    let objective = PausingObjective()
    // Hyperband learns from the first COMPLETE trial how many steps there are.
    let reason = try study.optimize(objective, RunOptions(nTrials: 27))
    #expect(reason == .nTrials && study.trialCount == 27)
    let steps = objective.trained.withLock { $0 }
    #expect(Set(steps.map { "\($0.trial) \($0.step)" }).count == steps.count)
    for trial in 0..<27 {
      let own = steps.filter { $0.trial == trial }
      #expect(Set(own.map(\.seed)).count == 1 && Set(own.map(\.params)).count == 1)
      #expect(own.map(\.step) == Array(1...Int64(own.count)))
    }
    let records = try study.trials().records
    let complete = records.filter { $0.state == .complete }
    #expect(!complete.isEmpty && complete.allSatisfy { $0.reports.all.count == 9 })
    let pruned = records.filter { $0.state == .pruned }
    #expect(complete.count + pruned.count == 27 && pruned.count > 9)
    for record in pruned {
      let step = record.reports.latest?.step ?? 0
      #expect(
        record.failure?.reason == "paused at step \(step) and never promoted"
          || record.failure?.reason == "paused at step \(step) and never promoted again")
      #expect(record.values == record.reports.latest?.values)
    }
    // Some went on after a pause.
    let events = study.ledger.withLock { $0.paused }
    #expect(events.isEmpty && events.steps.isEmpty && events.promotions.isEmpty)
    #expect(steps.count > 27 && steps.count < 27 * 9)
    if let path { #expect(!FileManager.default.fileExists(atPath: path + "-state")) }
  }

  @Test("rungs of asha are filled as the paper says: a third goes on past each")
  func rungs() throws {
    let study = try Self.study()
    let objective = PausingObjective()
    try study.optimize(objective, RunOptions(nTrials: 27))
    let counts = [1, 3, 9].map { rung in
      objective.trained.withLock { $0.count { $0.step == Int64(rung) } }
    }
    #expect(counts[0] == 27 && counts[1] >= 9 && counts[2] >= 3 && counts[1] < 20)
    // The best third of the first rung has gone on.
    let records = try study.trials().records
    let first = records.map { $0.reports.all[0].values[0] }.sorted()
    for record in records where record.reports.all[0].values[0] <= first[8] {
      #expect(record.reports.all.count >= 3)
    }
  }

  @Test("jobs share the promotions, and nothing is trained twice", arguments: [2, 8])
  func jobs(count: Int) throws {
    let path = try Samples.path("pausing-jobs")
    let study = try Self.study(storage: path)
    let objective = PausingObjective { _, _ in usleep(300) }
    try study.optimize(objective, RunOptions(nTrials: 40, nJobs: count))
    let steps = objective.trained.withLock { $0 }
    #expect(Set(steps.map { "\($0.trial) \($0.step)" }).count == steps.count)
    #expect(study.trialCount == 40)
    #expect(try study.trials([.running]).count == 0)
    #expect(try study.trials([.complete]).count >= 4)
    #expect(!FileManager.default.fileExists(atPath: path + "-state"))
  }

  @Test("a stop ends paused trials as PRUNED")
  func stop() throws {
    let study = try Self.study()
    let objective = PausingObjective { trial, _ in if trial.number == 1 { trial.study.stop() } }
    #expect(try study.optimize(objective, RunOptions(nTrials: 27)) == .stopped)
    #expect(
      try study.trials().records.map(\.failure?.reason) == [
        "paused at step 1 and never promoted", "paused at step 1 and never promoted",
      ])
  }

  @Test("progress tells of each trial once, when it has ended")
  func progress() throws {
    let study = try Self.study()
    let told = Mutex<[String]>([])
    var options = RunOptions(nTrials: 12)
    options.progress = { _, record in
      told.withLock { $0.append("\(record.number) \(record.state.isFinished)") }
      return true
    }
    try study.optimize(PausingObjective(), options)
    #expect(told.withLock { $0 }.sorted() == (0..<12).map { "\($0) true" }.sorted())
  }

  @Test("strategies see a paused trial as a pruned one, and a promoted one as running")
  func provisional() throws {
    let study = try Self.study()
    let objective = PausingObjective { trial, step in
      guard trial.number == 3, step == 1 else { return }
      let (seen, base, paused) = trial.study.ledger.withLock {
        ($0.provisional, $0.log.snapshot, $0.paused.numbers)
      }
      // Trials 0 to 2 were paused at step 1, and the best of them was promoted.
      #expect(base.eventCount + paused.count == seen.eventCount)
      for number in 0..<3 {
        let isPaused = paused.contains(number)
        #expect(seen.state(number) == (isPaused ? .pruned : base.state(number)))
        #expect(base.state(number) != .pruned)
        if isPaused {
          let record = trial.study.record(number)
          #expect(seen.value(number) == record.reports.latest?.values[0])
          #expect(base.value(number).isNaN)
        }
      }
      #expect(!paused.isEmpty)
    }
    try study.optimize(objective, RunOptions(nTrials: 4))
    #expect(try study.trials([.fail]).count == 0)
  }

  @Test(
    "suggestions made while trials are paused are derived again from the record",
    arguments: ["random", "tpe", "cmaes", "gp", "bayesian", "de"])
  func replay(strategy: String) throws {
    guard StrategyCatalog.names.contains(strategy) else { return }
    let path = try Samples.path("pausing-replay")
    let study = try Self.study(storage: path, strategy: strategy)
    try study.optimize(PausingObjective(), RunOptions(nTrials: 30))
    study.close()
    let replay = try Study.replay(storage: path)
    #expect(replay.difference?.text == nil && replay.trials == 30 && replay.suggestions == 30)
  }

  @Test("a study that never pauses is the same with resume on and off")
  func untouched() throws {
    var runs: [[String]] = []
    for resumes in [false, true] {
      let study = try Samples.study(strategy: "tpe")
      try study.setPruner(
        "asha", options: [("min_resource", .int(100)), ("resume", .bool(resumes))])
      try study.optimize(PausingObjective(), RunOptions(nTrials: 20))
      runs.append(try study.trials().records.map(\.timeless))
    }
    #expect(runs[0] == runs[1])
  }
}
