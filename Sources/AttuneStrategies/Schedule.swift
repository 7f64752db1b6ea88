/// Whose turn it is among the arms of a portfolio.
///
/// First a design: the middle, then Sobol's sequence. Then the Gaussian process, with quadratic steps
/// in turns where axes are continuous; their turns become rare while they fail or do worse. When the
/// process can no longer know all trials, the densities of `tpe` take over step by step. Where all axes are
/// continuous, a search by `cmaes` does, from what is known by then; after four times as many trials it has
/// three quarters of the turns.
struct Schedule: Sendable {
  /// What can propose a trial.
  enum Arm: Sendable, Hashable {
    /// The middle of the space.
    case centre
    /// A point of Sobol's sequence.
    case design
    /// Where improvement is expected.
    case gaussianProcess
    /// Where the model is best.
    case exploitation
    /// The minimum of a quadratic model.
    case quadratic
    /// Where good trials are denser than others.
    case tpe
    /// From a distribution that moves to where good trials lie.
    case cmaes
    /// One of the best again, to know it better.
    case repetition
    /// Anywhere.
    case uniform
  }

  struct Settings: Sendable {
    var noise = Surrogate.Noise.unknown
    /// Trials of the design; `nil` when the space decides.
    var startupCount: Int?
    /// All trials there will be; `nil` when unknown.
    var budget: Int?
    /// How many trials run at once.
    var batchSize = 1
    /// Whether the Gaussian process is the only arm.
    var usesProcessAlone = false
  }

  private let settings: Settings
  private let axisCount: Int
  private let smoothCount: Int
  /// Trials of the design.
  let startupCount: Int
  /// From this many trials on, others share the process's turns.
  let handOver: Int
  /// From this many trials on, it has none.
  static let processLimit = 2000
  /// From this many trials on, there are no quadratic steps.
  static let quadraticLimit = 2000

  init(_ settings: Settings, model: ModelSpace) {
    self.settings = settings
    axisCount = model.axes.count
    smoothCount = model.smoothAxes.count
    var startup = settings.startupCount ?? max(min(max(2 * axisCount, 5), 12), settings.batchSize)
    if settings.startupCount == nil, let budget = settings.budget {
      startup = min(startup, max(budget / 4, 3))
    }
    startupCount = startup
    handOver = min(max(30 * axisCount, 150), 500)
  }

  /// Who may propose, in the order of trying: trial `ordinal` of the strategy, `attempt` turned down.
  func arms(
    ordinal: Int, attempt: Int, valueCount: Int, staleCount: Int, quadraticRarity: Int,
    adaptationRarity: Int
  ) -> [Arm] {
    if attempt > 8 { return [.uniform] }
    if ordinal < startupCount || valueCount < 2 {
      return ordinal == 0 && attempt == 0 ? [.centre, .design, .uniform] : [.design, .uniform]
    }
    if settings.usesProcessAlone { return [.gaussianProcess] }
    if attempt > 0 { return valueCount < Self.processLimit ? [.gaussianProcess] : [.tpe] }
    if isLast(ordinal) {
      return isQuadratic ? [.quadratic, .exploitation, .gaussianProcess] : [.exploitation]
    }
    if settings.noise == .some, ordinal % 8 == 5 { return [.repetition, .gaussianProcess] }
    if isStale(staleCount, ordinal, valueCount) { return [.tpe, .gaussianProcess] }
    if isAdaptive, valueCount >= handOver {
      return adaptiveArms(ordinal, valueCount, quadraticRarity, adaptationRarity)
    }
    let model: Arm =
      valueCount < handOver || (valueCount < Self.processLimit && ordinal % 4 == 0)
      ? .gaussianProcess : .tpe
    if isQuadratic, valueCount < Self.quadraticLimit,
      ordinal % (quadraticPeriod * quadraticRarity) == 1
    {
      return [.quadratic, model]
    }
    return [model]
  }

  /// Whether a turn is one of those that densities have when none has found a better value for long: the
  /// models may be wrong together. Sooner and more often where no axis is continuous: there densities try
  /// what is near several good places, and not what a trend tells of.
  private func isStale(_ staleCount: Int, _ ordinal: Int, _ valueCount: Int) -> Bool {
    smoothCount == 0 && valueCount < handOver
      ? staleCount > 10 + axisCount && ordinal % 2 == 0
      : staleCount > 20 + 2 * axisCount && ordinal % 4 == 0
  }

  /// The turns beside `cmaes`, which become rarer as it goes on. While others find new best values more often,
  /// `tpe` has some of its first ones.
  private func adaptiveArms(
    _ ordinal: Int, _ valueCount: Int, _ quadraticRarity: Int, _ adaptationRarity: Int
  ) -> [Arm] {
    let first = max(2 * handOver, 12 * axisCount * axisCount)
    let phase = valueCount < first ? 1 : valueCount < 2 * first ? 2 : 4
    if valueCount < Self.processLimit, ordinal % min(4 * phase, 8) == 0 {
      return [.gaussianProcess]
    }
    if isQuadratic, valueCount < Self.quadraticLimit,
      ordinal % (2 * phase * quadraticRarity) == 1
    {
      return [.quadratic, .cmaes, .tpe]
    }
    if phase == 1, ordinal / 2 % adaptationRarity != 0 { return [.tpe] }
    return [.cmaes, .tpe]
  }

  private var isAdaptive: Bool { smoothCount == axisCount && smoothCount > 1 }

  private var isQuadratic: Bool { smoothCount > 0 && settings.noise != .some }

  /// Every how many trials the quadratic arm has one, while it does well.
  private var quadraticPeriod: Int { smoothCount == axisCount ? 2 : 3 }

  /// Whether a trial is among the last of the budget, which are for the best place known.
  private func isLast(_ ordinal: Int) -> Bool {
    guard let budget = settings.budget else { return false }
    return ordinal >= budget - min(max(2 * axisCount, budget / 20), budget / 10)
  }
}
