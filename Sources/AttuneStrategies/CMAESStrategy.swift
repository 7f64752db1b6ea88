public import AttuneCore

/// Adapts a normal distribution, its shape and its size, to where good trials lie: CMA-ES.
///
/// For: hundreds to millions of trials in 2 to some hundred numeric parameters that depend on each
/// other, on objectives that may be ill-conditioned, rugged or noisy; values count by their ranks
/// alone. N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, with negative weights
/// for bad trials (active CMA-ES), restarts with large and small populations in turns
/// (`CMAESRestarts`), integers kept movable by a margin (`CMAESMargin`), categorical parameters with
/// probabilities that follow the natural gradient (`CMAESCategories`), points beyond bounds ranked
/// lower (`CMAESBounds`), learning rates that adapt to noise (`CMAESLearningRate`), and a diagonal
/// covariance at the start of searches in more than a hundred dimensions (`CMAESDistribution`).
///
/// An ask never waits. A generation ends when `population_size` results are there and no more of its
/// trials run than have ended; what comes later moves the next one, from no farther away than the
/// distribution reaches. Failed trials rank last, trials that violate constraints before them, pruned
/// ones behind complete ones. Enqueued and added trials that are the best so far count as well; before
/// the first trial they say where to start. Parameters that are inactive in a trial keep the numbers
/// that were drawn for them. Points that constraints forbid are drawn again, then moved to allowed ones, which
/// the distribution follows like points from outside. Where all parameters have few values, points that are known are drawn
/// again, up to sixteen times.
///
/// Options: `population_size` (2 or more; 4 + 3 ln(parameters)); `sigma0` (1e-6 to 10; 0.2), the first
/// deviation as a share of each range; `restart_strategy` (bipop, ipop, none); `noisy` (false). About
/// 2 µs an ask and tell of 5 parameters and 3 µs of 20.
public struct CMAESStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "cmaes",
    summary: "covariance matrix adaptation: long searches of numeric parameters, with restarts",
    supportsSeveralObjectives: false, supportsConditions: true, supportsDefineByRun: true,
    options: CMAESSettings.descriptions)

  private let space: CMAESSpace
  private let settings: CMAESSettings
  private let direction: Direction
  private var state: CMAESState?

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = CMAESSpace(space)
    settings = CMAESSettings(options)
    direction = directions.first ?? .minimize
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    if state?.precedes(history, seed: request.seed) != true {
      state = CMAESState(space, settings, direction: direction, seed: request.seed)
    }
    // In place, so that nothing is copied.
    while let count = state?.eventCount, count < history.eventCount {
      state?.follow(history) { history.origin($0) == .strategy }
    }
    return state?.propose(request)
  }
}
