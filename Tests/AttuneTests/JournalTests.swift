import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Synchronization
import Testing

@Suite("Studies in journals")
struct JournalTests {
  static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test(
    "a study reopened after every trial goes on exactly as one never closed",
    arguments: StrategyCatalog.names, [Samples.mixed, nil])
  func continuation(strategy: String, space: String?) throws {
    if space == nil, try !StrategyCatalog.description(named: strategy).supportsDefineByRun {
      return
    }
    let path = Samples.path()
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
    let path = Samples.path()
    let study = try ExportTests.busy(space, storage: path)
    let again = try Study.open(storage: path)
    #expect(try again.exportJSON() == study.exportJSON())
    #expect(try again.exportCSV() == study.exportCSV())
  }

  @Test("a running trial is resumed by another owner of the file, and told once")
  func resume() throws {
    let path = Samples.path()
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
    let path = Samples.path()
    let study = try Samples.study(space, storage: path)
    try study.tell(study.ask(), .fail)
    // As the file is between the two lines of an ask: the number is taken, the point is not chosen.
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"study":0,"claim":1,"origin":"strategy","time":1}"#.utf8))
    try file.write(contentsOf: Data("\n".utf8))
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
    let path = Samples.path()
    let study = try Samples.study(nil, storage: path)
    let trial = try study.ask()
    let x = try trial.suggestFloat("x", low: 0, high: 1)
    // As a damaged file is: the line of the point is gone, the one of the parameter is not.
    let kept = try Self.lines(path).filter { !$0.contains(#""ask""#) }
    #expect(kept.count == 4)
    try (kept.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
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
    let path = Samples.path()
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
    let path = Samples.path()
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
    let path = Samples.path()
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
    for strategy in ["random", "sobol", "grid", "tpe", "gp", "bayesian"] {
      let path = Samples.path()
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

  @Test("a file of a thousand studies is listed in the time of reading it a few times")
  func listing() throws {
    let path = Samples.path()
    let first = try Samples.study(storage: path, name: "study 0")
    try first.tell(first.ask(), values: [0])
    // Written as the library does it: creating each would read the file a thousand times.
    var lines = try Self.lines(path)
    let lastLines = lines.dropFirst()
    for number in 1..<1000 {
      for line in lastLines {
        lines.append(
          line.replacing("\"study\":0", with: "\"study\":\(number)")
            .replacing("study 0", with: "study \(number)"))
      }
    }
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let clock = ContinuousClock()
    let opening = try clock.measure { _ = try Study.open(storage: path, name: "study 999") }
    var summaries: [StudySummary] = []
    let listing = try clock.measure { summaries = try Study.summaries(storage: path) }
    #expect(summaries.map(\.name) == (0..<1000).map { "study \($0)" })
    #expect(summaries.allSatisfy { $0.trialCount == 1 && $0.bestValue == 0 })
    #expect(listing < opening * 50)
  }

  @Test("many studies share a file; each is opened, listed and deleted by its name")
  func several() throws {
    let path = Samples.path()
    let a = try Samples.study(storage: path, name: "a")
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
        == "\(path) has 2 studies, wanted a name: \"a\", \"b\"")
    #expect(
      message { () throws(AttuneError) in try Study.open(storage: path, name: "aa") }
        == "no study \"aa\" in \(path) (did you mean \"a\"?)")
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
      #expect(error?.message == "study \"a\" was deleted from \(path)")
    }
    #expect(
      message { () throws(AttuneError) in try Study.delete(storage: path, name: "a") }
        == "no study \"a\" in \(path)")
    // The name is free again, and the old trials do not come back.
    let again = try Samples.study(storage: path, name: "a")
    #expect(try again.ask().number == 0)
    #expect(try b.trials().count == 1)
  }

  @Test(
    "an existing study is loaded when it is the same, and refused with the difference otherwise")
  func loadIfExists() throws {
    let path = Samples.path()
    let study = try Samples.study(Samples.twelve, storage: path)
    try study.step()
    let loaded = try Samples.study(Samples.twelve, storage: path, loadIfExists: true)
    #expect(loaded.trialCount == 1)
    let cases: [(String, [Direction], String)] = [
      (
        Samples.twelve, [.maximize],
        "study \"study\": directions are maximize, wanted minimize as recorded"
      ),
      (
        #"{"a": {"type": "int", "low": 0, "high": 2}}"#, [.minimize],
        "study \"study\": parameter \"b\" of the recorded space is missing"
      ),
      (
        Samples.twelve.replacing("\"high\": 2}", with: "\"high\": 3}"), [.minimize],
        "study \"study\": parameter \"a\" is {\"type\": \"int\", \"low\": 0, \"high\": 3}, wanted "
          + "{\"type\": \"int\", \"low\": 0, \"high\": 2} as recorded"
      ),
      (
        Samples.twelve.dropLast(1) + #", "z": {"type": "fixed", "value": 1}}"#, [.minimize],
        "study \"study\": parameter \"z\" is not in the recorded space"
      ),
    ]
    for (space, directions, text) in cases {
      do {
        _ = try Samples.study(space, directions: directions, storage: path, loadIfExists: true)
        Issue.record("loaded: \(text)")
      } catch let error as AttuneError {
        #expect(error.message == text)
      }
    }
  }

