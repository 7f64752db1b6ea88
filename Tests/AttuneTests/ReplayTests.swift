import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

/// That trials are a function of space, seed and what happened: not of process, thread or luck.
struct ReplayTests {
  private static func values(_ trials: TrialTable) -> [[String]] {
    (0..<trials.count).map { number in
      trials[number].params.map { "\($0.name)=\($0.value.text)" }
    }
  }

  private static func run(_ study: Study, _ count: Int) throws {
    for _ in 0..<count { _ = try study.step() }
  }

  @Test(
    "a study closed and reopened after every seven trials goes on as if it never stopped",
    arguments: ["random", "sobol", "tpe", "gp", "cmaes", "bayesian"])
  func reopening(strategy: String) throws {
    let whole = try Samples.study(Samples.mixed, strategy: strategy, seed: 11)
    try Self.run(whole, 35)
    let path = try Samples.path("replay")
    var parts = try Samples.study(Samples.mixed, strategy: strategy, seed: 11, storage: path)
    for _ in 0..<5 {
      try Self.run(parts, 7)
      parts.close()
      parts = try Study.open(storage: path)
    }
    #expect(try Self.values(parts.trials()) == Self.values(whole.trials()))
  }

  @Test("another thread gets the same trials", arguments: ["tpe", "gp", "cmaes", "bayesian"])
  func threads(strategy: String) throws {
    let here = try Samples.study(Samples.mixed, strategy: strategy, seed: 12)
    try Self.run(here, 30)
    let there = try Samples.study(Samples.mixed, strategy: strategy, seed: 12)
    for _ in 0..<30 {
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        // A thread cannot throw: its error is recorded, so that the test fails by it.
        do { _ = try there.step() } catch { Issue.record(error) }
        done.signal()
      }
      done.wait()
    }
    #expect(try Self.values(there.trials()) == Self.values(here.trials()))
  }
}
