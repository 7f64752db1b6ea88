public import AttuneCore

/// The portfolio that picks what fits: models of several kinds in turns.
///
/// The strategy of studies that name none. By space, trials so far and what is said of noise and
/// budget, turns go to a Gaussian process (`GPStrategy`), to the minimum of a quadratic model around
/// the best trial (`QuadraticArm`; on smooth objectives it converges by orders of magnitude quicker),
/// and in long studies to densities of good trials (`TPEStrategy`) or, where all parameters are continuous,
/// to a search by CMA-ES that starts from the best trials (`CMAESArm`). Two to four objectives have a
/// process each and the volume that their front should gain (`FrontPortfolio`, `HypervolumeArm`), with
/// crossings and densities in turns; more have densities alone. Whose turn it is depends on the trials alone
/// (`Schedule`). Nothing need be said: `noisy`, `budget` and `batch_size` help where they are known. Noisy
/// studies repeat one of the best trials every eighth time and take no quadratic steps; the last trials of a
/// budget refine the best place.
///
/// Gradients that trials give by continuous parameters are used: the process knows them beside the values
/// (`GPStrategy`), and quadratic steps start from the best trial's gradient, with the curvature that those
/// of its neighbours tell of (`SecantHessian`).
///
/// A trial that was stopped early counts as what it would have ended with, by how its last report stands
/// among those that the COMPLETE trials made at that step (`FinishedReports.outlook`), never as better than
/// the best of these. With several objectives, and where none of them reached the step, it counts as its last
/// values, never as better than the median. A paused trial counts as one stopped, until it goes on.
///
/// About 1 ms an ask at 100 trials of 10 parameters; with two objectives twice to four times as much.
public struct BayesianStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "bayesian",
    summary:
      "the portfolio that picks what fits: Gaussian process, quadratic steps, densities, CMA-ES; uses gradients",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true,
    options: ModelOptions.shared + [
      OptionDescription(
        "budget", .int(low: 1, high: 1 << 40), default: .null,
        "how many trials there will be in all, if known: the last ones refine the best")
    ])

  private var engine: ModelEngine

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    var settings = ModelOptions.settings(options)
    settings.budget = options.int("budget")
    engine = try ModelEngine(
      space: space, directions: directions, settings: settings, options: options)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    engine.propose(request, given: history)
  }
}
