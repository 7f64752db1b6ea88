import AttuneCore
import AttuneObjectives

/// What an evaluator costs over the direct call of the function it calls.
struct EvaluatorBench {
  private typealias DirectCalls = @convention(c) (Int64) -> Double

  private static let calls = 1_000_000
  private static let rounds = 7

  let objectives: BenchObjectives

  func run() throws {
    Row.heading("evaluators, ns a call")
    try compare(
      "plugin evaluate",
      with: try PluginObjective(
        path: objectives.path, id: "org.attune.bench.sum"),
      direct: "bench_direct_plugin", wanted: "<= 150")
    try compare(
      "native call by libffi",
      with: try NativeObjective(
        library: objectives.path,
        signature: "f64 bench_sum(f64 a, f64 b, f64 c, f64 d, f64 e)"),
      direct: "bench_direct_native", wanted: "<= 100")
  }

  /// Direct and evaluator's calls take turns, so that both meet the same noise.
  private func compare(
    _ name: String, with objective: any Objective, direct: String, wanted: String
  ) throws {
    let names = ["a", "b", "c", "d", "e"]
    let space = try Space(
      json: "{"
        + names.map { "\"\($0)\": {\"type\": \"float\", \"low\": 0, \"high\": 1}" }
        .joined(separator: ", ") + "}")
    let evaluator = try objective.makeEvaluator(for: space, valueCount: 1)
    let trial = SilentTrial(
      space, space.point { space.parameters[$0].distribution.slot(atUnit: 0.4) })
    let function = unsafeBitCast(
      try objectives.library.symbol(direct), to: DirectCalls.self)
    var directTimes: [Double] = []
    var times: [Double] = []
    for _ in 0..<Self.rounds {
      directTimes.append(function(Int64(Self.calls)))
      times.append(try Self.nanoseconds(of: evaluator, trial))
    }
    let median = times.sorted()[Self.rounds / 2]
    let directMedian = directTimes.sorted()[Self.rounds / 2]
    Row.measured("direct call, \(name)", directMedian)
    Row.measured(name, median)
    Row.measured("\(name) over direct call", median - directMedian, wanted: wanted)
  }

  private static func nanoseconds(
    of evaluator: any Evaluator, _ trial: SilentTrial
  ) throws -> Double {
    var failures = 0
    let seconds = withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { values in
      Clock.seconds {
        for _ in 0..<calls {
          values[0] = .nan
          if evaluator.evaluate(trial, values: values) != .complete { failures += 1 }
        }
      }
    }
    guard failures == 0 else {
      throw AttuneError(.objective, "\(failures) of \(calls) evaluations failed, wanted none")
    }
    return seconds / Double(calls) * 1e9
  }
}
