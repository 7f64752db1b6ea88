import AttuneCore
import AttuneStrategies
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Attune

/// Many jobs on one study: none waits for what it does not need, and those that run at once differ.
@Suite("Fairness among jobs")
struct FairnessTests {
  @Test("a strategy that takes a second to choose holds no finishing trial up")
  func slowStrategy() throws {
    let study = try Samples.study(storage: Samples.path())
    let trials = try study.ask(count: 100)
    let isAsking = DispatchSemaphore(value: 0)
    let isDone = Atomic(false)
    // What an ask holds from its claim to the strategy's answer.
    Thread.detachNewThread {
      study.proposer.withLock { _ in
        isAsking.signal()
        Thread.sleep(forTimeInterval: 1)
        isDone.store(true, ordering: .relaxed)
      }
    }
    isAsking.wait()
    for trial in trials {
      try trial.report(step: 0, values: [1])
      try study.tell(trial, values: [1])
    }
    let isOver = isDone.load(ordering: .relaxed)
    #expect(!isOver, "100 trials were not told within the second of one ask")
    #expect(try study.trials([.complete]).count == 100)
    #expect(try study.ask().number == 100)
  }

  @Test("the trials of a batch differ from each other", arguments: StrategyCatalog.names)
  func batch(strategy: String) throws {
    let study = try Samples.study(
      """
      {"x": {"type": "float", "low": 0, "high": 1}, "y": {"type": "float", "low": 0, "high": 1},
       "n": {"type": "int", "low": 0, "high": 1000}}
      """, strategy: strategy)
    for _ in 0..<40 {
      let trial = try study.ask()
      let (x, y, n) = (try trial.float("x"), try trial.float("y"), try trial.float("n") / 1000)
      try study.tell(trial, values: [(x - 0.4) * (x - 0.4) + (y - 0.6) * (y - 0.6) + n])
    }
    let batch = try study.ask(count: 16).map { trial in
      [try trial.float("x"), try trial.float("y"), try trial.float("n") / 1000]
    }
    #expect(Set(batch).count == 16)
    // Far apart means: in one parameter at least, by more than a model's last digits.
    var close = 0
    for (index, point) in batch.enumerated() {
      for other in batch[..<index] {
        let distance = zip(point, other).map { abs($0 - $1) }.max() ?? 0
        if distance < 1e-3 { close += 1 }
      }
    }
    #expect(close <= 2, "\(close) pairs of 120 are next to each other: \(batch)")
  }
}
