import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

/// That a deterministic study is the same with any number of workers, whatever the order results come in.
@Suite("Deterministic studies")
struct DeterministicTests {
  static let window = 4
  static let count = 22

  /// Points without conditions or floats, for strategies that walk through all points.
  static let flat = """
    {"a": {"type": "int", "low": 0, "high": 4}, "b": {"type": "categorical", "choices": [false, true]},
     "c": {"type": "int", "low": 0, "high": 9}}
    """

  static func settings(_ strategy: StrategyDescription, window: Int = window) throws
    -> Study.Settings
  {
    var settings = Study.Settings()
    settings.name = "study"
    settings.space = try Space(json: strategy.supportsConditions ? Samples.mixed : flat)
    settings.strategy = strategy.name
    settings.seed = 5
    settings.window = window
    return settings
  }

  /// What a trial comes to, from its number and parameters alone, after a moment of any length.
  static let objective = ClosureObjective { trial, values in
    guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
    usleep(UInt32.random(in: 0...3000))
    values[0] = Samples.value(trial.params)
    do throws(AttuneError) {
      for step in 0..<3 {
        try trial.report(step: Int64(step), values: [values[0] * Double(4 - step)])
        if try trial.shouldPrune() { return .pruned }
        usleep(UInt32.random(in: 0...500))
      }
    } catch { return .fail(Failure(error.message)) }
    return trial.number % 7 == 3 ? .fail(Failure("every seventh")) : .complete
  }

  /// Runs a new study with so many threads; what its trials came to.
  static func run(
    _ settings: Study.Settings, jobs: Int, storage: String? = nil, pruner: String? = "median",
    objective: any Objective = objective
  ) throws -> [String] {
    let study = try Study.create(settings, storage: storage)
    if let pruner {
      try study.setPruner(
        pruner, options: pruner == "median" ? [("n_startup_trials", .int(2))] : [])
    }
    try study.optimize(objective, RunOptions(nTrials: count, nJobs: jobs))
    return try study.trials().records.map(\.timeless)
  }

  @Test(
    "each strategy gives the same study with 1, 2 and 7 threads, in memory and in a file",
    arguments: StrategyCatalog.descriptions.map(\.name))
  func threads(name: String) throws {
    let settings = try Self.settings(StrategyCatalog.description(named: name))
    let alone = try Self.run(settings, jobs: 1)
    #expect(alone.count == Self.count)
    #expect(alone.contains { $0.contains("PRUNED") })
    for jobs in [2, 7] {
      #expect(try Self.run(settings, jobs: jobs) == alone, "\(jobs) threads")
    }
    let path = try Samples.path("deterministic")
    #expect(try Self.run(settings, jobs: 7, storage: path) == alone, "7 threads on a file")
    #expect(try Study.open(storage: path).trials().records.map(\.timeless) == alone)
    let difference = try Study.replay(storage: path).difference?.text
    #expect(difference == nil)
  }

  @Test(
    "each pruner compares a trial with those before its window",
    arguments: PrunerCatalog.descriptions.map(\.name))
  func pruners(name: String) throws {
    let settings = try Self.settings(StrategyCatalog.description(named: "random"))
    let options: [(key: String, value: Value)] =
      name == "threshold"
      ? [("upper", .float(150))] : name == "patient" ? [("patience", .int(1))] : []
    func run(_ jobs: Int) throws -> [String] {
      let study = try Study.create(settings)
      try study.setPruner(name, options: options)
      try study.optimize(Self.objective, RunOptions(nTrials: 60, nJobs: jobs))
      return try study.trials().records.map(\.timeless)
    }
    let alone = try run(1)
    #expect(try run(7) == alone)
  }

  /// Asks for more where a choice wants it, and in ranges that differ from trial to trial.
  static let discovering = ClosureObjective { trial, values in
    guard let trial = trial as? RunningTrial else { return .fail(Failure("no trial of a study")) }
    usleep(UInt32.random(in: 0...3000))
    do throws(AttuneError) {
      let kind = try trial.suggestCategorical("kind", [.string("a"), .string("b"), .string("c")])
      values[0] = try trial.suggestFloat("x", low: 0, high: 1 + Double(trial.number % 3))
      usleep(UInt32.random(in: 0...1000))
      if kind > 0 { values[0] += Double(try trial.suggestInt("n\(kind)", low: 1, high: 8)) }
    } catch { return .fail(Failure(error.message)) }
    return .complete
  }

