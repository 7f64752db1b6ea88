import Attune
import AttuneCore
import AttuneStorage
import AttuneStrategies
import Foundation
import Synchronization
import Testing

@Suite("Studies in a database")
struct StoredStudyTests {
  @Test(
    "a study reopened after every trial goes on exactly as one never closed",
    arguments: StrategyCatalog.names, [Samples.mixed, nil])
  func continuation(strategy: String, space: String?) throws {
    if space == nil, try !StrategyCatalog.description(named: strategy).supportsDefineByRun {
      return
    }
    let path = try Samples.path()
    let kept = try ExportTests.busy(space, strategy: strategy)
    var reopened = try ExportTests.busy(space, strategy: strategy, storage: path)
    for _ in 0..<20 {
      reopened = try Study.open(storage: path)
      let (a, b) = (try kept.ask(), try reopened.ask())
      if space == nil {
        #expect(try a.suggestFloat("x", low: 0, high: 3) == b.suggestFloat("x", low: 0, high: 3))
      }
      #expect(a.number == b.number && a.seed == b.seed && a.paramsJSON == b.paramsJSON)
      let value = Samples.value(a.params)
      try kept.tell(a, values: [value])
      try reopened.tell(b, values: [value])
    }
    let last = try Study.open(storage: path)
    for (a, b) in zip(try kept.trials().records, try last.trials().records) {
      #expect(a.timeless == b.timeless)
    }
    #expect(try kept.bestTrials().numbers == last.bestTrials().numbers)
    #expect(kept.space == last.space)
  }

  @Test("every event comes back from the file as it was", arguments: [Samples.mixed, nil])
  func everything(space: String?) throws {
    let path = try Samples.path()
    let study = try ExportTests.busy(space, storage: path)
    let again = try Study.open(storage: path)
    #expect(try again.exportJSON() == study.exportJSON())
    #expect(try again.exportCSV() == study.exportCSV())
  }

