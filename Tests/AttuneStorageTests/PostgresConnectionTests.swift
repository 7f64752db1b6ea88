import AttuneCore
import Foundation
import Synchronization
import Testing

@testable import AttuneStorage

/// Runs where ATTUNE_TEST_POSTGRES names a server: `Tests/storage/postgres.sh swift test --filter Postgres`.
@Suite("PostgreSQL connections", .enabled(if: PostgresServer.isThere), .serialized)
struct PostgresConnectionTests {
  @Test("values come back as they went, to the bit")
  func values() throws {
    let connection = try PostgresServer.connect()
    try connection.runScript(
      "CREATE TEMP TABLE v (i BIGINT, d DOUBLE PRECISION, t TEXT, n INTEGER)")
    let doubles = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, 1 / 3.0]
    for number in doubles {
      let values: [SQLValue] = [.int(.min), .double(number), .text("é\"'\\\n$1"), .null]
      #expect(try connection.run("INSERT INTO v VALUES ($1, $2, $3, $4)", values) == 1)
    }
    try connection.run("INSERT INTO v (d, t) VALUES ($1, $2)", [.double(.nan), .utf8([])])
    var rows = 0
    try connection.run("SELECT i, d, t, n FROM v", []) { row in
      if rows < doubles.count {
        #expect(row.int(0) == .min && row.text(2) == "é\"'\\\n$1" && row.int(3) == nil)
        #expect(row.double(1)?.bitPattern == doubles[rows].bitPattern)
      } else {
        #expect(row.int(0) == nil && row.double(1)?.isNaN == true && row.bytes(2) == [])
      }
      rows += 1
    }
    #expect(rows == doubles.count + 1)
  }

  @Test("errors name the place and say what is wrong, without the password")
  func errors() throws {
    let connection = try PostgresServer.connect()
    #expect(throws: AttuneError.self) { try connection.run("SELECT nothing") }
    try connection.runScript("CREATE TEMP TABLE u (k INTEGER UNIQUE)")
    try connection.run("INSERT INTO u VALUES ($1)", [.int(1)])
    let taken = thrownError { () throws(AttuneError) in
      try connection.run("INSERT INTO u VALUES ($1)", [.int(1)])
    }
    #expect(taken?.code == .alreadyExists)
    #expect(taken?.message.hasPrefix("postgresql://attune:***@127.0.0.1:") == true)
    let wrong = (PostgresServer.url ?? "").replacingOccurrences(of: "p%40ss", with: "wr%40ng")
    let refused = thrownError { () throws(AttuneError) in try PostgresServer.connect(wrong) }
    #expect(refused?.code == .io)
    #expect(refused?.message.contains("password authentication failed") == true)
    for secret in ["wr@ng", "wr%40ng", "w/rd"] {
      #expect(refused?.message.contains(secret) == false)
    }
  }

  @Test("a failed statement leaves a transaction to be rolled back, and the connection to go on")
  func rollback() throws {
    let connection = try PostgresServer.connect()
    try connection.runScript("CREATE TEMP TABLE r (k INTEGER)")
    #expect(throws: AttuneError.self) {
      try connection.transaction { () throws(AttuneError) in
        try connection.run("INSERT INTO r VALUES (1)")
        try connection.run("INSERT INTO r VALUES ('x')")
      }
    }
    #expect(try connection.int("SELECT count(*) FROM r") == 0)
  }

  /// Adds one to a counter in a transaction, which does `before` first, and records that it was `key`.
  private static func count(
    _ key: Int, _ connection: PostgresConnection, before: () throws(AttuneError) -> Void = {}
  ) throws(AttuneError) {
    try connection.transaction { () throws(AttuneError) in
      try connection.run("SELECT id FROM counter WHERE id = $1 FOR UPDATE", [.int(1)])
      try connection.run("UPDATE counter SET n = n + 1 WHERE id = $1", [.int(1)])
      try connection.run(
        "INSERT INTO counted (key, n) SELECT $1::integer, n FROM counter WHERE id = 1",
        [.int(Int64(key))])
      try before()
    } unless: { () throws(AttuneError) in
      try connection.int("SELECT n FROM counted WHERE key = $1", [.int(Int64(key))]) != nil
    }
  }

  private static func makeCounter() throws -> PostgresConnection {
    let connection = try PostgresServer.connect()
    try connection.runScript(
      """
      DROP TABLE IF EXISTS counter; DROP TABLE IF EXISTS counted;
      CREATE TABLE counter (id INTEGER, n INTEGER);
      CREATE TABLE counted (key INTEGER, n INTEGER UNIQUE);
      INSERT INTO counter VALUES (1, 0)
      """)
    return connection
  }

  /// Counts on several threads while `disturb` goes on; every transaction counts exactly once.
  private func counting(_ each: Int, _ disturb: (Ended) throws -> Void) throws {
    _ = try Self.makeCounter()
    let done = Ended()
    let errors = Mutex<[String]>([])
    // Only a connection that is made is patient: whoever cannot make the first one is told so.
    let connected = Ended()
    let threads = (0..<4).map { index in
      Thread {
        do throws(AttuneError) {
          let connection: PostgresConnection
          do {
            defer { connected.add() }
            connection = try PostgresServer.connect()
          }
          for key in 0..<each { try Self.count(index * each + key, connection) }
        } catch {
          errors.withLock { $0.append("\(error)") }
        }
        done.add()
      }
    }
    for thread in threads { thread.start() }
    while connected.count < threads.count { usleep(1_000) }
    try disturb(done)
    while done.count < threads.count { usleep(10_000) }
    #expect(errors.withLock { $0 } == [])
    let connection = try PostgresServer.connect()
    #expect(try connection.int("SELECT n FROM counter") == Int64(4 * each))
    #expect(try connection.int("SELECT count(DISTINCT key) FROM counted") == Int64(4 * each))
  }

  @Test("connections that are ended at any moment lose nothing and count nothing twice")
  func terminated() throws {
    try counting(200) { done in
      let killer = try PostgresServer.connect()
      while done.count < 4 {
        try killer.run(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'attune' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
          """)
        usleep(100_000)
      }
    }
  }

  @Test(
    "a server that is killed and started again in mid-run loses nothing and counts nothing twice")
  func restarted() throws {
    try counting(300) { done in
      for verb in ["kill", "stop", "kill"] where done.count < 4 {
        usleep(300_000)
        try PostgresServer.control(verb)
        usleep(300_000)
        try PostgresServer.control("start")
      }
    }
  }

  /// A server that dies forgets which numbers it gave to transactions that wrote nothing to disk.
  @Test(
    "a transaction lost in a crash is done again, also when another one has its number by then",
    arguments: [false, true])
  func numberUsedAgain(isUsedAgain: Bool) throws {
    let number = "SELECT txid_current()"
    var meetings = 0
    for cycle in 0..<3 {
      let connection = try Self.makeCounter()
      var first: Int64?
      try Self.count(cycle, connection) { () throws(AttuneError) in
        guard first == nil else { return }
        let mine = try connection.int(number) ?? 0
        first = mine
        do {
          try PostgresServer.control("kill")
          try PostgresServer.control("start")
        } catch {
          throw AttuneError(.internal, "\(error)")
        }
        let other = try PostgresServer.connect()
        while isUsedAgain, let next = try other.int(number), next <= mine {
          guard next == mine else { continue }
          meetings += 1
          let status = try other.texts("SELECT txid_status($1)", [.int(mine)])
          #expect(status == ["committed"], "the number of who lost says nothing")
        }
      }
      #expect(try connection.int("SELECT n FROM counter") == 1)
      #expect(try connection.int("SELECT count(*) FROM counted") == 1)
    }
    #expect(meetings > 0 || !isUsedAgain, "no number was given twice: nothing was tested")
  }

  @Test("a transaction whose commit got through is not done again when only its answer was lost")
  func answerLost() throws {
    let connection = try Self.makeCounter()
    var runs = 0
    // The commit is answered by the end of the session: all that the client hears is that it is lost.
    try connection.transaction { () throws(AttuneError) in
      runs += 1
      try connection.run("INSERT INTO counted (key, n) VALUES (1, 1)")
      try connection.runScript("COMMIT; BEGIN")
      try PostgresServer.connect().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
          + " AND pid <> pg_backend_pid()")
    } unless: { () throws(AttuneError) in
      try connection.int("SELECT count(*) FROM counted") == 1
    }
    #expect(runs == 1)
    #expect(try connection.int("SELECT count(*) FROM counted") == 1)
  }

  @Test("deadlocks and serialization failures are done again")
  func deadlock() throws {
    let connection = try Self.makeCounter()
    try connection.run("INSERT INTO counter VALUES (2, 0)")
    let begun = Mutex(0)
    let done = Ended()
    for order in [[1, 2], [2, 1]] {
      Thread {
        do throws(AttuneError) {
          let connection = try PostgresServer.connect()
          for _ in 0..<5 {
            try connection.transaction { () throws(AttuneError) in
              begun.withLock { $0 += 1 }
              for id in order {
                try connection.run(
                  "UPDATE counter SET n = n + 1 WHERE id = $1", [.int(Int64(id))])
                usleep(50_000)
              }
            }
          }
        } catch {
          Issue.record(error)
        }
        done.add()
      }.start()
    }
    while done.count < 2 { usleep(10_000) }
    #expect(try connection.int("SELECT sum(n) FROM counter") == 20)
    #expect(begun.withLock { $0 } > 10, "the locks were taken in turns: nothing was tested")
  }
}

/// Threads that have ended.
final class Ended: Sendable {
  private let ended = Mutex(0)
  var count: Int { ended.withLock { $0 } }
  func add() { ended.withLock { $0 += 1 } }
}
