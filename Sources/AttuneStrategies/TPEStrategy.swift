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
/// spread. Pruned trials rank behind complete ones, by their last report. Several objectives rank
/// by fronts. A conditional parameter is drawn where its parents make it active; trials without it
/// count as uniform in it, and densities of a point are those of its active parameters. Constraints
/// play no part yet. A point that was evaluated or is running is not proposed while there are
/// others (unless `noisy`); values given by `enqueue` are kept, and the others drawn around them.
///
/// An ask takes about 24 · d · n steps of a kernel, n up to 2,048; larger histories are sampled.
public struct TPEStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "tpe",
    summary: "densities of good and other trials compared: mixed, conditional and long searches",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true,
    options: TPESettings.descriptions)

  private let settings: TPESettings
  private let dimensions: [TPEDimension]
  private let directions: [Direction]
  private let sampler: TPESampler
  private var design: SobolStrategy
  private var state: TPEState
  private var views: [(good: TPEView, others: TPEView)] = []
  /// The views of each set of active parameters met.
  private var viewIndexes: [ActiveSet: Int] = [:]

  /// More sets of active parameters than this are not kept at once.
  private static let viewLimit = 64
  /// How many changed points are tried for one that is not known.
  private static let mutationLimit = 64

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    settings = TPESettings(options)
    dimensions = space.parameters.enumerated().compactMap { index, parameter in
      TPEDimension(index, parameter.distribution)
    }
    self.directions = directions
    sampler = TPESampler(space, dimensions)
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    state = TPEState(dimensions, settings, directions)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    if history.eventCount < state.eventCount {
      // An earlier moment than the last: what is known since must be forgotten.
      state = TPEState(dimensions, settings, directions)
      dropViews()
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
      settings.isNoisy || !state.hasSeen(point)
    {
      return point
    }
    return modelled(request)
  }

  /// The best candidate that is not known.
  private mutating func modelled(_ request: Request) -> Point? {
    state.settle()
    let isYoung = state.finishedCount < 50
    let goodShares = shares(state.good, isYoung: isYoung)
    let weights = goodWeights()
    let candidates = sampler.candidates(
      settings.candidateCount, request, state.good, weights: weights, shares: goodShares)
    let scores = scores(
      candidates, weights: weights, goodShares: goodShares,
      otherShares: shares(state.others, isYoung: isYoung))
    let order = scores.indices.filter { !scores[$0].isNaN }
      .sorted { scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
    if !settings.isNoisy, let base = order.first ?? candidates.indices.first {
      for index in order where !state.hasSeen(candidates[index].point) {
        return candidates[index].point
      }
      for number in 0..<Self.mutationLimit {
        let point = sampler.mutated(candidates[base].point, request, number)
        if !state.hasSeen(point) { return point }
      }
    }
    return (order.first ?? candidates.indices.first).map { candidates[$0].point }
  }

  /// The weight of each lane of the good kernels.
  private func goodWeights() -> [Double] {
    let weights = state.ranking.weights(of: Array(state.good.trials.dropFirst()))
    guard !weights.isEmpty else { return [1] }
    let mean = weights.reduce(0, +) / Double(weights.count)
    return [settings.priorWeight * mean] + weights
  }

  private func shares(_ kernels: TPEKernels, isYoung: Bool) -> [TPECategoryShares] {
    dimensions.enumerated().map { index, dimension in
      guard case .category(let count) = dimension.kind else { return .none }
      return TPECategoryShares(
        kernelCount: kernels.presentCounts[index], choiceCount: count, isYoung: isYoung)
    }
  }

  private func logs(_ shares: [TPECategoryShares]) -> [KernelDensity.CategoryLogs] {
    zip(shares, dimensions).map { shares, dimension in
      guard case .category(let count) = dimension.kind else { return .init(same: 0, different: 0) }
      return shares.logs(count)
    }
  }

  /// ln l − ln g of each candidate, up to a constant; not-a-number where one of them is not finite.
  private mutating func scores(
    _ candidates: [TPECandidate], weights: [Double], goodShares: [TPECategoryShares],
    otherShares: [TPECategoryShares]
  ) -> [Double] {
    let (goodLogs, otherLogs) = (logs(goodShares), logs(otherShares))
    let logWeights = weights.map { Float(Elementary.log($0)) }
    let priorWeight = state.others.laneCount > 1 ? settings.priorWeight : 1
    let priorLogWeight = Float(Elementary.log(priorWeight))
    var scores = [Double](repeating: .nan, count: candidates.count)
    var isScored = [Bool](repeating: false, count: candidates.count)
    var (good, others): ([Double], [Double]) = ([], [])
    for first in candidates.indices where !isScored[first] {
      let active = candidates[first].point.active
      let mates = candidates.indices.filter { candidates[$0].point.active == active }
      let view = viewIndex(active)
      views[view].good.read(state.good, logWeights: logWeights, priorLogWeight: 0)
      views[view].others.read(state.others, logWeights: nil, priorLogWeight: priorLogWeight)
      views[view].good.logDensities(candidates, mates, categoryLogs: goodLogs, into: &good)
      views[view].others.logDensities(candidates, mates, categoryLogs: otherLogs, into: &others)
      for (place, candidate) in mates.enumerated() {
        isScored[candidate] = true
        let score = good[place] - others[place]
        scores[candidate] = score.isFinite ? score : .nan
      }
    }
    return scores
  }

  private mutating func dropViews() {
    views.removeAll()
    viewIndexes.removeAll()
  }

  private mutating func viewIndex(_ active: ActiveSet) -> Int {
    if let index = viewIndexes[active] { return index }
    if views.count >= Self.viewLimit { dropViews() }
    let isActive = { [dimensions] (index: Int) in active[dimensions[index].parameter] }
    views.append((TPEView(dimensions, isActive: isActive), TPEView(dimensions, isActive: isActive)))
    viewIndexes[active] = views.count - 1
    return views.count - 1
  }
}
