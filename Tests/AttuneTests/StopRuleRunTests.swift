import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

/// Runs that stop rules end.
@Suite("Runs with stop rules")
struct StopRuleRunTests {
  /// Options of a run of at most so many trials.
  private static func options(_ rules: [String], _ count: Int? = nil, jobs: Int = 1) -> RunOptions {
    var options = RunOptions(nTrials: count, nJobs: jobs)
    options.stopWhen = rules
    return options
  }

  /// The trial's number is its value.
  private static let rising: ClosureObjective = ClosureObjective { Double($0.number) }

  @Test("the first rule that holds ends the run, which says which and why")
  func reasons() throws {
    let study = try Samples.study()
    let reason = try study.optimize(
      Self.rising, Self.options(["target=-1", "no-improvement=4", "no-improvement=9"]))
    #expect(
      reason
        == .rule(
          StopVerdict(
            rule: "no_improvement", reason: "nothing better in 4 trials than 0.0 of trial 0")))
    #expect(reason.name == "no_improvement")
    #expect(study.trialCount == 5)
    // It holds on the study, whoever asks; other rules may not.
    #expect(try study.optimize(Self.rising, Self.options(["no-improvement=4"], 10)) == reason)
    #expect(study.trialCount == 5)
    #expect(try study.optimize(Self.rising, Self.options(["no-improvement=8"])).name == reason.name)
    #expect(study.trialCount == 9)
    #expect(try study.optimize(Self.rising, Self.options(["no-improvement=99"], 3)) == .nTrials)
    #expect(study.trialCount == 12)
  }

  @Test("what cannot be ruled is refused before the first trial")
  func refused() throws {
    let study = try Samples.study()
    for (rules, wanted) in [
      (["targets=1"], "no stop rule \"targets\""),
      (["target=x"], "stop rule target: option \"value\" is \"x\", wanted float"),
      (["target=1", ""], "a stop rule is \"\""),
    ] {
      let error = message { () throws(AttuneError) in
        try study.optimize(Self.rising, Self.options(rules, 5))
      }
      #expect(error.hasPrefix(wanted), "\(error)")
    }
    #expect(
      message { () throws(AttuneError) in
        try study.optimize(Self.rising, Self.options(["target=1", "regret-bound"]))
      }.hasPrefix("the run has no end"))
    #expect(study.trialCount == 0)
    let two = try Samples.study(directions: [.minimize, .minimize])
    #expect(
      thrownError { () throws(AttuneError) in
        try two.optimize(Self.rising, Self.options(["target=1"], 5))
      }?.code == .notSupported)
    let discovering = try Samples.study(nil)
    #expect(
      thrownError { () throws(AttuneError) in
        try discovering.optimize(Self.rising, Self.options(["expected-improvement"], 5))
      }?.code == .notSupported)
    let suggesting = ClosureObjective { trial, values in
      guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
      do throws(AttuneError) {
        values[0] = try trial.suggestFloat("x", low: 0, high: 1) < 2 ? 1 : 0
      } catch { return .fail(Failure(error.message)) }
      return .complete
    }
    let reason = try discovering.optimize(suggesting, Self.options(["no-improvement=3"]))
    #expect(reason.name == "no_improvement")
    #expect(try discovering.trials([.complete]).count == 4)
  }

  @Test("enqueued and added trials count, and so do those of another process")
  func others() throws {
    let path = try Samples.path("rules")
    let study = try Samples.study(storage: path)
    let other = try Study.open(storage: path)
    try other.optimize(Self.rising, RunOptions(nTrials: 4))
    let reason = try study.optimize(Self.rising, Self.options(["no-improvement=5"]))
    #expect(reason.name == "no_improvement")
    #expect(study.trialCount == 6)
    #expect(try other.optimize(Self.rising, Self.options(["target=0"], 5)).name == "target")
    #expect(study.trialCount == 6)
  }

  @Test("two workers of one study end by the same rule")
  func workers() throws {
    let path = try Samples.path("rules")
    let study = try Samples.study(storage: path)
    let other = try Study.open(storage: path)
    let over = DispatchSemaphore(value: 0)
    let slow = ClosureObjective { _ in
      usleep(UInt32.random(in: 0...2000))
      return 1
    }
    Thread.detachNewThread {
      // A thread cannot throw: its error is recorded, so that the test fails by it.
      do {
        let reason = try other.optimize(slow, Self.options(["no-improvement=20"], jobs: 2))
        #expect(reason.name == "no_improvement")
      } catch { Issue.record(error) }
      over.signal()
    }
    let reason = try study.optimize(slow, Self.options(["no-improvement=20"], jobs: 2))
    #expect(reason.name == "no_improvement")
    over.wait()
    // The first to end is the best; when twenty more have ended, each of three threads may have one more.
    #expect((21...24).contains(try study.trials().count))
  }

  @Test(
    "a deterministic study is the same with 1, 2 and 7 jobs, in memory, in a file, and in parts",
    arguments: [
      "no-improvement=6", "target=9", "regret-bound=12", "expected-improvement=0.05",
    ])
  func deterministic(rule: String) throws {
    let settings = try DeterministicTests.settings(StrategyCatalog.description(named: "tpe"))
    func run(_ jobs: Int, _ storage: String? = nil, parts: [Int] = []) throws -> [String] {
      var study = try Study.create(settings, storage: storage)
      for count in parts {
        try study.optimize(DeterministicTests.objective, Self.options([rule], count, jobs: jobs))
        study.close()
        study =
          try storage.map { path throws(AttuneError) in try Study.open(storage: path) } ?? study
      }
      let reason = try study.optimize(
        DeterministicTests.objective, Self.options([rule], 150, jobs: jobs))
      guard case .rule(let verdict) = reason else {
        Issue.record("ended by \(reason.name) after \(study.trialCount) trials")
        return []
      }
      return try study.trials().records.map(\.timeless) + [verdict.rule, verdict.reason]
    }
    let alone = try run(1)
    for jobs in [2, 7] { #expect(try run(jobs) == alone, "\(jobs) jobs") }
    #expect(try run(7, try Samples.path("rules")) == alone)
    #expect(try run(3, try Samples.path("rules"), parts: [5, 1, 4]) == alone)
  }

  @Test("trial k begins unless a rule holds on the results that it may know", arguments: [1, 2, 7])
  func window(jobs: Int) throws {
    var settings = try DeterministicTests.settings(StrategyCatalog.description(named: "random"))
    settings.window = 4
    let study = try Study.create(settings)
    let objective = ClosureObjective { trial in
      usleep(trial.number == 0 ? 20_000 : UInt32.random(in: 0...500))
      return Double(trial.number)
    }
    let reason = try study.optimize(objective, Self.options(["no-improvement=6"], jobs: jobs))
    #expect(reason.name == "no_improvement")
    // It holds on trials 0 to 6, so trial 6 + 4 is the first that may not begin.
    #expect(study.trialCount == 10)
    #expect(try study.trials([.complete]).count == 10)
  }
}
