import AttuneCore
import AttuneObjectives
import Glibc

/// What worker processes cost: an evaluation more than in this process, and the time from a crash to an empty
/// worker.
struct IsolationBench {
  private static let calls = 20_000
  private static let rounds = 7
  private static let crashes = 41

  let objectives: BenchObjectives

  func run() throws {
    Row.heading("worker processes, microseconds")
    try evaluations()
    try crash()
  }

  private func evaluations() throws {
    let id = "org.attune.bench.sum"
    let here = try PluginObjective(path: objectives.path, id: id)
    let there = try isolated(id)
    let (space, trial) = try Self.trial(here.descriptor.spaceJSON)
    let near = try here.makeEvaluator(for: space, valueCount: 1)
    let far = try there.makeEvaluator(for: space, valueCount: 1)
    var nearTimes: [Double] = []
    var farTimes: [Double] = []
    for _ in 0..<Self.rounds {
      // Each call by itself: the median then says little of what else the machine does.
      nearTimes.append(try Self.median(of: near, trial))
      farTimes.append(try Self.median(of: far, trial))
    }
    let difference = farTimes.sorted()[Self.rounds / 2] - nearTimes.sorted()[Self.rounds / 2]
    Row.measured("isolated evaluation", farTimes.sorted()[Self.rounds / 2])
    Row.measured("isolated over in-process", difference, wanted: "<= 15")
  }

  private static func median(of evaluator: any Evaluator, _ trial: SilentTrial) throws -> Double {
    var times: [Double] = []
    var value = 0.0
    for _ in 0..<calls {
      value = .nan
      let start = Clock.now
      let evaluation = withUnsafeMutablePointer(to: &value) {
        evaluator.evaluate(trial, values: UnsafeMutableBufferPointer(start: $0, count: 1))
      }
      times.append(Clock.now - start)
      guard evaluation == .complete else {
        throw AttuneError(.objective, "an evaluation is \(evaluation), wanted complete")
      }
    }
    return times.sorted()[calls / 2] * 1e6
  }

  /// From the crash, which the objective notes, to the failure: by then the next worker is taken.
  private func crash() throws {
    let objective = try isolated("org.attune.bench.crash")
    guard let json = objective.description.spaceJSON else {
      throw AttuneError(.plugin, "the crashing objective has no space, wanted one")
    }
    let (space, trial) = try Self.trial(json)
    var times: [Double] = []
    for _ in 0..<Self.crashes {
      // A new evaluator each time: a first crash, not a row of them.
      let evaluator = try objective.makeEvaluator(for: space, valueCount: 1)
      usleep(20_000)
      var value = Double.nan
      let start = Clock.now
      _ = withUnsafeMutablePointer(to: &value) {
        evaluator.evaluate(trial, values: UnsafeMutableBufferPointer(start: $0, count: 1))
      }
      times.append(Clock.now - start)
    }
    let median = times.sorted()[Self.crashes / 2]
    Row.measured("a crash noticed, an empty worker ready", median * 1e6, wanted: "<= 5000")
  }

  private func isolated(_ id: String) throws -> IsolatedObjective {
    try IsolatedObjective(
      .plugin(path: objectives.path, id: id, config: nil, trust: PluginTrust()))
  }

  private static func trial(_ json: String) throws -> (Space, SilentTrial) {
    let space = try Space(json: json)
    let point = space.point { space.parameters[$0].distribution.slot(atUnit: 0.4) }
    return (space, SilentTrial(space, point))
  }
}
