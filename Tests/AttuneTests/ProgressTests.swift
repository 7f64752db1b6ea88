import Attune
import AttuneCore
import Foundation
import Synchronization
import Testing

@Suite("Progress of runs")
struct ProgressTests {
  @Test(
    "progress is called once a trial, in the order they finish, never twice at a time",
    arguments: [1, 8])
  func calls(jobs: Int) throws {
    let study = try Samples.study()
    let inside = Atomic<Int>(0)
    let overlaps = Atomic<Int>(0)
    let records = Mutex<[TrialRecord]>([])
    var options = RunOptions(nTrials: 100, nJobs: jobs)
    options.progress = { _, record in
      if inside.add(1, ordering: .acquiringAndReleasing).newValue > 1 {
        overlaps.add(1, ordering: .relaxed)
      }
      records.withLock { $0.append(record) }
      usleep(50)
      inside.subtract(1, ordering: .acquiringAndReleasing)
      return true
    }
    let objective = ClosureObjective { trial in
      usleep(UInt32(trial.seed % 500))
      return Double(trial.number)
    }
    #expect(try study.optimize(objective, options) == .nTrials)
    let seen = records.withLock { $0 }
    #expect(overlaps.load(ordering: .relaxed) == 0)
    #expect(seen.map(\.number).sorted() == Array(0..<100))
    for record in seen {
      #expect(record.state == .complete && record.values == [Double(record.number)])
    }
    if jobs == 1 { #expect(seen.map(\.number) == Array(0..<100)) }
  }

  @Test("false from the callback ends the run at once, and every finished trial is still reported")
  func ends() throws {
    for jobs in [1, 4] {
      let study = try Samples.study()
      let calls = Atomic<Int>(0)
      let afterwards = Atomic<Int>(0)
      var options = RunOptions(nTrials: 100_000, nJobs: jobs)
      options.progress = { study, _ in
        let call = calls.add(1, ordering: .relaxed).newValue
        // By the callback after the one that said false, no more than a trial a job is to come.
        if call == 21 { afterwards.store(study.trialCount, ordering: .relaxed) }
        return call != 20
      }
      #expect(try study.optimize(ClosureObjective { _ in 1 }, options) == .stopped)
      #expect(study.trialCount == calls.load(ordering: .relaxed))
      if jobs == 1 {
        #expect(study.trialCount == 20)
      } else if calls.load(ordering: .relaxed) > 20 {
        #expect(study.trialCount <= afterwards.load(ordering: .relaxed) + jobs)
      }
      #expect(try study.trials([.running]).count == 0)
    }
  }

  @Test("the callback may use the study as it likes")
  func uses() throws {
    let study = try Samples.study()
    var options = RunOptions(nTrials: 20, nJobs: 2)
    options.progress = { study, record in
      do throws(AttuneError) {
        try study.setAttribute("last", json: "\(record.number)")
        if record.number == 3 { try study.enqueue([("x", .float(0.125))]) }
        return try study.bestTrials().count <= 1
      } catch {
        Issue.record("\(error)")
        return false
      }
    }
    #expect(try study.optimize(ClosureObjective { _ in 1 }, options) == .nTrials)
    #expect(try study.trials().records.contains { $0.origin == .enqueued })
    #expect(study.attribute("last") != nil)
  }

  @Test("pruned and failed trials come with their state and reason")
  func states() throws {
    let study = try Samples.study()
    let states = Mutex<[String]>([])
    var options = RunOptions(nTrials: 3)
    options.progress = { _, record in
      states.withLock { $0.append("\(record.state.name) \(record.failure?.reason ?? "-")") }
      return true
    }
    let objective = ClosureObjective { trial, values in
      values[0] = 1
      return trial.number == 0 ? .complete : trial.number == 1 ? .pruned : .fail(Failure("r"))
    }
    try study.optimize(objective, options)
    #expect(states.withLock { $0 } == ["COMPLETE -", "PRUNED -", "FAIL r"])
  }

  @Test("progress costs the same at the end of a long run as at its start")
  func flat() throws {
    let study = try Samples.study()
    var options = RunOptions(nTrials: 2000)
    options.progress = { _, _ in true }
    let objective = ClosureObjective { _ in 1 }
    func seconds() throws -> Double {
      let start = monotonicSeconds()
      try study.optimize(objective, options)
      return monotonicSeconds() - start
    }
    func least() throws -> Double { try min(seconds(), seconds(), seconds()) }
    let first = try least()
    for _ in 0..<10 { _ = try seconds() }
    // A callback that read all trials each time would be some twenty times slower by now.
    #expect(try least() < 6 * first + 0.2)
  }
}
