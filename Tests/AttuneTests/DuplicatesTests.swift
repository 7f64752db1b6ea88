import AttuneCore
import AttuneStrategies
import Foundation
import Synchronization
import Testing

@testable import Attune

@Suite("Duplicates and exhaustion")
struct DuplicatesTests {
  static let strategies = StrategyCatalog.names

  @Test(
    "a finite space is explored exactly once and then exhausted, leaving no trace of the end",
    arguments: strategies)
  func avoid(strategy: String) throws {
    let study = try Samples.study(Samples.twelve, strategy: strategy, duplicates: .avoid)
    var seen: Set<String> = []
    for _ in 0..<12 {
      let text = try study.step()
      #expect(seen.insert(text).inserted, "\(text) came twice")
    }
    for _ in 0..<3 {
      let error = thrownError { () throws(AttuneError) in try study.ask() }
      #expect(error?.code == .exhausted)
    }
    #expect(study.trialCount == 12)
    #expect(try study.trials([.fail]).count == 0)
  }

  @Test("running, failed, enqueued and added trials count as tried", arguments: strategies)
  func others(strategy: String) throws {
    let study = try Samples.study(Samples.twelve, strategy: strategy, duplicates: .avoid)
    try study.addTrial(json: #"{"params": {"a": 1, "b": false}, "value": 1}"#)
    try study.enqueue([("a", .int(2)), ("b", .bool(true)), ("c", .int(0))])
    var trials: [RunningTrial] = []
    var seen: Set<String> = [#"{"a": 1, "b": false}"#]
    for index in 0..<11 {
      let trial = try study.ask()
      #expect(seen.insert(trial.paramsJSON).inserted, "\(trial.paramsJSON) came twice")
      if index % 2 == 0 { trials.append(trial) } else { try study.tell(trial, .fail) }
    }
    #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
    #expect(study.trialCount == 12)
    for trial in trials { try study.tell(trial, values: [0]) }
    #expect(try study.trials([.running]).count == 0)
  }

  @Test(
    "a space too large to explore never repeats itself and never ends",
    arguments: [
      "random", "sobol",
    ])
  func large(strategy: String) throws {
    let study = try Samples.study(
      #"{"a": {"type": "int", "low": 0, "high": 299}, "b": {"type": "int", "low": 0, "high": 9}}"#,
      strategy: strategy, duplicates: .avoid)
    var seen: Set<String> = []
    for _ in 0..<3000 { #expect(seen.insert(try study.step()).inserted) }
    #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
  }

  @Test(
    "all of int64, more than 2^64 points, and continuous parameters are endless, not an error",
    arguments: [
      #"{"n": {"type": "int", "low": -9223372036854775808, "high": 9223372036854775807}}"#,
      #"{"n": {"type": "int", "low": 0, "high": 9223372036854775807}, "m": {"type": "int", "low": 0, "high": 9223372036854775807}}"#,
      #"{"x": {"type": "float", "low": 0, "high": 1}}"#,
    ])
  func endless(space: String) throws {
    for strategy in ["random", "sobol", "tpe", "gp", "cmaes", "bayesian"] {
      let study = try Samples.study(space, strategy: strategy, duplicates: .avoid)
      var seen: Set<String> = []
      for _ in 0..<50 { #expect(seen.insert(try study.step()).inserted) }
    }
  }

  @Test("allow repeats points, as many as are asked for")
  func allow() throws {
    let study = try Samples.study(Samples.twelve, strategy: "random")
    var seen: Set<String> = []
    for _ in 0..<60 { seen.insert(try study.step()) }
    #expect(seen.count <= 12 && seen.count >= 8)
    #expect(study.trialCount == 60)
  }

  @Test("reuse evaluates each point once and gives its values to every repetition")
  func reuse() throws {
    let study = try Samples.study(Samples.twelve, strategy: "random", duplicates: .reuse)
    let calls = Mutex<[String: Int]>([:])
    let objective = ClosureObjective { trial in
      calls.withLock { $0[trial.paramsJSON, default: 0] += 1 }
      return Samples.value(trial.params)
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 100)) == .nTrials)
    #expect(calls.withLock { $0.values.allSatisfy { $0 == 1 } })
    let table = try study.trials()
    #expect(table.count == 100)
    for record in table.records {
      #expect(record.state == .complete)
      #expect(record.values == [Samples.value(record.params)])
    }
  }

  @Test("reuse waits for the value of a point that another job evaluates", arguments: strategies)
  func reuseRunning(strategy: String) throws {
    let study = try Samples.study(
      Samples.twelve, strategy: strategy,
      options: strategy == "grid" ? [("repeats", .int(5))] : [], duplicates: .reuse)
    let calls = Mutex<[String: Int]>([:])
    let objective = ClosureObjective { trial in
      calls.withLock { $0[trial.paramsJSON, default: 0] += 1 }
      usleep(5000)
      return Samples.value(trial.params)
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 60, nJobs: 8)) == .nTrials)
    let counts = calls.withLock { $0 }
    #expect(counts.values.allSatisfy { $0 == 1 }, "\(counts)")
    for record in try study.trials().records {
      #expect(record.values == [Samples.value(record.params)])
    }
  }

