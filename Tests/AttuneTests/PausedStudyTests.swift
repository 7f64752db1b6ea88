import AttuneCore
import Foundation
import Synchronization
import Testing

@testable import Attune
@testable import AttuneStorage

/// Paused trials across the end of a process, and what cannot pause.
@Suite("Paused trials of stored studies")
struct PausedStudyTests {
  /// A file with a study whose process went while these trials were paused at step 1.
  private static func left(_ count: Int, keeping kept: Set<Int>) throws -> String {
    let path = try Samples.path("paused")
    let study = try Samples.study(storage: path)
    try study.setPruner("asha", options: PausingTests.halving)
    var limits = AskLimits()
    limits.resuming = .first
    // The first three as a run would; no end of one comes.
    for number in 0..<count {
      let trial = try Self.trial(of: study, limits)
      #expect(trial.number == number && trial.pausing?.isResumed == false)
      try trial.report(step: 1, values: [PausingObjective.value(trial, 1)])
      #expect(try trial.shouldPrune())
      let folder = try #require(trial.pausing).folder
      if kept.contains(number) {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try "1".write(toFile: folder + "/step", atomically: true, encoding: .utf8)
      }
      try study.pause(trial)
    }
    return path
  }

  private static func trial(of study: Study, _ limits: AskLimits) throws -> RunningTrial {
    var limits = limits
    let asked = try study.ask(within: &limits)
    guard case .trial(let trial) = asked else {
      throw AttuneError(.internal, "asked and got \(asked)")
    }
    return trial
  }

  @Test("a study that was killed knows its paused trials again, and they go on")
  func reopened() throws {
    let path = try Self.left(2, keeping: [0, 1])
    let study = try Study.open(storage: path)
    let (numbers, steps) = study.ledger.withLock { ($0.paused.numbers, $0.paused.steps) }
    #expect(numbers == [0, 1] && steps == [0: 1, 1: 1])
    #expect(try study.lostTrials() == [])
    #expect(try study.trials([.running]).numbers == [0, 1])
    try study.setPruner("asha", options: PausingTests.halving)
    let objective = PausingObjective()
    try study.optimize(objective, RunOptions(nTrials: 25))
    #expect(study.trialCount == 27)
    let steps2 = objective.trained.withLock { $0 }
    #expect(!steps2.contains { $0.trial < 2 && $0.step == 1 })
    #expect(Set(steps2.map { "\($0.trial) \($0.step)" }).count == steps2.count)
    #expect(try study.trials([.running]).count == 0)
    // It reads the same again: all is in the events.
    let again = try Study.open(storage: path)
    #expect(
      try again.trials().records.map(\.timeless) == study.trials().records.map(\.timeless))
    #expect(again.ledger.withLock { $0.paused.isEmpty })
  }

  @Test("replaying the events gives the same paused trials and the same promotions")
  func events() throws {
    let path = try Self.left(3, keeping: [0, 1, 2])
    let study = try Study.open(storage: path)
    try study.setPruner("asha", options: PausingTests.halving)
    var limits = AskLimits()
    limits.resuming = .only
    let trial = try Self.trial(of: study, limits)
    #expect(trial.pausing?.isResumed == true && trial.number < 3)
    // Past its pause, it is not judged by the report it was paused at.
    #expect(try !trial.shouldPrune())
    let other = try Study.open(storage: path)
    let (mine, others) = (study.ledger.withLock { $0.paused }, other.ledger.withLock { $0.paused })
    #expect(mine.numbers == others.numbers && mine.numbers.count == 2)
    #expect(mine.steps == others.steps && mine.promotions == others.promotions)
    #expect(mine.promotions == [trial.number: 1])
    #expect(other.ledger.withLock { $0.isPastPause(trial.number) })
    // Only one of three is promoted.
    #expect(throws: AttuneError.self) { try study.ask(within: &limits) }
    // In Optuna's tables they are RUNNING.
    #expect(
      try Samples.connection(path).int("SELECT COUNT(*) FROM trials WHERE state = 'RUNNING'") == 3)
  }

  @Test("paused trials whose state is gone end as PRUNED, also when resume is off now")
  func gone() throws {
    let path = try Self.left(2, keeping: [1])
    let study = try Study.open(storage: path)
    try study.setPruner("asha", options: PausingTests.halving)
    try study.optimize(PausingObjective(), RunOptions(nTrials: 0))
    #expect(
      try study.trials().records.map(\.failure?.reason) == [
        "paused at step 1, and what it kept is gone", "paused at step 1 and never promoted",
      ])
    let second = try Self.left(1, keeping: [0])
    let without = try Study.open(storage: second)
    try without.optimize(PausingObjective(), RunOptions(nTrials: 1))
    #expect(try without.trials().records.map(\.state) == [.pruned, .complete])
    #expect(!FileManager.default.fileExists(atPath: second + "-state/1/0"))
  }

  @Test("what a deleted study kept goes with it, and a copy keeps nothing")
  func deleted() throws {
    let path = try Self.left(2, keeping: [0, 1])
    #expect(FileManager.default.fileExists(atPath: path + "-state/1/1"))
    let copy = try Study.open(storage: path).copy(to: try Samples.path("copy"))
    #expect(copy.ledger.withLock { $0.paused.numbers } == [0, 1])
    try Study.delete(storage: path, name: "study")
    #expect(!FileManager.default.fileExists(atPath: path + "-state"))
    try copy.optimize(PausingObjective(), RunOptions(nTrials: 0))
    #expect(try copy.trials().records.map(\.state) == [.pruned, .pruned])
  }

  @Test("what cannot pause is refused by name")
  func refusals() throws {
    func refusal(_ objective: PausingObjective) throws -> String {
      let study = try Samples.study()
      try study.setPruner("asha", options: PausingTests.halving)
      return thrown { try study.optimize(objective, RunOptions(nTrials: 3)) }
    }
    let start = "pruner asha has resume on, and "
    for kind in ["callback", "command", "native"] {
      #expect(
        try refusal(PausingObjective(kind: kind)).contains(
          start + "a \(kind) objective cannot pause; wanted a plugin that can"))
    }
    #expect(
      try refusal(PausingObjective(capabilities: .intermediate)).contains(
        start + "objective counts cannot pause; wanted one with the capability pause "
          + "(ATTUNE_CAP_PAUSE)"))
    #expect(
      try refusal(PausingObjective(isSandboxed: true)).contains(
        start + "a sandboxed worker cannot write what a paused trial keeps"))
    var settings = Study.Settings()
    settings.name = "ordered"
    settings.space = try Space(json: Samples.line)
    settings.isDeterministic = true
    let ordered = try Study.create(settings)
    #expect(
      thrown { try ordered.setPruner("hyperband", options: [("resume", .bool(true))]) }.contains(
        "pruner hyperband has resume on, and study \"ordered\" is deterministic"))
    try ordered.setPruner("hyperband")
    // Where the store has no place for files, as in PostgreSQL.
    let path = try Samples.path()
    _ = try Samples.study(storage: path)
    let (server, _) = try Samples.watched(path)
    #expect(
      thrown { try server.setPruner("asha", options: PausingTests.halving) }.contains(
        "pruner asha has resume on, and study \"study\" is in PostgreSQL, where paused trials have "
          + "no folder; wanted a file or memory"))
    let asked = try Samples.study()
    try asked.setPruner("asha", options: PausingTests.halving)
    #expect(
      thrown { _ = try asked.ask() }.contains(
        start + "trials that are asked and told are not paused; wanted optimize, or resume off"))
    try asked.setPruner("asha")
    _ = try asked.ask()
  }

  private func thrown(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }
}
