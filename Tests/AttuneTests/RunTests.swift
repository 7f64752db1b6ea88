import Attune
import AttuneCore
import Foundation
import Synchronization
import Testing

@Suite("Runs")
struct RunTests {
  @Test("a run evaluates as many trials as it is told, and more the next time")
  func nTrials() throws {
    let study = try Samples.study()
    let objective = ClosureObjective { trial in (try? trial.float("x")).map { $0 * $0 } ?? .nan }
    #expect(try study.optimize(objective, RunOptions(nTrials: 10)) == .nTrials)
    #expect(study.trialCount == 10)
    #expect(try study.optimize(objective, RunOptions(nTrials: 5, nJobs: 3)) == .nTrials)
    #expect(study.trialCount == 15)
    #expect(try study.optimize(objective, RunOptions(nTrials: 0)) == .nTrials)
    #expect(study.trialCount == 15)
    for record in try study.trials().records {
      #expect(record.values == [(record["x"]?.number ?? 0) * (record["x"]?.number ?? 0)])
    }
  }

  @Test("a timeout ends a run after the running trials, which see that they should stop")
  func timeout() throws {
    for jobs in [1, 3] {
      let study = try Samples.study()
      let sawStop = Atomic<Int>(0)
      let objective = ClosureObjective { trial in
        let limit = monotonicSeconds() + 20
        while !trial.shouldStop && monotonicSeconds() < limit { usleep(1000) }
        if trial.shouldStop { sawStop.add(1, ordering: .relaxed) }
        return 1
      }
      // Long enough for every thread to have begun a trial, on a busy machine too.
      let timeout = 0.5
      let start = monotonicSeconds()
      #expect(
        try study.optimize(objective, RunOptions(nTrials: 1000, timeout: timeout, nJobs: jobs))
          == .timeout)
      #expect(monotonicSeconds() - start >= timeout)
      #expect(sawStop.load(ordering: .relaxed) == jobs)
      #expect(try study.trials([.complete]).count == jobs)
      #expect(try !study.ask().shouldStop, "a deadline ends with its run")
    }
  }

  @Test("stop from another thread ends a run; without a run it does nothing")
  func stop() throws {
    let study = try Samples.study()
    study.stop()
    let objective = ClosureObjective { trial in
      if trial.number == 5 {
        let thread = Thread { study.stop() }
        thread.start()
        while !trial.shouldStop { usleep(100) }
      }
      return 1
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 1000)) == .stopped)
    #expect(study.trialCount == 6)
    #expect(try study.trials([.complete]).count == 6)
    study.stop()
    #expect(try study.optimize(ClosureObjective { _ in 1 }, RunOptions(nTrials: 3)) == .nTrials)
  }

  @Test("an objective ends the run by its answer or by a request")
  func objectiveStops() throws {
    let study = try Samples.study()
    let answers = ClosureObjective { trial, values in
      values[0] = 4
      return trial.number == 3 ? .stop : .complete
    }
    #expect(try study.optimize(answers, RunOptions(nTrials: 100)) == .stopped)
    #expect(try study.trials().records.map(\.values) == [[4], [4], [4], [4]])
    let requests = ClosureObjective { trial in
      trial.requestCancel(reason: "enough")
      return trial.shouldStop ? 1 : .nan
    }
    #expect(try study.optimize(requests, RunOptions(nTrials: 100)) == .stopped)
    #expect(try study.trials()[4].values == [1])
  }

  @Test("pruned, failed and NaN evaluations are results like others")
  func outcomes() throws {
    let study = try Samples.study(directions: [.minimize, .minimize])
    let objective = ClosureObjective { trial, values in
      values[0] = Double(trial.number)
      switch trial.number % 4 {
      case 0:
        values[1] = 1
        return .complete
      case 1: return .complete
      case 2:
        do throws(AttuneError) {
          try trial.report(step: 1, values: [7, 8])
        } catch { return .fail(Failure("\(error)")) }
        return .pruned
      default: return .fail(Failure("broken", code: 12))
      }
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 8)) == .nTrials)
    let records = try study.trials().records
    #expect(
      records.map(\.state) == [
        .complete, .fail, .pruned, .fail, .complete, .fail, .pruned, .fail,
      ])
    #expect(records[1].failure == Failure("objective value 1 is NaN"))
    #expect(records[2].values == [7, 8])
    #expect(records[3].failure == Failure("broken", code: 12))
  }

  @Test("the first failure ends a run that says so")
  func onFailure() throws {
    let study = try Samples.study()
    let objective = ClosureObjective { trial, values in
      values[0] = 1
      return trial.number == 4 ? .fail(Failure("broken", code: 12)) : .complete
    }
    var options = RunOptions(nTrials: 100)
    options.onFailure = .stop
    let error = thrownError { () throws(AttuneError) in try study.optimize(objective, options) }
    #expect(error?.code == .objective)
    #expect(error?.message == "trial 4 failed: broken")
    #expect(error?.userCode == 12)
    #expect(study.trialCount == 5)
  }

  @Test("more failures than the limit end a run, also by NaN")
  func maxFailures() throws {
    for limit in [0, 3] {
      let study = try Samples.study()
      var options = RunOptions(nTrials: 100)
      options.maxFailures = limit
      let error = thrownError { () throws(AttuneError) in
        try study.optimize(ClosureObjective { $0.number % 2 == 0 ? 1 : .nan }, options)
      }
      #expect(error?.code == .objective)
      #expect(
        error?.message
          == "\(limit + 1) trials failed, max_failures is \(limit); the last, trial \(limit * 2 + 1): "
          + "objective value is NaN")
      #expect(try study.trials([.fail]).count == limit + 1)
    }
  }

  @Test("options out of range are refused before anything runs")
  func refused() throws {
    let study = try Samples.study()
    let objective = ClosureObjective { _ in 1 }
    let cases: [(RunOptions, String)] = [
      (RunOptions(nTrials: 1, nJobs: 0), "option \"n_jobs\" is 0, wanted 1 to 4096"),
      (RunOptions(nTrials: 1, nJobs: 5000), "option \"n_jobs\" is 5000, wanted 1 to 4096"),
      (RunOptions(nTrials: -1), "option \"n_trials\" is -1, wanted 0 or more"),
      (RunOptions(timeout: 0), "option \"timeout\" is 0.0, wanted a number of seconds above 0"),
      (RunOptions(timeout: .nan), "option \"timeout\" is nan, wanted a number of seconds above 0"),
      (
        RunOptions(timeout: .infinity),
        "option \"timeout\" is inf, wanted a number of seconds above 0"
      ),
      (
        RunOptions(),
        "the run has no end: give n_trials, a timeout, the stop rule no_improvement or a finite strategy "
          + "such as grid"
      ),
    ]
    for (options, text) in cases {
      #expect(
        message { () throws(AttuneError) in try study.optimize(objective, options) } == text)
    }
    #expect(objective.evaluatorCount.load(ordering: .relaxed) == 0)
    #expect(study.trialCount == 0)
  }

  @Test("with one job the objective runs on the calling thread only")
  func callingThread() throws {
    let study = try Samples.study()
    let thread = UInt(pthread_self())
    let others = Atomic<Int>(0)
    let objective = ClosureObjective { _ in
      if UInt(pthread_self()) != thread { others.add(1, ordering: .relaxed) }
      return 1
    }
    try study.optimize(objective, RunOptions(nTrials: 50))
    #expect(others.load(ordering: .relaxed) == 0)
    #expect(objective.evaluatorCount.load(ordering: .relaxed) == 1)
  }

  @Test("eight jobs with random sleeps evaluate every trial once")
  func jobs() throws {
    let study = try Samples.study(Samples.mixed, strategy: "sobol")
    let numbers = Mutex<[Int]>([])
    let most = Mutex<(now: Int, peak: Int)>((0, 0))
    let objective = ClosureObjective { trial in
      most.withLock { $0 = ($0.now + 1, max($0.peak, $0.now + 1)) }
      usleep(UInt32(trial.seed % 3000))
      most.withLock { $0.now -= 1 }
      numbers.withLock { $0.append(trial.number) }
      return Samples.value(trial.params)
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 200, nJobs: 8)) == .nTrials)
    #expect(numbers.withLock { $0.sorted() } == Array(0..<200))
    #expect(most.withLock { $0.peak } > 1 && most.withLock { $0.peak } <= 8)
    #expect(objective.evaluatorCount.load(ordering: .relaxed) == 8)
    for record in try study.trials().records {
      #expect(record.state == .complete && record.values == [Samples.value(record.params)])
    }
  }

  @Test("a second run, another pruner and closing are settled while a run goes on")
  func inside() throws {
    let study = try Samples.study()
    let texts = Mutex<[String]>([])
    let objective = ClosureObjective { trial in
      let second = message { () throws(AttuneError) in
        try study.optimize(ClosureObjective { _ in 1 }, RunOptions(nTrials: 1))
      }
      let pruner = message { () throws(AttuneError) in try study.setPruner("median") }
      texts.withLock { $0 += [second, pruner] }
      // On a thread of the run, closing only stops it: waiting would be for ever.
      if trial.number == 2 { texts.withLock { $0.append("closed: \(study.close())") } }
      return 1
    }
    #expect(try study.optimize(objective, RunOptions(nTrials: 100)) == .stopped)
    #expect(
      texts.withLock { Set($0) } == [
        "a run of study \"study\" is going on already",
        "the pruner of \"study\" cannot change while a run is going on", "closed: false",
      ])
    #expect(study.trialCount == 3)
    #expect(study.close())
  }

  @Test("closing from outside waits for the run to end")
  func close() throws {
    let study = try Samples.study()
    let isRunning = Atomic<Bool>(false)
    let hasEnded = Atomic<Bool>(false)
    let thread = Thread {
      let objective = ClosureObjective { trial in
        isRunning.store(true, ordering: .releasing)
        while !trial.shouldStop { usleep(100) }
        usleep(20_000)
        return 1
      }
      _ = try? study.optimize(objective, RunOptions(nTrials: 1000, nJobs: 2))
      hasEnded.store(true, ordering: .releasing)
    }
    thread.start()
    while !isRunning.load(ordering: .acquiring) { usleep(100) }
    #expect(study.close())
    #expect(try study.trials([.running]).count == 0)
    while !hasEnded.load(ordering: .acquiring) { usleep(100) }
  }

  @Test("an objective that does not fit is refused before the first trial")
  func misfit() throws {
    final class Misfit: Objective {
      let study: Study
      init(_ study: Study) { self.study = study }
      var description: ObjectiveDescription { ObjectiveDescription(kind: "callback", id: "misfit") }
      func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
        // Foreign code may close the study here; it must not wait for itself.
        let isClosed = study.close()
        throw AttuneError(.typeMismatch, "misfit takes \"y\"; closed: \(isClosed)")
      }
    }
    let study = try Samples.study()
    let error = thrownError { () throws(AttuneError) in
      try study.optimize(Misfit(study), RunOptions(nTrials: 5))
    }
    #expect(error?.code == .typeMismatch)
    #expect(error?.message == "misfit takes \"y\"; closed: false")
    #expect(study.trialCount == 0)
    #expect(try study.optimize(ClosureObjective { _ in 1 }, RunOptions(nTrials: 1)) == .nTrials)
  }

  @Test("enqueued trials are evaluated first")
  func enqueued() throws {
    let study = try Samples.study()
    for x in [0.1, 0.2, 0.3] { try study.enqueue([("x", .float(x))]) }
    try study.optimize(ClosureObjective { _ in 1 }, RunOptions(nTrials: 5))
    #expect(
      try study.trials().records.map(\.origin) == [
        .enqueued, .enqueued, .enqueued, .strategy, .strategy,
      ])
  }
}