  @Test(
    "an event that contradicts those before it is named by its line, at every call",
    arguments: [
      (#""claim":3,"origin":"strategy","time":1"#, "trial 3 follows 1, wanted 2"),
      (#""ask":7,"params":{}"#, "no trial 7; the study has 2"),
      (#""ask":-1,"params":{}"#, "no trial -1; the study has 2"),
      (#""ask":0,"params":{"x":0}"#, "trial 0 is COMPLETE already, wanted RUNNING"),
      (#""ask":1,"params":{"x":9}"#, "parameter \"x\": value is 9, wanted -1.0 to 1.0"),
      (#""report":1,"step":0,"values":[]"#, "trial 1 has 0 values, wanted 1"),
      (#""report":0,"step":0,"values":[1]"#, "trial 0 is COMPLETE already, wanted RUNNING"),
      (#""finish":1,"state":"COMPLETE","time":1"#, "trial 1 has 0 values, wanted 1"),
      (#""finish":1,"state":"PRUNED","values":[1,2,3],"time":1"#, "trial 1 has 3 values, wanted 1"),
      (
        #""finish":1,"state":"COMPLETE","values":[NaN],"time":1"#,
        "trial 1 is COMPLETE with NaN, wanted a number"
      ),
      (#""attribute":"k","trial":0,"json":"1""#, "trial 0 is COMPLETE already, wanted RUNNING"),
      (#""constraint":"c","trial":9,"value":1"#, "no trial 9; the study has 2"),
      (#""gradient":1,"values":[1,2]"#, "trial 1 has a gradient of 2 numbers, wanted 1"),
      (#""dequeue":true"#, "a trial takes enqueued parameters, and none wait"),
    ])
  func contradictions(event: String, text: String) throws {
    let path = Samples.path()
    let study = try Samples.study(storage: path)
    try study.step()
    _ = try study.ask()
    let line = try Self.lines(path).count + 1
    let handle = try #require(FileHandle(forWritingAtPath: path))
    handle.seekToEndOfFile()
    handle.write(Data("{\"study\":0,\(event)}\n".utf8))
    let wanted = "\(path): line \(line): \(text)"
    for _ in 0..<2 {
      #expect(message { () throws(AttuneError) in try study.ask() } == wanted)
      #expect(message { () throws(AttuneError) in try study.trials() } == wanted)
    }
    #expect(message { () throws(AttuneError) in try Study.open(storage: path) } == wanted)
    #expect(study.trialCount == 2)
  }

  @Test("places that are none are refused, without the password of a URL")
  func places() {
    let cases: [(String, String)] = [
      (
        "postgresql://me:secret@host:5432/db",
        "storage \"postgresql://me:***@host:5432/db\" is a URL, wanted memory: or a file ending in "
          + ".jsonl"
      ),
      (
        "redis://h", "storage \"redis://h\" is a URL, wanted memory: or a file ending in .jsonl"
      ),
      ("study.db", "storage is \"study.db\", wanted memory: or a file ending in .jsonl"),
    ]
    for (storage, text) in cases {
      #expect(
        message { () throws(AttuneError) in try Study.create(Study.Settings(), storage: storage) }
          == text)
      #expect(message { () throws(AttuneError) in try Study.open(storage: storage) } == text)
    }
    #expect(
      thrownError { () throws(AttuneError) in try Study.open(storage: "memory:") }?.code
        == .notFound)
    #expect(
      thrownError { () throws(AttuneError) in
        try Study.create(Study.Settings(), storage: "/no/such/folder/s.jsonl")
      }?.code == .io)
  }

  @Test("a study that cannot work leaves no file behind")
  func noTrace() {
    let path = Samples.path()
    var settings = Study.Settings()
    settings.strategy = "grid"
    #expect(
      thrownError { () throws(AttuneError) in try Study.create(settings, storage: path) } != nil)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("the run of a study in a file ends with an error when the file goes")
  func deletedInRun() throws {
    let path = Samples.path()
    let study = try Samples.study(storage: path)
    let objective = ClosureObjective { trial in
      if trial.number == 2 { unlink(path) }
      return 1
    }
    let error = thrownError { () throws(AttuneError) in
      try study.optimize(objective, RunOptions(nTrials: 10))
    }
    #expect(error?.code == .storage)
    #expect(error?.message == "\(path): the file was deleted while the study was open")
  }
}
