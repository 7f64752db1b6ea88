public import AttuneCore

/// Bayesian optimization by a Gaussian process.
///
/// For: tens to hundreds of costly trials in spaces of any kind, up to some twenty parameters. After a
/// design (the middle, then Sobol's sequence) a process with a Matérn-5/2 kernel, a length for each
/// parameter and the maximum a posteriori of its hyperparameters is fitted to the values, warped as
/// the evidence asks; the point with the largest logarithm of expected improvement is proposed. See
/// `Surrogate`, `GaussianProcessFit`, `OutputWarp`, `AcquisitionSearch`; beyond 15 parameters
/// `TrustRegion`. Trials that failed or violate a constraint teach where not to look, pending ones
/// narrow the variance and the rule changes to UCB-PE. Never proposes a point twice while there are
/// others. Two to four objectives have a process each, and the point is where their front should gain
/// most volume (`HypervolumeArm`, `LogExpectedHypervolumeImprovement`); more are left to `tpe`.
///
/// Derivatives by continuous parameters that trials give (`set_gradient`) are observations too, warped with
/// the values and with noise of their own; any may be absent (NaN). Up to 600 values and derivatives
/// together are known, beyond that the derivatives of the best trials and of those near the best alone; where they are
/// noise, or the covariance breaks down, the process is that of the values. An ask costs as one of as many trials
/// as there are values and derivatives.
///
/// About 1.5 ms an ask at 100 trials of 10 parameters, 3 ms at 200; beyond 256 the process knows the
/// best trials, those near the best, and some of the rest, at 5 ms.
public struct GPStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "gp",
    summary: "Bayesian optimization by a Gaussian process: few, costly trials; uses gradients",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true,
    options: ModelOptions.shared)

  private var engine: ModelEngine

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    var settings = ModelOptions.settings(options)
    settings.usesProcessAlone = true
    engine = try ModelEngine(
      space: space, directions: directions, settings: settings, options: options)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    engine.propose(request, given: history)
  }
}
