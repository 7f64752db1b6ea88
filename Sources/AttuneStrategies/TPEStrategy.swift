public import AttuneCore
import AttuneNumerics

/// Models where good trials lie and where others do, and proposes what is likelier among the good.
///
/// For: mixed, conditional and categorical spaces, many workers, and hundreds to millions of
/// trials. The tree-structured Parzen estimator (J. Bergstra et al., "Algorithms for
/// hyper-parameter optimization", NeurIPS 2011) in its multivariate form: after `n_startup_trials`
/// points of a Sobol sequence, the best tenth or so of the trials (at most 25) makes the density l,
/// all others g, a product kernel each; of `n_ei_candidates` points drawn from l, the one with the
/// largest l/g is proposed. Kernels: `TPEKernels`, `TPECategoryShares`; weights in l: `TPERanking`;
/// g weighs all alike. Discrete numeric parameters have their levels' exact masses.
///
/// Failed, NaN and +∞ trials stand among the others, and so do running ones, so that workers
/// spread. A pruned trial ranks among the complete ones by what it would have ended with, as its last
/// report stands among theirs at that step (`FinishedReports.outlook`), but not before the best of them;
/// where none of them reached the step, behind all by its last report. (Partial results serve the densities
/// in S. Falkner and others, "BOHB", ICML 2018, section 3, those of one step alone; here those of all steps
/// do.) Trials that break constraints rank behind all of these, by how far. Several objectives rank by
/// fronts, the last one split by dominated volume. A conditional parameter is drawn where its parents make it active;
/// trials without it count as uniform in it, and densities of a point are those of its active
/// parameters. A point that was evaluated or is running is not proposed while there are others
/// (unless `noisy`); values given by `enqueue` are kept, and the others drawn around them.
///
/// An ask and a tell take 60 µs with ten parameters and a thousand trials or more: of longer
/// histories g takes a sample. In memory, a trial takes 50 bytes and 4 a parameter.
public struct TPEStrategy: Strategy {
  public static let comparesWholePoints = false
  public static let description = StrategyDescription(
    name: "tpe",
    summary: "densities of good and other trials compared: mixed, conditional and long searches",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true,
    options: TPESettings.descriptions)

  private let settings: TPESettings
  private let space: Space
  private let dimensions: [TPEDimension]
  private let directions: [Direction]
  private let sampler: TPESampler
  private var design: SobolStrategy
  private var state: TPEState
  private var normals = TPENormals()
  private var candidates: TPECandidates
  private var scorer: TPEScorer
  /// Whether points can come twice by chance.
  private let isDiscrete: Bool

  /// How many changed points are tried for one that is not known.
  private static let mutationLimit = 64

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = space
    settings = TPESettings(options)
    dimensions = space.parameters.enumerated().compactMap { index, parameter in
      TPEDimension(index, parameter.distribution)
    }
    self.directions = directions
    sampler = TPESampler(space, dimensions)
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    state = TPEState(dimensions, settings, directions)
    candidates = TPECandidates(
      settings.candidateCount, width: space.count, dimensionCount: dimensions.count)
    scorer = TPEScorer(dimensions)
    isDiscrete = dimensions.allSatisfy(\.isDiscrete)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    if history.eventCount < state.eventCount {
      // An earlier moment than the last: what is known since must be forgotten.
      state = TPEState(dimensions, settings, directions)
      (normals, scorer) = (TPENormals(), TPEScorer(dimensions))
    }
    state.read(history)
    guard state.finishedCount >= settings.startupCount, !dimensions.isEmpty else {
      return design.propose(request, given: history)
    }
    let choice = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.tpeChoice)
    if request.attempt == 0, choice.unit(at: 0) < settings.randomShare,
      let point = design.propose(request, given: history),
      settings.isNoisy || !state.hasSeen(point), space.allows(point)
    {
      return point
    }
    return modelled(request)
  }

  /// The best candidate that is not known.
  private mutating func modelled(_ request: Request) -> Point? {
    state.settle()
    normals.read(state.good)
    let isYoung = state.finishedCount < 50
    let goodShares = shares(state.good, isYoung: isYoung)
    let goodWeights = goodWeights()
    sampler.draw(
      &candidates, request,
      TPESource(
        kernels: state.good, normals: normals, weights: goodWeights, shares: goodShares))
    let weights = scorerWeights(goodWeights, goodShares, shares(state.others, isYoung: isYoung))
    var pool = Array(0..<candidates.count)
    if !settings.isNoisy, isDiscrete { pool.removeAll { state.hasSeen(candidates, $0) } }
    if space.isConstrained { pool.removeAll { !space.allows(candidates.point($0)) } }
    var base: Int?
    while !pool.isEmpty {
      let best = scorer.best(candidates, of: pool, state, weights)
      if settings.isNoisy || !state.hasSeen(candidates, best) { return candidates.point(best) }
      if base == nil { base = best }
      pool.removeAll { $0 == best }
    }
    let known = candidates.point(base ?? 0)
    for number in 0..<Self.mutationLimit {
      let point = sampler.mutated(known, request, number)
      if !state.hasSeen(point), space.allows(point) { return point }
    }
    return known
  }

  /// The weight of each lane of the good kernels.
  private func goodWeights() -> [Double] {
    let weights = state.ranking.weights(of: Array(state.good.trials.dropFirst()))
    guard !weights.isEmpty else { return [1] }
    let mean = weights.reduce(0, +) / Double(weights.count)
    return [settings.priorWeight * mean] + weights
  }

  private func shares(_ kernels: TPEKernels, isYoung: Bool) -> [TPECategoryShares] {
    dimensions.indices.map { index in
      guard let count = dimensions[index].choiceCount else { return .none }
      return TPECategoryShares(
        kernelCount: kernels.presentCounts[index], choiceCount: count, isYoung: isYoung)
    }
  }

  private func scorerWeights(
    _ goodWeights: [Double], _ goodShares: [TPECategoryShares], _ otherShares: [TPECategoryShares]
  ) -> TPEScorer.Weights {
    func logs(_ shares: [TPECategoryShares]) -> [KernelDensity.CategoryLogs] {
      dimensions.indices.map { shares[$0].logs(dimensions[$0].choiceCount) }
    }
    let priorWeight = state.others.laneCount > 1 ? settings.priorWeight : 1
    return TPEScorer.Weights(
      good: goodWeights.map { Float(Elementary.log($0)) },
      otherPrior: Float(Elementary.log(priorWeight)), goodCategories: logs(goodShares),
      otherCategories: logs(otherShares))
  }
}
