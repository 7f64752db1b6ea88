import Attune
import AttuneCore
import Glibc

/// Runs strategies on one instance.
struct QualityRun {
  let family: ProblemFamily
  let seed: Int
  let checkpoints: [Int]

  /// A result for each strategy that serves the space.
  func results(_ strategies: [StrategySpec]) throws -> [QualityResult] {
    let problem = try family.instance(seed: seed)
    let reference = Reference(problem, seed: seed, checkpoints: checkpoints)
    return try strategies.compactMap { strategy in
      do {
        return try result(strategy, problem, reference)
      } catch let error as AttuneError where error.code == .notSupported {
        return nil
      }
    }
  }

  private func result(
    _ strategy: StrategySpec, _ problem: BenchProblem, _ reference: Reference
  ) throws -> QualityResult {
    var settings = Study.Settings()
    settings.space = problem.space
    settings.strategy = strategy.name
    settings.strategyOptions = strategy.options
    var random = InstanceRandom(name: "study of " + family.name, seed: seed)
    settings.seed = random.bits()
    let study = try Study.create(settings)
    defer { study.close() }
    // Noise belongs to the trial, not to the strategy: all meet the same.
    var noise = InstanceRandom(name: "noise of " + family.name, seed: seed)
    var incumbent = Incumbent()
    var seconds = 0.0
    for _ in 0..<(checkpoints.last ?? 0) {
      let start = Clock.processor
      let trial: RunningTrial
      do throws(AttuneError) {
        trial = try study.ask()
      } catch {
        if error.code == .exhausted { break }
        throw error
      }
      seconds += Clock.processor - start
      let value = problem.value(at: trial.point)
      let observed = value + reference.noise * noise.normal()
      incumbent.add(observed: observed, value: value)
      seconds += try Clock.processorSeconds { _ = try study.tell(trial, values: [observed]) }
    }
    return QualityResult(
      strategy: strategy.label, problem: family.name, group: family.group.rawValue, seed: seed,
      regrets: checkpoints.indices.map {
        reference.regret(incumbent.value(after: checkpoints[$0]), at: $0)
      },
      value: incumbent.value(after: .max), optimum: reference.optimum,
      microseconds: seconds / Double(max(1, incumbent.values.count)) * 1e6)
  }
}
