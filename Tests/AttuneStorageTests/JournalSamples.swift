import AttuneCore
import AttuneStorage
import Foundation
import Synchronization

/// Journals that the tests write, read and damage.
enum JournalSamples {
  /// What was logged since the first journal.
  static let log: Log = {
    let log = Log()
    Logger.setSink(minimum: .info) { _, component, message in
      log.messages.withLock { $0.append("\(component): \(message)") }
    }
    return log
  }()

  final class Log: Sendable {
    let messages = Mutex<[String]>([])
    func has(_ message: String) -> Bool { messages.withLock { $0.contains(message) } }
  }

  static func path() -> String {
    _ = log
    let folder = NSTemporaryDirectory() + "attune-storage-tests-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return "\(folder)/\(UUID().uuidString).jsonl"
  }

  static func definition(_ name: String = "s") -> StudyDefinition {
    StudyDefinition(
      name: name, space: nil, directions: [.minimize], strategy: "random", strategyOptions: [],
      seed: 1, duplicates: .allow, created: 1_700_000_000_000_000)
  }

  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// One event of every kind, with what is hard to write.
  static func events() throws -> [StudyEvent] {
    let choices: [Value] = [.null, .bool(true), .int(.min), .float(0.1), .string("é\"\\\n\u{1}")]
    return [
      .claimed(number: 0, origin: .enqueued, time: .max),
      .asked(number: 0, params: zip("abcde", choices).map { (String($0), $1) }),
      .suggested(
        number: 0,
        parameter: Parameter(
          "k \"q\"", .categorical(try CategoricalDistribution(choices: choices, name: "k"))),
        value: choices[4]),
      .suggested(
        number: 0,
        parameter: Parameter(
          "x", .float(try FloatDistribution(low: 1e-5, high: 0.1, log: true, name: "x"))),
        value: .float(0.012345678901234567)),
      .reported(number: 0, step: .max, values: [.nan, -.infinity, .leastNonzeroMagnitude]),
      .attribute(number: nil, key: "study", json: "{\"a\": [1, null]}"),
      .attribute(number: 0, key: "", json: "\"\""),
      .constraint(number: 0, name: "c", value: .infinity),
      .gradient(number: 0, values: [.nan, 0.5, -0.0]),
      .finished(number: 0, state: .complete, values: [.infinity], failure: nil, time: .min),
      .finished(
        number: 1, state: .fail, values: [], failure: Failure("why\n", code: .min), time: 0),
      .finished(number: 2, state: .pruned, values: [1, 2], failure: Failure(""), time: 1),
      .enqueued(params: []),
      .enqueued(params: [("x", .float(3))]),
      .dequeued,
    ]
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