  @Test("a trial that was asked by hand and not told is not waited for")
  func reuseAsked() throws {
    let study = try Samples.study(
      #"{"a": {"type": "int", "low": 1, "high": 1}}"#, duplicates: .reuse)
    let asked = try study.ask()
    let objective = ClosureObjective { _ in 5 }
    #expect(try study.optimize(objective, RunOptions(nTrials: 2, nJobs: 2)) == .nTrials)
    #expect(try study.trials([.complete]).count == 2)
    try study.tell(asked, values: [4])
    let known = ClosureObjective { _ in .nan }
    try study.optimize(known, RunOptions(nTrials: 1))
    #expect(try study.trials().records.last?.values == [5])
  }

  @Test("a trial that another worker never tells is not waited for without end")
  func reuseForgotten() throws {
    let path = try Samples.path()
    let space = #"{"a": {"type": "int", "low": 1, "high": 1}}"#
    let study = try Samples.study(space, duplicates: .reuse, storage: path)
    let forgotten = try study.ask()
    let other = try Study.open(storage: path)
    let trial = try other.ask()
    let began = monotonicSeconds()
    #expect(try other.awaitSamePoint(as: trial, isHeld: { _ in false }, patience: 1.5) == nil)
    #expect(monotonicSeconds() - began >= 1.5)
    // The next of this point has the value that came meanwhile, and waits for none.
    try other.tell(trial, values: [5])
    let known = ClosureObjective { _ in .nan }
    try other.optimize(known, RunOptions(nTrials: 1))
    #expect(try other.trials().records.last?.values == [5])
    try study.tell(forgotten, values: [4])
  }

  @Test("a run that ends does not wait on for a value")
  func reuseStopped() throws {
    let study = try Samples.study(
      #"{"a": {"type": "int", "low": 1, "high": 1}}"#, duplicates: .reuse)
    let objective = ClosureObjective { trial in
      while !trial.shouldStop { usleep(1000) }
      return 5
    }
    #expect(try study.optimize(objective, RunOptions(timeout: 0.2, nJobs: 3)) == .timeout)
    let records = try study.trials().records
    #expect(records.count { $0.state == .complete } >= 1)
    for record in records where record.state != .complete {
      #expect(
        record.failure?.reason.hasPrefix("the run ended before trial ") == true,
        "\(record.failure?.reason ?? "")")
    }
  }

  @Test("reuse evaluates again what failed")
  func reuseFailed() throws {
    let study = try Samples.study(
      #"{"a": {"type": "int", "low": 1, "high": 1}}"#, strategy: "random", duplicates: .reuse)
    let calls = Atomic<Int>(0)
    let objective = ClosureObjective { _ in
      calls.add(1, ordering: .relaxed).newValue < 3 ? .nan : 5
    }
    try study.optimize(objective, RunOptions(nTrials: 6))
    #expect(calls.load(ordering: .relaxed) == 3)
    #expect(
      try study.trials().records.map(\.state)
        == [.fail, .fail, .complete, .complete, .complete, .complete])
  }

  @Test(
    "with four jobs, too, every point is evaluated exactly once, then the run ends",
    arguments: strategies)
  func parallel(strategy: String) throws {
    let study = try Samples.study(Samples.twelve, strategy: strategy, duplicates: .avoid)
    let calls = Mutex<[String]>([])
    let objective = ClosureObjective { trial in
      calls.withLock { $0.append(trial.paramsJSON) }
      return 0
    }
    let reason = try study.optimize(objective, RunOptions(nTrials: 500, nJobs: 4))
    #expect(reason == .exhausted)
    #expect(calls.withLock { $0.count } == 12)
    #expect(calls.withLock { Set($0).count } == 12)
    #expect(study.trialCount == 12)
    #expect(try study.trials([.complete]).count == 12)
  }

  @Test("a grid ends by itself, over as many rounds as it repeats")
  func grid() throws {
    for repeats in [1, 2] {
      for order in ["ordered", "shuffled", "coarse_to_fine"] {
        let study = try Samples.study(
          Samples.twelve, strategy: "grid",
          options: [("order", .string(order)), ("repeats", .int(Int64(repeats)))])
        let objective = ClosureObjective { _ in 0 }
        #expect(try study.optimize(objective, RunOptions()) == .exhausted)
        #expect(study.trialCount == 12 * repeats)
        let texts = try study.trials().records.map { JSON(params: $0.params).text() }
        #expect(Set(texts).count == 12)
      }
    }
  }

  @Test("a study that changes to a grid walks the whole grid, however many trials it had")
  func changedToGrid() throws {
    let path = try Samples.path()
    let study = try Samples.study(Samples.line, strategy: "random", storage: path)
    for _ in 0..<40 { try study.step() }
    let grid = try Study.open(
      storage: path, strategy: "grid", strategyOptions: [("points", .int(5))])
    var seen: [String] = []
    for _ in 0..<5 { seen.append(try grid.step()) }
    #expect(
      seen == [
        #"{"x": -1.0}"#, #"{"x": -0.5}"#, #"{"x": 0.0}"#, #"{"x": 0.5}"#, #"{"x": 1.0}"#,
      ])
    #expect(thrownError { () throws(AttuneError) in try grid.ask() }?.code == .exhausted)
    #expect(grid.trialCount == 45)
  }

  @Test(
    "spaces of no parameter, of one value and all fixed work with every strategy",
    arguments: [
      "{}", #"{"x": {"type": "int", "low": 3, "high": 3}}"#,
      #"{"x": {"type": "fixed", "value": "a"}, "y": {"type": "fixed", "value": null}}"#,
    ])
  func single(space: String) throws {
    for strategy in Self.strategies {
      let study = try Samples.study(space, strategy: strategy)
      let first = try study.step()
      if strategy == "grid" {
        #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
      } else {
        for _ in 0..<5 { #expect(try study.step() == first) }
      }
      let once = try Samples.study(space, strategy: strategy, duplicates: .avoid)
      #expect(try once.step() == first)
      #expect(thrownError { () throws(AttuneError) in try once.ask() }?.code == .exhausted)
      #expect(once.trialCount == 1)
    }
  }
}
