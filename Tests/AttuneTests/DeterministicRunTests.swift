import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Synchronization
import Testing

/// How runs of deterministic studies end, go on, and are asked for trials.
@Suite("Runs of deterministic studies")
struct DeterministicRunTests {
  private typealias Laws = DeterministicTests
  private static let window = Laws.window
  private static let count = Laws.count

  @Test("failures count in the order of trials", arguments: [1, 2, 7])
  func failures(jobs: Int) throws {
    let settings = try Laws.settings(StrategyCatalog.description(named: "random"))
    let objective = ClosureObjective { trial, values in
      usleep(trial.number == 5 ? 20_000 : UInt32.random(in: 0...500))
      values[0] = 1
      return trial.number >= 5 ? .fail(Failure("number \(trial.number)")) : .complete
    }
    for (limit, last) in [(nil, 5), (1, 6), (4, 9)] {
      let study = try Study.create(settings)
      var options = RunOptions(nTrials: 30, nJobs: jobs)
      options.maxFailures = limit
      if limit == nil { options.onFailure = .stop }
      let error = thrownError { () throws(AttuneError) in try study.optimize(objective, options) }
      #expect(error?.code == .objective)
      #expect(error?.subject == "trial \(last)")
      #expect(error?.message.hasSuffix("number \(last)") == true)
      #expect(study.trialCount == last + Self.window)
    }
    // The run's own limit comes first, and the failure still ends it with an error.
    let study = try Study.create(settings)
    var options = RunOptions(nTrials: 7, nJobs: jobs)
    options.onFailure = .stop
    #expect(
      thrownError { () throws(AttuneError) in try study.optimize(objective, options) }?.subject
        == "trial 5")
    #expect(study.trialCount == 7)
  }

  @Test("an objective ends the run in the order of trials", arguments: [1, 2, 7])
  func stopped(jobs: Int) throws {
    let settings = try Laws.settings(StrategyCatalog.description(named: "random"))
    let objective = ClosureObjective { trial, values in
      usleep(trial.number == 4 ? 20_000 : UInt32.random(in: 0...500))
      values[0] = 1
      return trial.number >= 4 ? .stop : .complete
    }
    let study = try Study.create(settings)
    #expect(try study.optimize(objective, RunOptions(nTrials: 30, nJobs: jobs)) == .stopped)
    #expect(study.trialCount == 4 + Self.window)
  }

  @Test(
    "a study that times out again and again goes on as one that does not",
    arguments: ["tpe", "cmaes"])
  func timeouts(name: String) throws {
    let settings = try Laws.settings(StrategyCatalog.description(named: name))
    let whole = try Laws.run(settings, jobs: 1, pruner: nil)
    let path = try Samples.path("timeouts")
    // Notices that it is to stop, and then gives values that mean nothing.
    let hasty = ClosureObjective { trial, values in
      guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
      for _ in 0..<4 {
        usleep(UInt32.random(in: 0...2000))
        if trial.shouldStop {
          values[0] = -1000
          return trial.number % 2 == 0 ? .complete : .fail(Failure("stopped"))
        }
      }
      return Laws.objective.body(trial, values)
    }
    var study = try Study.create(settings, storage: path)
    var releases = 0
    for round in 0..<1000 {
      try study.optimize(hasty, RunOptions(nTrials: Self.count, timeout: 0.02, nJobs: 3))
      let trials = try study.trials().records
      #expect(zip(trials, whole).allSatisfy { $0.state == .running || $0.timeless == $1 })
      releases += trials.count { $0.state == .running }
      let isDone = trials.count >= Self.count && trials.allSatisfy { $0.state != .running }
      if isDone { break }
      if round % 2 == 0 {
        study.close()
        study = try Study.open(storage: path)
      }
    }
    #expect(releases > 0)
    let trials = try study.trials().records.map(\.timeless)
    #expect(Array(trials.prefix(Self.count)) == whole)
  }

  @Test("a caller that would wait for a trial of its own gets an error that names it")
  func ownTrial() throws {
    let settings = try Laws.settings(StrategyCatalog.description(named: "random"))
    for storage in [nil, try Samples.path("own")] {
      let study = try Study.create(settings, storage: storage)
      let trials = try study.ask(count: 9)
      #expect(trials.map(\.number) == Array(0..<Self.window))
      let error = thrownError { () throws(AttuneError) in try study.ask() }
      #expect(error?.code == .invalidState)
      #expect(error?.subject == "trial 0")
      #expect(
        error?.message
          == "trial 4 is chosen when trial 0 has ended, as the study is deterministic with a window of 4: "
          + "tell that one first")
      // The others do not help.
      for trial in trials.dropFirst() { try study.tell(trial, values: [1]) }
      #expect(thrownError { () throws(AttuneError) in try study.ask() }?.subject == "trial 0")
      try study.tell(trials[0], values: [1])
      #expect(try study.ask().number == 4)
    }
  }

  @Test("a caller waits for the trial of another thread")
  func otherThread() throws {
    let settings = try Laws.settings(StrategyCatalog.description(named: "random"), window: 1)
    let study = try Study.create(settings)
    let (asked, over) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      // A thread cannot throw: its error is recorded, so that the test fails by it.
      do {
        let trial = try study.ask()
        asked.signal()
        usleep(100_000)
        try study.tell(trial, values: [1])
      } catch { Issue.record(error) }
      over.signal()
    }
    asked.wait()
    #expect(try study.ask().number == 1)
    #expect(try study.trials().records[0].state == .complete)
    over.wait()
  }

  @Test("the window is recorded, and another is refused with the difference")
  func recorded() throws {
    var settings = try Laws.settings(StrategyCatalog.description(named: "random"))
    let path = try Samples.path("window")
    _ = try Study.create(settings, storage: path)
    #expect(try Study.open(storage: path).definition.window == Self.window)
    #expect(try Study.create(settings, storage: path, loadIfExists: true).definition.window == 4)
    settings.window = 5
    let other = thrownError { () throws(AttuneError) in
      try Study.create(settings, storage: path, loadIfExists: true)
    }
    #expect(other?.message == "study \"study\": window is 5, wanted 4 as recorded")
    settings.window = nil
    settings.isDeterministic = true
    #expect(try Study.create(settings, storage: path, loadIfExists: true).definition.window == 4)
    settings.name = "other"
    #expect(try Study.create(settings, storage: path).definition.window == 1)
    settings.window = 0
    settings.name = "none"
    #expect(
      thrownError { () throws(AttuneError) in try Study.create(settings) }?.message
        == "window is 0, wanted 1 or more")
    let plain = try Samples.study(storage: path, name: "plain")
    settings.name = plain.name
    settings.space = plain.space
    settings.window = 2
    #expect(
      thrownError { () throws(AttuneError) in
        try Study.create(settings, storage: path, loadIfExists: true)
      }?.message == "study \"plain\": window is 2, wanted none: it is not deterministic")
    let strategy = thrownError { () throws(AttuneError) in
      try Study.open(storage: path, name: "study", strategy: "tpe")
    }
    #expect(strategy?.subject == "strategy")
  }
}

/// Numbers that several threads gather.
final class Counter: Sendable {
  private let gathered = Mutex<Set<Int>>([])
  var numbers: Set<Int> { gathered.withLock { $0 } }
  func add(_ number: Int) { gathered.withLock { _ = $0.insert(number) } }
}
