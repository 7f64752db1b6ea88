import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

@testable import AttuneStorage

@Suite("Databases that cannot be used", .enabled(if: Samples.server == nil, "needs files"))
struct StorageErrorTests {
  @Test(
    "an event that contradicts those before it is named by its number, at every call",
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
      (#""enqueue":3,"params":{},"time":1"#, "trial 3 follows 1, wanted 2"),
      (#""reissue":0,"time":1"#, "trial 0 is COMPLETE already, wanted RUNNING"),
    ])
  func contradictions(event: String, text: String) throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    try study.step()
    _ = try study.ask()
    try Samples.run(
      """
      INSERT INTO attune_events SELECT 1, MAX(event_id) + 1, 1, NULL, '{\(event)}' FROM attune_events
      """, on: path)
    // The definition's own events: claim, ask, finish, claim, ask.
    let wanted = "\(path): event 6 of the study: \(text)"
    for _ in 0..<2 {
      #expect(message { () throws(AttuneError) in try study.ask() } == wanted)
      #expect(message { () throws(AttuneError) in try study.trials() } == wanted)
    }
    #expect(message { () throws(AttuneError) in try Study.open(storage: path) } == wanted)
    #expect(study.trialCount == 2)
  }

  @Test("places that are none are refused, without the password of a URL")
  func places() {
    let wanted = StorageAddress.wanted
    let cases: [(String, String)] = [
      (
        "mysql://me:se:c@ret@host/db",
        "storage \"mysql://me:***@host/db\" is a URL of mysql, wanted \(wanted)"
      ),
      ("redis://h", "storage \"redis://h\" is a URL of redis, wanted \(wanted)"),
      ("study.txt", "storage is \"study.txt\", wanted \(wanted)"),
      (
        "study.jsonl",
        "storage \"study.jsonl\" is a journal, wanted \(wanted); attune import reads journals"
      ),
      (
        "sqlite://study.db",
        "storage \"sqlite://study.db\": two slashes before the path, wanted sqlite:///file.db, or four "
          + "for /absolute.db"
      ),
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
        try Study.create(Study.Settings(), storage: "/no/such/folder/s.db")
      }?.code == .io)
  }

  @Test("a study that cannot work leaves no file behind")
  func noTrace() throws {
    let path = try Samples.path()
    var settings = Study.Settings()
    settings.strategy = "grid"
    #expect(
      thrownError { () throws(AttuneError) in try Study.create(settings, storage: path) } != nil)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("the run of a study in a file ends with an error when the file goes")
  func deletedInRun() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    let objective = ClosureObjective { trial in
      if trial.number == 2 { unlink(path) }
      return 1
    }
    let error = thrownError { () throws(AttuneError) in
      try study.optimize(objective, RunOptions(nTrials: 10))
    }
    #expect(error?.code == .storage)
    #expect(
      error?.message.hasPrefix("\(path): the file was deleted or moved while the study was open")
        == true)
  }

  /// What a study of a file comes to after something was done to the file.
  private static func error(after change: (String) throws -> Void) throws -> String {
    let path = try Samples.path()
    var study: Study? = try Samples.study(storage: path)
    try study?.step()
    study = nil
    try change(path)
    return message { () throws(AttuneError) in try Study.open(storage: path).ask() }
      .replacing(path, with: "FILE")
  }

  @Test("a file that is none of ours, damaged, of another version or empty is refused by name")
  func foreignFiles() throws {
    #expect(
      try Self.error { try Data("hello, this is a text\n".utf8).write(to: URL(filePath: $0)) }
        == "FILE: is no SQLite database")
    #expect(
      try Self.error { try Data().write(to: URL(filePath: $0)) } == "no study in FILE")
    #expect(
      try Self.error { try FileManager.default.removeItem(atPath: $0) } == "FILE: no such file")
    #expect(
      try Self.error { path in
        try Samples.run("UPDATE alembic_version SET version_num = 'v9.9.0.a'", on: path)
      }
        == "FILE: its tables have version v9.9.0.a, wanted v3.2.0.a: a newer Optuna or Attune made them"
    )
    #expect(
      try Self.error { path in
        try Samples.run("UPDATE alembic_version SET version_num = 'v3.0.0.d'", on: path)
      }
        == "FILE: its tables have version v3.0.0.d, wanted v3.2.0.a: bring them up to date with optuna "
        + "storage upgrade")
    #expect(
      try Self.error { path in
        try Samples.run("UPDATE attune_studies SET format = 2", on: path)
      } == "FILE: study \"study\" was written by a newer Attune: format 2, wanted at most 1")
    #expect(
      try Self.error { path in
        try Samples.run("UPDATE attune_studies SET definition_json = '{'", on: path)
      }.hasPrefix("FILE: study \"study\": definition: line 1"))
    #expect(
      try Self.error { path in
        try Samples.run("DELETE FROM attune_events WHERE event_id = 2", on: path)
      } == "FILE: event 3 of the study: follows event 1, wanted none missing")
    let damaged = try Self.error { path in
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      let size = try file.seekToEnd()
      // All pages but the first, which holds the table of contents.
      try file.seek(toOffset: 4096)
      file.write(Data(repeating: 0xA5, count: Int(size) - 4096))
    }
    #expect(damaged.hasPrefix("FILE: the file is damaged: "), "\(damaged)")
  }

  @Test("a file that cannot be written says so, and what was told is kept until it can")
  func readOnly() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    let trial = try study.ask()
    // As root, permissions stop nobody: SQLite itself is told to refuse.
    try Samples.run(
      "CREATE TRIGGER no BEFORE UPDATE ON trials BEGIN SELECT RAISE(ABORT, 'read-only'); END",
      on: path)
    let error = thrownError { () throws(AttuneError) in try study.tell(trial, values: [3]) }
    #expect(error?.code == .storage)
    #expect(error?.message.hasSuffix("1 events are kept and tried again") == true)
    #expect(try Study.open(storage: path).trials()[0].state == .running)
    try Samples.run("DROP TRIGGER no", on: path)
    #expect(try study.ask().number == 1)
    #expect(try Study.open(storage: path).trials()[0].values == [3])
  }

  @Test("a lock that others hold for too long is named, and what was told is kept")
  func locked() throws {
    let path = try Samples.path()
    let url = "sqlite:///\(path)?timeout=0.2"
    let study = try Samples.study(storage: url)
    let trial = try study.ask()
    let holder = try Samples.connection(path)
    try holder.begin(locking: nil)
    let wanted =
      "\(path): another process holds the file locked for longer than the timeout (database is locked)"
    let asked = thrownError { () throws(AttuneError) in try study.ask() }
    #expect(asked?.code == .storage && asked?.message == wanted)
    #expect(
      message { () throws(AttuneError) in try study.tell(trial, values: [4]) }
        == wanted + "; 1 events are kept and tried again")
    #expect(message { () throws(AttuneError) in try Study.open(storage: url) } == wanted)
    holder.rollback()
    #expect(try study.ask().number == 1)
    #expect(try Study.open(storage: path).trials()[0].values == [4])
  }
}
