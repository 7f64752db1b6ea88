import AttuneCore
import Foundation
import Synchronization

@testable import AttuneStorage

/// The databases that the laws of stores hold for.
enum Place: String, CaseIterable {
  case sqlite
  /// Where postgres.sh has started a server.
  case postgres

  static var allCases: [Place] { PostgresServer.isThere ? [.sqlite, .postgres] : [.sqlite] }

  /// A fresh database.
  func database() throws -> StudyDatabase {
    switch self {
    case .sqlite: StudyDatabase(try StorageAddress(StoreSamples.path()))
    case .postgres: StudyDatabase(try StorageAddress(PostgresServer.fresh()))
    }
  }
}

/// Studies and events that the tests write and read.
enum StoreSamples {
  /// What was logged since the first database.
  static let log: Log = {
    let log = Log()
    Logger.setSink(minimum: .info) { _, component, message in
      log.messages.withLock { $0.append("\(component): \(message)") }
    }
    return log
  }()

  final class Log: Sendable {
    let messages = Mutex<[String]>([])
    func has(_ message: String) -> Bool {
      messages.withLock { $0.contains { $0.contains(message) } }
    }
  }

  static func path() -> String {
    _ = log
    let folder = NSTemporaryDirectory() + "attune-storage-tests-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return "\(folder)/\(UUID().uuidString).db"
  }

  static func connection(_ path: String) throws(AttuneError) -> SQLiteConnection {
    try SQLiteConnection(SQLiteLocation(path: path), creates: false, durability: .process)
  }

  static let choices: [Value] = [
    .null, .bool(true), .int(.min), .float(0.1), .string("é\"\\\n\u{1}"),
  ]

  /// One parameter of each kind.
  static func space() throws -> Space {
    try Space([
      Parameter("x", .float(try FloatDistribution(low: 1e-5, high: 0.1, log: true, name: "x"))),
      Parameter("s", .float(try FloatDistribution(low: 0, high: 0.3, step: 0.1, name: "s"))),
      Parameter("n", .int(try IntDistribution(low: .min, high: .max, name: "n"))),
      Parameter(
        "k \"q\"", .categorical(try CategoricalDistribution(choices: choices, name: "k"))),
      Parameter(
        "o",
        .categorical(
          try CategoricalDistribution(choices: [.int(1), .int(2)], ordered: true, name: "o"))),
      Parameter("f", .fixed(.string("é"))),
    ])
  }

  static func definition(
    _ name: String = "s", space: Space? = nil, directions: [Direction] = [.minimize]
  ) -> StudyDefinition {
    StudyDefinition(
      name: name, space: space, directions: directions, strategy: "random", strategyOptions: [],
      seed: 1, duplicates: .allow, created: 1_700_000_000_000_000)
  }

  /// Events of every kind, with what is hard to write.
  static func events(definesSpace: Bool) throws -> [StudyEvent] {
    let space = try space()
    let params: [(name: String, value: Value)] = [
      ("x", .float(0.012345678901234567)), ("s", .float(0.3)), ("n", .int(.min + 1)),
      ("k \"q\"", choices[4]), ("o", .int(2)), ("f", .string("é")),
    ]
    var events: [StudyEvent] = [
      .claimed(number: 0, origin: .strategy, time: 1_700_000_000_000_001),
      .asked(number: 0, params: definesSpace ? params : [], seen: 0),
    ]
    if !definesSpace {
      for (parameter, param) in zip(space.parameters, params) {
        events.append(.suggested(number: 0, parameter: parameter, value: param.value))
      }
    }
    events += [
      .reported(number: 0, step: .max, values: [.nan]),
      .reported(number: 0, step: 3, values: [-.infinity]),
      .attribute(number: nil, key: "study", json: "{\"a\": [1, null]}"),
      .attribute(number: 0, key: "", json: "\"\""),
      .attribute(number: 0, key: "", json: "\"again\""),
      .constraint(number: 0, name: "c", value: .infinity),
      .constraint(number: 0, name: "c", value: -1),
      .constraint(number: 0, name: "d", value: 0.5),
      .gradient(number: 0, values: [.nan, 0.5, -0.0]),
      .finished(number: 0, state: .complete, values: [.infinity], failure: nil, time: 5),
      .enqueued(
        number: 1, params: [("x", .float(0.01)), ("f", .string("é"))], retries: [], time: 6),
      .claimed(number: 2, origin: .added, time: 7),
      .finished(
        number: 2, state: .fail, values: [], failure: Failure("why\n", code: .min), time: 8),
      .claimed(number: 1, origin: .enqueued, time: 9),
      .reissued(number: 1, time: 10),
      .reported(number: 1, step: 1, values: [0.25]),
      .paused(number: 1, time: 10),
      .resumed(number: 1, time: 10),
      .finished(number: 1, state: .pruned, values: [], failure: Failure(""), time: 11),
      .enqueued(number: 3, params: [], retries: [2, 1], time: 12),
    ]
    return events
  }
}

extension StudyDatabase {
  /// Opens a study that is recorded.
  func open(_ name: String? = nil) throws(AttuneError) -> any StudyStore {
    try open(name: name) { name, _ throws(AttuneError) in
      throw AttuneError(.internal, "\(name) is not recorded")
    }.store
  }
}

extension StudyStore {
  /// Appends events and gives those of others.
  @discardableResult
  func exchange(_ events: [StudyEvent]) throws(AttuneError) -> [StudyEvent] {
    var others: [StudyEvent] = []
    try transact(keeps: true) {
      others.append($0)
    } _: {
      events
    }
    return others
  }
}

extension [StudyEvent] {
  /// The events as text, to compare them: they hold tuples, which are not equatable.
  var texts: [String] { map { "\($0)" } }
}
