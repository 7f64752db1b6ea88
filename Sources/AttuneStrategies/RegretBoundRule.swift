public import AttuneCore

/// Ends a search when what it can still gain is surely less than what can be told apart.
///
/// For: costly trials of few parameters whose values are uncertain, as cross-validated errors are. A
/// Gaussian process is fitted to the better half of the trials (`RegretBound`); the rule holds when its
/// upper bound of the regret, how far the best trial may be from the best value of the space, is below
/// `threshold`: an error that is known, such as √(1/k + 1/(k − 1)) times the deviation of the k folds of a
/// cross-validation; without one the deviation of the noise that the process finds. (A. Makarova and
/// others, "Automatic termination for hyperparameter optimization", AutoML 2022, as Optuna's Terminator
/// does it.)
///
/// Judged when the trials with a value are 8 % more than the last time: between, what was said stands.
///
/// Options: `threshold` above 0 (the noise), in units of the value; `n_startup_trials` = 20 or more (20),
/// how many trials must have a value before it may hold. PRUNED and infeasible trials do not count.
///
/// A fit anew each time, O(m³) for the m trials of the better half, 256 at most. The bound is a careful one:
/// without a threshold the rule holds late, or not at all where there is next to no noise.
public struct RegretBoundRule: StopRule {
  public static let description = StopRuleDescription(
    name: "regret_bound",
    summary: "the best trial is surely no farther from the optimum than this, or than the noise",
    needsSpace: true, endsEveryRun: false,
    options: [
      OptionDescription(
        "threshold", .float(low: .leastNonzeroMagnitude, high: .infinity), default: .null,
        "the regret that does not matter; if not given, the deviation of the noise"),
      OptionDescription(
        "n_startup_trials", .int(low: 20, high: 1 << 20), default: .int(20),
        "trials with a value before it may hold"),
    ])

  private let threshold: Double?
  private var observations: Observations
  /// How many values the next judgement is made of.
  private var next: Int
  private var judgement: (count: Int, bound: RegretBound)?

  public init(space: Space, direction: Direction, options: Options) throws(AttuneError) {
    threshold = options.float("threshold")
    next = options.int("n_startup_trials") ?? 20
    observations = Observations(model: ModelSpace(space), directions: [direction])
  }

  public mutating func follow(_ trial: Int, in history: History) {
    guard history.state(trial) == .complete, history.violation(trial) == 0 else { return }
    observations.follow(.finished(trial), in: history)
  }

  public mutating func reasonToStop() -> String? {
    judge()
    guard let (count, bound) = judgement else { return nil }
    let limit = threshold ?? bound.noise
    guard bound.regret < limit else { return nil }
    return "the regret is at most \(bound.regret) after \(count) trials, the "
      + (threshold == nil ? "deviation of the noise is" : "threshold is") + " \(limit)"
  }

  /// Makes the last of the judgements that are due: of the same values whenever it is made.
  private mutating func judge() {
    var count: Int?
    while next <= observations.count {
      count = next
      next = Surrogate.fitAfter(next)
    }
    guard let count else { return }
    judgement = RegretBound(observations, first: count).map { (count, $0) }
  }
}
