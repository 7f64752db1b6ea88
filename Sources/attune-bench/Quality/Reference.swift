import AttuneCore

/// What regret of an instance is measured by: its optimum, and what random search reaches.
struct Reference: Sendable {
  static let repetitions = 100

  let optimum: Double
  /// The median of random search's best, for each number of trials asked for.
  let medians: [Double]
  /// The standard deviation of the noise in what strategies are told.
  let noise: Double

  init(optimum: Double, medians: [Double], noise: Double = 0) {
    (self.optimum, self.medians, self.noise) = (optimum, medians, noise)
  }

  init(_ problem: BenchProblem, seed: Int, checkpoints: [Int]) {
    var optimum = problem.optimum ?? .infinity
    if problem.optimum == nil {
      var search = OptimumSearch(problem, seed: seed)
      optimum = search.run()
    }
    let quiet = Self.medians(problem, noise: 0, seed, [25])
    noise = problem.noiseShare * max(0, quiet[0] - optimum)
    medians = Self.medians(problem, noise: noise, seed, checkpoints)
    self.optimum = optimum
  }

  private static func medians(
    _ problem: BenchProblem, noise: Double, _ seed: Int, _ checkpoints: [Int]
  ) -> [Double] {
    var random = InstanceRandom(name: "random search", seed: seed)
    let parameters = problem.space.parameters
    var reached = checkpoints.map { _ in [Double]() }
    for _ in 0..<repetitions {
      var incumbent = Incumbent()
      for _ in 0..<(checkpoints.max() ?? 0) {
        let point = problem.space.point {
          parameters[$0].distribution.slot(atRandom: random.bits())
        }
        let value = problem.value(at: point)
        incumbent.add(
          observed: noise > 0 ? value + noise * random.normal() : value, value: value)
      }
      for (index, count) in checkpoints.enumerated() {
        reached[index].append(incumbent.value(after: count))
      }
    }
    return reached.map { values in
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
  }

  static let worst = 1.5

  /// How far `value` is from the optimum, in units of what random search lacks: 0 is the optimum, 1
  /// is random search, and nothing counts as worse than 1.5. `nil` where random search lacks nothing.
  func regret(_ value: Double, at checkpoint: Int) -> Double? {
    let lack = medians[checkpoint] - optimum
    guard lack > 1e-12 * max(1, medians[checkpoint].magnitude) else { return nil }
    guard value.isFinite else { return Self.worst }
    return min(max((value - optimum) / lack, 0), Self.worst)
  }
}