  @Test("a running trial is resumed by another owner of the file, and told once")
  func resume() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    let trial = try study.ask()
    let other = try Study.open(storage: path)
    let resumed = try other.resumeTrial(0)
    #expect(resumed.paramsJSON == trial.paramsJSON && resumed.seed == trial.seed)
    try other.tell(resumed, values: [2])
    let error = thrownError { () throws(AttuneError) in try study.tell(trial, values: [1]) }
    #expect(error?.message == "trial 0 is COMPLETE already, wanted RUNNING")
    // A refused call has taken in the other's events once and for all.
    #expect(try study.ask().number == 1)
    #expect(try study.trials()[0].values == [2])
    for number in [7, -1] {
      #expect(
        message { () throws(AttuneError) in try other.resumeTrial(number) }
          == "no trial \(number); the study has 2")
    }
  }

  @Test(
    "a trial resumed while its point is being chosen can only be told FAIL, and spoils nothing",
    arguments: [Samples.line, nil])
  func resumedTooEarly(space: String?) throws {
    let path = try Samples.path()
    let study = try Samples.study(space, storage: path)
    try study.tell(study.ask(), .fail)
    // As the file is between the two transactions of an ask: the number is taken, the point is not
    // chosen.
    try Samples.run(
      """
      INSERT INTO trials (number, study_id, state, datetime_start) VALUES (1, 1, 'RUNNING', '2026-01-01');
      INSERT INTO attune_events SELECT 1, MAX(event_id) + 1, 2, NULL,
        '{"claim":1,"origin":"strategy","time":1}' FROM attune_events;
      """, on: path)
    let other = try Study.open(storage: path)
    let resumed = try other.resumeTrial(1)
    let error = thrownError { () throws(AttuneError) in try other.tell(resumed, values: [1]) }
    #expect(error?.code == .invalidState)
    #expect(
      error?.message
        == "trial 1 is told COMPLETE while its point is being chosen, wanted FAIL")
    try other.tell(resumed, .fail, reason: "given up")
    try study.tell(study.ask(), values: [0])
    let last = try Study.open(storage: path)
    #expect(try last.trials().records.map(\.state) == [.fail, .fail, .complete])
    _ = try Study.importJSON(last.exportJSON(), storage: nil)
  }

  @Test("a parameter of a trial whose point the file lacks is shown, and traps nowhere")
  func suggestedWithoutPoint() throws {
    let path = try Samples.path()
    let study = try Samples.study(nil, storage: path)
    let trial = try study.ask()
    let x = try trial.suggestFloat("x", low: 0, high: 1)
    // As a damaged file is: the event of the point is gone, the one of the parameter is not.
    try Samples.run(
      """
      UPDATE attune_events SET event = '{"attribute":"k","json":"1"}' WHERE event LIKE '{"ask"%'
      """, on: path)
    let damaged = try Study.open(storage: path)
    let record = try damaged.trials()[0]
    #expect(record.state == .running && record.params.map(\.value) == [.float(x)])
    #expect(try damaged.exportCSV().contains("\(x)"))
    #expect(try damaged.exportJSON().contains("\"x\""))
    let resumed = try damaged.resumeTrial(0)
    #expect(
      thrownError { () throws(AttuneError) in
        try resumed.suggestFloat("y", low: 0, high: 1)
      }?.code == .invalidState)
    try damaged.tell(resumed, .fail)
    #expect(try Study.open(storage: path).trials()[0].state == .fail)
  }

  @Test("trials that others resume and end while they are asked leave a file that can be read")
  func stolen() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    let other = try Study.open(storage: path)
    let isOver = Atomic(false)
    let failures = Mutex<[String]>([])
    let thief = Thread {
      while !isOver.load(ordering: .relaxed) {
        do throws(AttuneError) {
          let trial = try other.resumeTrial(max(0, other.trialCount - 1))
          try other.tell(trial, .fail)
        } catch {
          // Often too late, or too early; but the file must stay whole.
          if error.code == .storage { failures.withLock { $0.append(error.message) } }
        }
      }
    }
    thief.start()
    for _ in 0..<300 {
      let trial = try study.ask()
      let error = thrownError { () throws(AttuneError) in try study.tell(trial, values: [1]) }
      #expect(error == nil || error?.code == .invalidState)
    }
    isOver.store(true, ordering: .relaxed)
    while !thief.isFinished { Thread.sleep(forTimeInterval: 0.01) }
    #expect(failures.withLock { $0 } == [])
    #expect(try Study.open(storage: path).trialCount >= 300)
    _ = try Study.importJSON(study.exportJSON(), storage: nil)
  }

  @Test("what one owner does, the other sees, whatever calls fail in between")
  func interleaved() throws {
    let path = try Samples.path()
    let a = try Samples.study(storage: path)
    let b = try Study.open(storage: path)
    for round in 0..<10 {
      let (x, y) = (try a.ask(), try b.ask())
      #expect(x.number == 2 * round && y.number == 2 * round + 1)
      #expect(thrownError { () throws(AttuneError) in try a.tell(y, values: [1]) } != nil)
      #expect(thrownError { () throws(AttuneError) in try b.addTrial(json: "{}") } != nil)
      try a.tell(x, values: [Double(round)])
      #expect(thrownError { () throws(AttuneError) in try a.tell(x, values: [1]) } != nil)
      try b.tell(y, .fail, reason: "r")
      try a.setAttribute("round", json: "\(round)")
    }
    #expect(try a.exportJSON() == b.exportJSON())
  }

  @Test("two owners on threads of their own claim all numbers once, none lost")
  func twoOwners() async throws {
    let path = try Samples.path()
    _ = try Samples.study(Samples.mixed, strategy: "sobol", storage: path)
    let numbers = await withTaskGroup(of: [Int].self) { group in
      for owner in 0..<4 {
        group.addTask {
          do throws(AttuneError) {
            let study = try Study.open(storage: path)
            var numbers: [Int] = []
            for index in 0..<50 {
              let trial = try study.ask()
              numbers.append(trial.number)
              if index % 10 == owner { try study.enqueue([("x", .float(Double(owner) / 4))]) }
              try trial.report(step: 1, values: [1])
              try study.tell(trial, values: [Samples.value(trial.params)])
            }
            return numbers
          } catch {
            Issue.record("\(error)")
            return []
          }
        }
      }
      var all: [Int] = []
      for await numbers in group { all += numbers }
      return all
    }
    #expect(numbers.sorted() == Array(0..<200))
    let study = try Study.open(storage: path)
    #expect(try study.trials([.complete]).count == 200)
    #expect(try study.trials().records.count { $0.origin == .enqueued } <= 20)
    for record in try study.trials().records {
      #expect(record.values == [Samples.value(record.params)])
    }
  }

  @Test("two owners explore a finite space exactly once together")
  func twoOwnersExhaust() throws {
    for strategy in ["random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian"] {
      let path = try Samples.path()
      let a = try Samples.study(
        Samples.twelve, strategy: strategy, duplicates: .avoid, storage: path)
      let b = try Study.open(storage: path)
      var seen: Set<String> = []
      for index in 0..<12 { #expect(seen.insert(try (index % 2 == 0 ? a : b).step()).inserted) }
      for study in [a, b] {
        #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
        #expect(study.trialCount == 12)
      }
    }
  }

  @Test("a file of hundreds of studies is listed in the time of opening a few of them")
  func listing() throws {
    let path = try Samples.path()
    for number in 0..<300 {
      let study = try Samples.study(storage: path, name: "study \(number)")
      try study.tell(study.ask(), values: [0])
    }
    // The least of several: what else the machine does meanwhile is no part of either.
    func time(_ work: () throws -> Void) throws -> Duration {
      let clock = ContinuousClock()
      return try (0..<5).map { _ in try clock.measure(work) }.min() ?? .zero
    }
    let opening = try time { _ = try Study.open(storage: path, name: "study 299") }
    var summaries: [StudySummary] = []
    let listing = try time { summaries = try Study.summaries(storage: path) }
    #expect(summaries.map(\.name) == (0..<300).map { "study \($0)" })
    #expect(summaries.allSatisfy { $0.trialCount == 1 && $0.bestValue == 0 })
    #expect(listing < opening * 50)
  }

  @Test("many studies share a file; each is opened, listed and deleted by its name")
  func several() throws {
    let path = try Samples.path()
    let a = try Samples.study(storage: path, name: "a")
    let shown = try StorageAddress(path).shown
    let b = try Samples.study(directions: [.minimize, .maximize], storage: path, name: "b")
    try a.tell(a.ask(), values: [3])
    try b.tell(b.ask(), values: [1, 2])
    try a.tell(a.ask(), values: [2])
    let summaries = try Study.summaries(storage: path)
    #expect(summaries.map(\.name) == ["a", "b"])
    #expect(summaries.map(\.trialCount) == [2, 1])
    #expect(summaries.map(\.bestValue) == [2, nil])
    #expect(summaries[0].json["best_value"] == 2.0)
    #expect(
      message { () throws(AttuneError) in try Study.open(storage: path) }
        == "\(shown) has 2 studies, wanted a name: \"a\", \"b\"")
    #expect(
      message { () throws(AttuneError) in try Study.open(storage: path, name: "aa") }
        == "no study \"aa\" in \(shown) (did you mean \"a\"?)")
    #expect(
      thrownError { () throws(AttuneError) in
        var settings = Study.Settings()
        settings.name = "a"
        return try Study.create(settings, storage: path)
      }?.code
        == .alreadyExists)
    try Study.delete(storage: path, name: "a")
    #expect(try Study.summaries(storage: path).map(\.name) == ["b"])
    for _ in 0..<2 {
      let error = thrownError { () throws(AttuneError) in try a.ask() }
      #expect(error?.code == .notFound)
      #expect(error?.message == "study \"a\" was deleted from \(shown)")
    }
    #expect(
      message { () throws(AttuneError) in try Study.delete(storage: path, name: "a") }
        == "no study \"a\" in \(shown)")
    // The name is free again, and the old trials do not come back.
    let again = try Samples.study(storage: path, name: "a")
    #expect(try again.ask().number == 0)
    #expect(try b.trials().count == 1)
  }
}
