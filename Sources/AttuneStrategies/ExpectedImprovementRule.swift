public import AttuneCore

/// Ends a search when a model of it expects next to no improvement anywhere.
///
/// For: costly trials of few parameters. A Gaussian process, that of the strategy `gp`, is fitted to the
/// trials; the rule holds when the largest expected improvement on the best, over the whole space, is
/// smaller than `floor` times the distance from the best value to the median, the range of the better
/// half: one bad value makes a range of all of them say nothing. What noise would hide does not count as an
/// improvement. (V. Nguyen and others, "Regret for expected improvement over the best-observed value and
/// stopping condition", ACML 2017, stop by expected improvement, too.)
///
/// Options: `floor` above 0 (0.001); `n_startup_trials` = 2 or more (20), how many trials must have a value
/// before it may hold.
///
/// As much as a proposal of `gp` for each trial.
public struct ExpectedImprovementRule: StopRule {
  public static let description = StopRuleDescription(
    name: "expected_improvement",
    summary: "the largest improvement a model expects is a smaller part of the values' range",
    needsSpace: true, endsEveryRun: false,
    options: [
      OptionDescription(
        "floor", .float(low: .leastNonzeroMagnitude, high: 1), default: .float(0.001),
        "the part of the range of the better half of the values that is no improvement"),
      OptionDescription(
        "n_startup_trials", .int(low: 2, high: 1 << 20), default: .int(20),
        "trials with a value before it may hold"),
    ])

  private let floor: Double
  private let startupCount: Int
  private var observations: Observations
  private var arm: GaussianProcessArm

  public init(space: Space, direction: Direction, options: Options) throws(AttuneError) {
    floor = options.float("floor") ?? 0.001
    startupCount = options.int("n_startup_trials") ?? 20
    let model = ModelSpace(space)
    observations = Observations(model: model, directions: [direction], usesOutlooks: true)
    arm = GaussianProcessArm(model: model, noise: .unknown)
  }

  public mutating func follow(_ trial: Int, in history: History) {
    guard let index = observations.follow(.finished(trial), in: history) else { return }
    arm.follow(observations, index: index)
  }

  public mutating func reasonToStop() -> String? {
    guard observations.count >= startupCount,
      let largest = arm.largestExpectedImprovement(observations)
    else { return nil }
    let range = Self.range(observations.values.sorted())
    guard range > 0, largest < floor * range else { return nil }
    return "the largest expected improvement is \(largest) after \(observations.count) trials, "
      + "\(floor) of the values' range is \(floor * range)"
  }

  /// From the best to the median; to the worst where these are equal.
  private static func range(_ sorted: [Double]) -> Double {
    guard let best = sorted.first, let worst = sorted.last else { return 0 }
    let half = sorted[sorted.count / 2] - best
    return half > 0 ? half : worst - best
  }
}
