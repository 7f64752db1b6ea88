import Attune
import AttuneCore
import AttuneObjectives
import AttuneStrategies
import Foundation
import Testing

/// Studies whose objective does every evil thing in turn, whatever the strategy: none loses a trial, leaves a
/// process behind or gives a wrong reason. With `ATTUNE_CHAOS=whole` every strategy sees every deed;
/// else the deeds are dealt out among the strategies.
@Suite(.serialized)
struct ChaosTests {
  private static let isWhole = ProcessInfo.processInfo.environment["ATTUNE_CHAOS"] == "whole"

  @Test("no fault of an objective loses a trial, an orphan or its reason, with any strategy")
  func chaos() throws {
    var total = ChaosFigures()
    for isolated in [false, true] {
      let plugin = try ChaosPlugin()
      defer { plugin.remove() }
      for jobs in [1, 8] {
        var sum = ChaosFigures()
        for (index, strategy) in StrategyCatalog.names.enumerated() {
          let figures = try run(plugin, strategy, index, isolated: isolated, jobs: jobs)
          let place = "\(strategy), \(isolated ? "isolated" : "in process"), \(jobs) jobs"
          #expect(figures.lost == 0, "\(place)")
          #expect(figures.wrong.isEmpty, "\(place): \(figures.wrong)")
          #expect(figures.orphans.isEmpty, "\(place): \(figures.orphans)")
          sum += figures
        }
        print(sum.text("\(isolated ? "isolated" : "in process"), \(jobs) jobs"))
        total += sum
      }
    }
    print(total.text("\(StrategyCatalog.names.count) strategies"))
  }

  /// A study of one strategy: each deed with a good trial after it, so that no pause for crashes in a row is
  /// due, then some deeds of the strategy's own choice.
  private func run(
    _ plugin: ChaosPlugin, _ strategy: String, _ index: Int, isolated: Bool, jobs: Int
  ) throws -> ChaosFigures {
    let all = ChaosDeed.all(isolated: isolated)
    let count = StrategyCatalog.names.count
    let deeds =
      Self.isWhole
      ? all : all.indices.filter { $0 % min(count, all.count) == index % all.count }.map { all[$0] }
    let study = try Samples.study(ChaosDeed.space(of: all), strategy: strategy)
    defer { study.close() }
    // A good one for each job first: a run whose first evaluations all crash says so in their reasons.
    let first = Array(repeating: ChaosDeed.good, count: jobs)
    for deed in first + deeds.flatMap({ [$0, .good] }) {
      try study.enqueue([("deed", .string(deed.name))])
    }
    let trialCount = jobs + deeds.count * 2 + (Self.isWhole ? 5 : 2)
    var figures = ChaosFigures()
    let start = Date()
    do {
      var options = RunOptions(nTrials: trialCount, nJobs: jobs)
      options.maxFailures = trialCount
      let reason = try study.optimize(try plugin.objective(isolated: isolated), options)
      #expect(reason == .nTrials)
    }
    figures.seconds = Date().timeIntervalSince(start)
    let trials = try study.trials().records
    figures.lost =
      trialCount - trials.count + trials.count { $0.state == .running || $0.state == .waiting }
    figures.faults = trials.count { $0["deed"] != .string(ChaosDeed.good.name) }
    for trial in trials {
      if let fault = try ChaosDeed.fault(of: trial) { figures.wrong.append(fault) }
    }
    for (trial, deed) in zip(trials.dropFirst(jobs), deeds.flatMap({ [$0, .good] }))
    where trial["deed"] != .string(deed.name) {
      figures.wrong.append("trial \(trial.number) is not \(deed.name)")
    }
    if isolated { figures.orphans = plugin.orphans() }
    return figures
  }

  @Test("without a limit of failures, an objective that always crashes ends the run with one error")
  func hopeless() throws {
    let plugin = try ChaosPlugin()
    defer { plugin.remove() }
    let study = try Samples.study(plugin.space)
    defer { study.close() }
    for _ in 0..<20 { try study.enqueue([("deed", .string("segv"))]) }
    let found = #expect(throws: AttuneError.self) {
      try study.optimize(
        try plugin.objective(isolated: true), RunOptions(nTrials: 20))
    }
    #expect(
      found?.message.hasSuffix("its first 3 evaluations crashed and none ended well") == true)
    #expect(found?.code == .objective)
    #expect(try study.trials([.fail]).count == 3)
    #expect(try study.trials([.waiting]).count == 17)
  }

  @Test("a failed trial is evaluated again, under its number, as often as is said")
  func retries() throws {
    let plugin = try ChaosPlugin()
    defer { plugin.remove() }
    for (retries, calls) in [(0, 1), (2, 3)] {
      let study = try Samples.study(plugin.space)
      defer { study.close() }
      try study.enqueue([("deed", .string("fail"))])
      try study.enqueue([("deed", .string("ok")), ("x", .float(0.5))])
      let counter = CountingObjective(try plugin.objective(isolated: true))
      var options = RunOptions(nTrials: 2)
      let isKnown = options.setFailurePolicy("retry=\(retries)")
      #expect(isKnown)
      try study.optimize(counter, options)
      #expect(counter.count == calls + 1)
      #expect(study.trialCount == 2)
      let trials = try study.trials()
      #expect(trials[0].state == .fail)
      #expect(trials[1].values == [0.25])
    }
    var options = RunOptions()
    for text in ["retry", "retry=", "retry=-1", "retry=x", "again", ""] {
      let isKnown = options.setFailurePolicy(text)
      #expect(!isKnown, "\(text)")
    }
  }

  @Test("isolated and in this process, studies are the same bit for bit")
  func sameStudy() throws {
    let plugin = try ChaosPlugin()
    defer { plugin.remove() }
    var records: [[TrialRecord]] = []
    for isolated in [false, true] {
      let study = try Samples.study(plugin.harmlessSpace, strategy: "tpe")
      defer { study.close() }
      try study.optimize(try plugin.objective(isolated: isolated), RunOptions(nTrials: 60))
      let trials = try study.trials()
      records.append((0..<trials.count).map { trials[$0] })
    }
    for (here, there) in zip(records[0], records[1]) {
      #expect(here.state == there.state)
      #expect(here.values.map(\.bitPattern) == there.values.map(\.bitPattern))
      #expect(here.params.map(\.value) == there.params.map(\.value))
      #expect(here.failure == there.failure)
    }
  }
}
