import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

@testable import AttuneStorage

/// Trials whose owner died, with owners that are killed.
@Suite("Trials of dead workers", .serialized)
struct ResumeTests {
  /// A process that has told so many trials and holds one more.
  private static func holder(_ path: String, told count: Int) throws -> Process {
    let (process, pipe) = try CrashTests.start("hold", path, count: count)
    var output = Data()
    while !String(decoding: output, as: UTF8.self).contains("asked ") {
      let some = pipe.fileHandleForReading.availableData
      if some.isEmpty { break }
      output += some
    }
    return process
  }

  private static func kill(_ process: Process) {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static func step(_ study: Study) throws {
    let trial = try study.ask()
    try trial.report(step: 0, values: [0.5])
    try study.tell(trial, values: [try trial.float("x")])
  }

  private static func points(_ study: Study) throws -> [String] {
    try study.trials().records.map { "\($0.number) \($0.state) \(JSON(params: $0.params))" }
  }

  @Test(
    "a run that was killed goes on bit for bit as one never interrupted",
    arguments: StrategyCatalog.names, [true, false])
  func exact(strategy: String, hasPoint: Bool) throws {
    let whole = try Samples.study(Samples.mixed, strategy: strategy, seed: 21)
    for _ in 0..<16 { try Self.step(whole) }
    let path = try Samples.path("resume")
    _ = try Samples.study(Samples.mixed, strategy: strategy, seed: 21, storage: path)
    let process = try Self.holder(path, told: 8)
    Self.kill(process)
    if !hasPoint {
      // As if it had been killed between the two transactions of its ask.
      try Samples.run(
        """
        DELETE FROM attune_events WHERE event LIKE '{"ask":8,%';
        DELETE FROM trial_params WHERE trial_id = (SELECT MAX(trial_id) FROM trials);
        """, on: path)
    }
    let study = try Study.open(storage: path)
    #expect(study.trialCount == 9)
    let again = try study.ask()
    #expect(again.number == 8)
    try again.report(step: 0, values: [0.5])
    try study.tell(again, values: [try again.float("x")])
    for _ in 0..<7 { try Self.step(study) }
    #expect(try Self.points(study) == Self.points(whole))
  }

  @Test("several trials that one dead process held are all issued again, in order")
  func severalHeld() throws {
    let path = try Samples.path("held")
    let study = try Samples.study(storage: path)
    let held = try study.ask(count: 3)
    try Samples.run("UPDATE attune_workers SET process_start = 1", on: path)
    let other = try Study.open(storage: path)
    let again = try other.ask(count: 4)
    #expect(again.map(\.number) == [0, 1, 2, 3])
    #expect(again.prefix(3).map(\.paramsJSON) == held.map(\.paramsJSON))
  }

  @Test(
    "where others went on, a lost trial fails with its reason, and is tried again up to a limit")
  func lost() throws {
    let path = try Samples.path("lost")
    let living = try Samples.study(storage: path)
    let process = try Self.holder(path, told: 2)
    let mine = try living.ask()
    #expect(mine.number == 3)
    // The living owner asked after the trial that is lost.
    Self.kill(process)
    let retried = try Study.open(storage: path).ask()
    let records = try living.trials().records
    #expect(records[2].state == .fail && records[2].failure?.reason == "worker lost")
    #expect(retried.number == 4 && records[4].origin == .enqueued)
    #expect(retried.paramsJSON == JSON(params: records[2].params).text(.spaced))
    #expect(records[3].state == .running, "who lives keeps its trial")
    // Again and again: the third retry is the last. The living owner is worker 2.
    for number in 4..<7 {
      try Samples.run("UPDATE attune_workers SET process_start = 1 WHERE worker_id <> 2", on: path)
      let next = try Study.open(storage: path).ask()
      #expect(next.number == number + 1)
    }
    #expect(
      try living.trials().records.map(\.origin)
        == [.strategy, .strategy, .strategy, .strategy, .enqueued, .enqueued, .enqueued, .strategy])
    let connection = try Samples.connection(path)
    #expect(
      try connection.texts(
        "SELECT value_json FROM trial_system_attributes WHERE \"key\" = 'retry_history' "
          + "ORDER BY trial_id") == ["[2]", "[2, 4]", "[2, 4, 5]"])
    #expect(
      Set(
        try connection.texts(
          "SELECT value_json FROM trial_system_attributes WHERE \"key\" = 'failed_trial'")) == ["2"]
    )
  }

  @Test(
    "a worker taken for dead that returns gets a conflict; its result is kept and changes nothing")
  func late() throws {
    let path = try Samples.path("late")
    let paused = try Samples.study(storage: path)
    let trial = try paused.ask()
    let other = try Study.open(storage: path)
    _ = try other.ask()
    try Samples.run("UPDATE attune_workers SET process_start = 1 WHERE worker_id = 1", on: path)
    #expect(try Study.open(storage: path).ask().number == 2)
    let error = thrownError { () throws(AttuneError) in try paused.tell(trial, values: [7]) }
    #expect(error?.code == .conflict)
    #expect(error?.message.hasPrefix("trial 0 was given up while its worker was silent") == true)
    let record = try Study.open(storage: path).trials()[0]
    #expect(record.state == .fail && record.values.isEmpty)
    #expect(record.attributes.map(\.key) == ["attune:late_result"])
    #expect(record.attributes[0].json == #"{"state": "COMPLETE", "values": [7.0]}"#)
    let again = thrownError { () throws(AttuneError) in try paused.tell(trial, values: [8]) }
    #expect(again?.code == .invalidState)
  }

  @Test("a process that is stopped for a while is not taken for dead")
  func stopped() throws {
    let path = try Samples.path("stopped")
    _ = try Samples.study(storage: path)
    let process = try Self.holder(path, told: 1)
    Foundation.kill(process.processIdentifier, SIGSTOP)
    defer {
      Foundation.kill(process.processIdentifier, SIGCONT)
      Self.kill(process)
    }
    let study = try Study.open(storage: path)
    #expect(try study.ask().number == 2)
    #expect(try study.trials()[1].state == .running)
    #expect(try study.lostTrials() == [])
  }

  @Test("trials of a process that only hands them out outlive it")
  func notOwned() throws {
    let path = try Samples.path("detached")
    _ = try Samples.study(storage: path)
    let study = try Study.open(storage: path, ownsTrials: false)
    _ = try study.ask()
    #expect(try Samples.connection(path).int("SELECT COUNT(*) FROM attune_workers") == 0)
    #expect(try Study.open(storage: path).ask().number == 1)
  }

  @Test("lost trials are listed, and given up when that is asked for")
  func givenUp() throws {
    let path = try Samples.path("given-up")
    let study = try Samples.study(storage: path)
    _ = try study.ask(count: 2)
    try Samples.run("UPDATE attune_workers SET process_start = 1", on: path)
    let other = try Study.open(storage: path)
    #expect(try other.lostTrials() == [0, 1])
    #expect(try other.trials([.running]).count == 2)
    #expect(try other.giveUpLostTrials() == [0, 1])
    #expect(try other.trials().records.map(\.state) == [.fail, .fail, .waiting, .waiting])
    #expect(try other.lostTrials() == [])
  }
}