  @Test(
    "each strategy gives the same define-by-run study",
    arguments: StrategyCatalog.descriptions.filter(\.supportsDefineByRun).map(\.name))
  func defineByRun(name: String) throws {
    var settings = try Self.settings(StrategyCatalog.description(named: name))
    settings.space = nil
    func run(_ jobs: Int, _ storage: String? = nil) throws -> [[String]] {
      let study = try Study.create(settings, storage: storage)
      try study.optimize(Self.discovering, RunOptions(nTrials: 30, nJobs: jobs))
      return try study.trials().records.map { trial in
        [trial.state.name] + trial.params.map { "\($0.name)=\($0.value.text)" }.sorted()
      }
    }
    let alone = try run(1)
    for jobs in [2, 7] { #expect(try run(jobs) == alone, "\(jobs) threads") }
    let path = try Samples.path("discovering")
    #expect(try run(7, path) == alone, "7 threads on a file")
    let difference = try Study.replay(storage: path).difference?.text
    #expect(difference == nil)
  }

  @Test(
    "a define-by-run study opened again after every five trials is the same",
    arguments: StrategyCatalog.descriptions.filter(\.supportsDefineByRun).map(\.name))
  func reopened(name: String) throws {
    var settings = try Self.settings(StrategyCatalog.description(named: name))
    settings.space = nil
    let whole = try Study.create(settings)
    try whole.optimize(Self.discovering, RunOptions(nTrials: 30))
    let path = try Samples.path("reopened")
    var parts = try Study.create(settings, storage: path)
    for _ in 0..<6 {
      try parts.optimize(Self.discovering, RunOptions(nTrials: 5, nJobs: 3))
      parts.close()
      parts = try Study.open(storage: path)
    }
    for (mine, other) in zip(try parts.trials().records, try whole.trials().records) {
      for param in other.params {
        #expect(mine[param.name] == param.value, "trial \(mine.number), \(param.name)")
      }
    }
  }

  @Test("enqueued points have their places", arguments: [1, 2, 7])
  func enqueued(jobs: Int) throws {
    var settings = try Self.settings(StrategyCatalog.description(named: "tpe"))
    settings.duplicates = .reuse
    let study = try Study.create(settings)
    for degree in 2...4 {
      try study.enqueue(json: #"{"kernel": "poly", "degree": \#(degree)}"#)
    }
    try study.optimize(Self.objective, RunOptions(nTrials: 12, nJobs: jobs))
    let trials = try study.trials().records
    #expect((0..<3).map { trials[$0]["degree"] } == [.int(2), .int(3), .int(4)])
    let alone = try Study.create(settings)
    for degree in 2...4 {
      try alone.enqueue(json: #"{"kernel": "poly", "degree": \#(degree)}"#)
    }
    try alone.optimize(Self.objective, RunOptions(nTrials: 12))
    #expect(trials.map(\.timeless) == (try alone.trials().records.map(\.timeless)))
  }

  @Test(
    "a point that a trial had before its window is reused, one within is not", arguments: [1, 2, 7])
  func reused(jobs: Int) throws {
    var settings = try Self.settings(StrategyCatalog.description(named: "random"))
    settings.space = try Space(json: #"{"x": {"type": "int", "low": 0, "high": 3}}"#)
    settings.duplicates = .reuse
    let evaluated = Counter()
    let objective = ClosureObjective { trial, values in
      usleep(UInt32.random(in: 0...2000))
      evaluated.add(trial.number)
      values[0] = Double(trial.number)
      return .complete
    }
    let study = try Study.create(settings)
    try study.optimize(objective, RunOptions(nTrials: 40, nJobs: jobs))
    let trials = try study.trials().records
    for trial in trials {
      let known = trials.prefix(max(0, trial.number - Self.window + 1)).first {
        $0["x"] == trial["x"]
      }
      #expect(trial.values == [known.map { $0.values[0] } ?? Double(trial.number)])
      #expect(evaluated.numbers.contains(trial.number) == (known == nil))
    }
  }
}
