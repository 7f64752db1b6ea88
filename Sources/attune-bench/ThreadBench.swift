import Attune
import AttuneCore
import AttuneObjectives

/// How busy several threads of a thread-safe plugin keep the cores.
///
/// Beside it stands what bare threads with the same work reach: on a machine that others use, or with
/// fewer cores, no library can do better than those.
struct ThreadBench {
  private typealias Calibrate = @convention(c) (Double) -> Void
  private typealias BareThreads = @convention(c) (Int64, Int32) -> Double

  private static let trials = 4000
  private static let rounds = 5
  private static let threads = 4

  let objectives: BenchObjectives

  func run() throws {
    Row.heading("threads, plugin of 100 microseconds")
    let calibrate = unsafeBitCast(
      try objectives.library.symbol("bench_calibrate"), to: Calibrate.self)
    let bareThreads = unsafeBitCast(
      try objectives.library.symbol("bench_bare_threads"), to: BareThreads.self)
    calibrate(100)
    let objective = try PluginObjective(path: objectives.path, id: "org.attune.bench.work")
    var ratios: [Double] = []
    var bareRatios: [Double] = []
    for _ in 0..<Self.rounds {
      ratios.append(try seconds(objective, jobs: 1) / seconds(objective, jobs: Self.threads))
      let count = Int64(Self.trials)
      bareRatios.append(bareThreads(count, 1) / bareThreads(count, Int32(Self.threads)))
    }
    let middle = Self.rounds / 2
    Row.measured(
      "4 threads to 1, times as fast", ratios.sorted()[middle], wanted: ">= 1.8", decimals: 2)
    Row.measured("the same with bare threads", bareRatios.sorted()[middle], decimals: 2)
    let shares = zip(ratios, bareRatios).map { $0 / $1 }
    Row.measured("share of what bare threads reach", shares.sorted()[middle], decimals: 2)
  }

  private func seconds(_ objective: PluginObjective, jobs: Int) throws -> Double {
    var settings = Study.Settings()
    settings.space = try Space(json: objective.descriptor.spaceJSON)
    settings.strategy = "random"
    settings.seed = 1
    let study = try Study.create(settings)
    defer { study.close() }
    return try Clock.seconds {
      _ = try study.optimize(objective, RunOptions(nTrials: Self.trials, nJobs: jobs))
    }
  }
}
