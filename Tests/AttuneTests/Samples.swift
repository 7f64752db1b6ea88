import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Synchronization

@testable import AttuneStorage

/// Spaces, studies and objectives that the tests share.
enum Samples {
  /// All kinds of parameters, conditions on choices and on a range, one value fixed.
  static let mixed = """
    {"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true},
     "x": {"type": "float", "low": -2, "high": 2},
     "drop": {"type": "float", "low": 0, "high": 0.3, "step": 0.1},
     "degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly"]}},
     "kernel": {"type": "categorical", "choices": ["rbf", "poly", null, 3, true]},
     "n": {"type": "int", "low": 1, "high": 100, "log": true},
     "coef": {"type": "float", "low": 0, "high": 1, "when": {"degree": {"low": 3}}},
     "seed": {"type": "fixed", "value": 7}}
    """

  /// Twelve points: a of 3, b of 2, and c of 2 where b is true... 3 x (1 + 3).
  static let twelve = """
    {"a": {"type": "int", "low": 0, "high": 2},
     "b": {"type": "categorical", "choices": [false, true]},
     "c": {"type": "int", "low": 0, "high": 2, "when": {"b": [true]}}}
    """

  static let line = #"{"x": {"type": "float", "low": -1, "high": 1}}"#

  static func study(
    _ space: String? = line, directions: [Direction] = [.minimize], strategy: String? = "random",
    options: [(key: String, value: Value)] = [], seed: UInt64 = 1,
    duplicates: DuplicatePolicy = .allow, storage: String? = nil, name: String? = "study",
    loadIfExists: Bool = false
  ) throws -> Study {
    var settings = Study.Settings()
    settings.name = name
    settings.space = try space.map { text throws(AttuneError) in try Space(json: text) }
    settings.directions = directions
    settings.strategy = strategy
    settings.strategyOptions = options
    settings.seed = seed
    settings.duplicates = duplicates
    return try Study.create(settings, storage: storage, loadIfExists: loadIfExists)
  }

  /// A number that depends on all of a trial's parameters, the same on any machine.
  static func value(_ params: [(name: String, value: Value)]) -> Double {
    var sum = 0.0
    for (index, param) in params.enumerated() {
      sum += (param.value.number ?? Double(param.value.text.utf8.count)) * Double(index + 1) / 8
    }
    return sum
  }

  /// The PostgreSQL server on which the databases of these tests are, instead of in files.
  static let server = ProcessInfo.processInfo.environment["ATTUNE_TEST_POSTGRES"]

  /// Runs SQL on a database, as a program that is none of ours would.
  static func run(_ statements: String, on storage: String) throws {
    try connection(storage).runScript(statements)
  }

  static func connection(
    _ storage: String, creates: Bool = false
  ) throws -> any SQLConnection {
    try StudyDatabase(StorageAddress(storage)).connect(creates: creates)
  }

  /// A fresh storage: the path of a database, or the URL of a schema of its own.
  static func path(_ name: String = "study") throws -> String {
    let id = UUID().uuidString
    if let server {
      try run("CREATE SCHEMA \"\(id)\"", on: server)
      return server + "?options=-csearch_path%3D%22\(id)%22"
    }
    let folder = NSTemporaryDirectory() + "attune-tests-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return "\(folder)/\(name)-\(id).db"
  }
}

/// An objective that is a closure.
final class ClosureObjective: Objective {
  typealias Body =
    @Sendable (any EvaluatedTrial, UnsafeMutableBufferPointer<Double>) -> Evaluation

  let body: Body
  let evaluatorCount = Atomic<Int>(0)

  init(_ body: @escaping Body) { self.body = body }

  /// One value, from the trial.
  convenience init(value: @escaping @Sendable (RunningTrial) -> Double) {
    self.init { trial, values in
      guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
      values[0] = value(trial)
      return .complete
    }
  }

  var description: ObjectiveDescription { ObjectiveDescription(kind: "callback", id: "closure") }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    evaluatorCount.add(1, ordering: .relaxed)
    return ClosureEvaluator(body)
  }

  private final class ClosureEvaluator: Evaluator {
    let body: Body
    init(_ body: @escaping Body) { self.body = body }

    func evaluate(
      _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
    ) -> Evaluation { body(trial, values) }
  }
}

extension TrialTable {
  var records: [TrialRecord] { (0..<count).map { self[$0] } }
}

extension TrialRecord {
  /// All that is recorded but the times, as text.
  var timeless: String {
    guard case .object(var object) = json else { return "" }
    object["datetime_start"] = nil
    object["datetime_complete"] = nil
    return JSON.object(object).text()
  }

  subscript(name: String) -> Value? { params.first { $0.name == name }?.value }
}

extension Study {
  /// Asks, tells a value made from the parameters, and gives the parameters as text.
  @discardableResult
  func step() throws(AttuneError) -> String {
    let trial = try ask()
    try tell(trial, values: directions.indices.map { Samples.value(trial.params) * Double($0 + 1) })
    return trial.paramsJSON
  }
}
