import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

/// Deriving the suggestions of recorded studies again.
@Suite("Replays of recorded studies")
struct StudyReplayTests {
  /// A study of three threads that do not wait for each other, opened again in between.
  static func recorded(
    _ name: String, space: String?, objective: any Objective, duplicates: DuplicatePolicy = .allow
  ) throws -> String {
    let path = try Samples.path("recorded")
    let study = try Samples.study(
      space, strategy: name, seed: 9, duplicates: duplicates, storage: path)
    try study.optimize(objective, RunOptions(nTrials: 18, nJobs: 3))
    study.close()
    let again = try Study.open(storage: path)
    if space == Samples.mixed {
      try again.enqueue(json: #"{"kernel": "poly", "degree": 3}"#)
      try again.addTrial(
        json: again.trials().records.last { $0.state == .complete }?.json.text() ?? "")
    }
    try again.optimize(objective, RunOptions(nTrials: 12, nJobs: 2))
    return path
  }

  @Test(
    "studies of several workers are derived again",
    arguments: StrategyCatalog.descriptions.map(\.name))
  func healthy(name: String) throws {
    let isFlat = try !StrategyCatalog.description(named: name).supportsConditions
    let path = try Self.recorded(
      name, space: isFlat ? DeterministicTests.flat : Samples.mixed,
      objective: DeterministicTests.objective)
    let replay = try Study.replay(storage: path)
    #expect(replay.difference?.text == nil)
    #expect(replay.trials == (isFlat ? 30 : 31))
    #expect(replay.skipped == (isFlat ? 0 : 1))
    #expect(replay.suggestions >= 30 * 3)
  }

  @Test(
    "define-by-run studies of several workers are derived again",
    arguments: StrategyCatalog.descriptions.filter(\.supportsDefineByRun).map(\.name))
  func discovered(name: String) throws {
    let path = try Self.recorded(name, space: nil, objective: DeterministicTests.discovering)
    let replay = try Study.replay(storage: path)
    #expect(replay.difference?.text == nil)
    #expect(replay.suggestions >= 30 * 2)
  }

  @Test("studies that avoid duplicates are derived again", arguments: ["random", "tpe", "grid"])
  func avoiding(name: String) throws {
    let path = try Self.recorded(
      name, space: DeterministicTests.flat, objective: DeterministicTests.objective,
      duplicates: .avoid)
    let difference = try Study.replay(storage: path).difference?.text
    #expect(difference == nil)
  }

  @Test("a trial tells which strategy chose it, where that is not the study's")
  func otherStrategy() throws {
    let path = try Samples.path("strategies")
    try Samples.study(Samples.mixed, strategy: "random", storage: path).step()
    let other = try Study.open(
      storage: path, strategy: "tpe", strategyOptions: [("n_startup_trials", .int(2))])
    for _ in 0..<8 { try other.step() }
    let first = try Study.open(storage: path)
    for _ in 0..<3 { try first.step() }
    let replay = try Study.replay(storage: path)
    #expect(replay.difference?.text == nil)
    #expect(replay.trials == 12)
    #expect(try Study.replay(storage: path, strategy: "sobol").difference?.trial == 0)
  }

  @Test("the first difference is found in a study that was changed")
  func tampered() throws {
    let path = try Samples.path("tampered")
    let study = try Samples.study(storage: path)
    for _ in 0..<12 { try study.step() }
    let values = try study.trials().records.map { $0["x"] }
    study.close()
    try Samples.run(
      """
      UPDATE attune_events SET event = json_set(event, '$.params.x', 0.5)
      WHERE json_extract(event, '$.ask') IN (7, 9)
      """, on: path)
    let difference = try #require(try Study.replay(storage: path).difference)
    #expect(difference.trial == 7)
    #expect(difference.parameter == "x")
    #expect(difference.recorded == .float(0.5))
    #expect(difference.derived == values[7])
    #expect(
      difference.text
        == "trial 7: parameter \"x\" is recorded as 0.5, derived \(values[7]?.quoted ?? "")")
    try Samples.run(
      """
      UPDATE attune_events SET event = json_set(event, '$.seen', 3)
      WHERE json_extract(event, '$.ask') = 5
      """, on: path)
    #expect(
      try Study.replay(storage: path).difference?.text
        == "trial 5: is chosen from 3 events, 10 came before")
  }

  @Test("a result that was changed shows in the suggestions after it")
  func changedResult() throws {
    let path = try Samples.path("result")
    let study = try Samples.study(Samples.mixed, strategy: "tpe", storage: path)
    for _ in 0..<30 { try study.step() }
    study.close()
    #expect(try Study.replay(storage: path).difference == nil)
    try Samples.run(
      """
      UPDATE attune_events SET event = json_set(event, '$.values[0]', -1000.0)
      WHERE json_extract(event, '$.finish') = 8
      """, on: path)
    let trial = try #require(try Study.replay(storage: path).difference).trial
    #expect(trial > 8)
  }

  @Test("a define-by-run value that was changed is found")
  func changedSuggestion() throws {
    let path = try Self.recorded("tpe", space: nil, objective: DeterministicTests.discovering)
    try Samples.run(
      """
      UPDATE attune_events SET event = json_set(event, '$.value', 0.125)
      WHERE json_extract(event, '$.suggest') = 4 AND json_extract(event, '$.name') = 'x'
      """, on: path)
    let difference = try #require(try Study.replay(storage: path).difference)
    #expect(difference.trial == 4)
    #expect(difference.parameter == "x")
    #expect(difference.recorded == .float(0.125))
  }

  @Test("an event that contradicts those before it is an error with its place")
  func contradiction() throws {
    let path = try Samples.path("contradiction")
    let study = try Samples.study(storage: path)
    for _ in 0..<4 { try study.step() }
    study.close()
    try Samples.run(
      """
      UPDATE attune_events SET event = json_set(event, '$.finish', 1)
      WHERE json_extract(event, '$.finish') = 2
      """, on: path)
    let error = thrownError { () throws(AttuneError) in try Study.replay(storage: path) }
    #expect(error?.code == .storage)
    #expect(
      error?.message
        == "study \"study\": event 9: trial 1 is COMPLETE already, wanted RUNNING")
  }

  @Test("a copy does not tell what its trials were chosen from")
  func copied() throws {
    let study = try Samples.study(strategy: "tpe")
    for _ in 0..<5 { try study.step() }
    let path = try Samples.path("copy")
    _ = try study.copy(to: path)
    let replay = try Study.replay(storage: path)
    #expect(replay.difference == nil)
    #expect(replay.skipped == 5)
    #expect(replay.suggestions == 0)
  }
}
