import AttuneCore
import AttuneNumerics

/// Finds the candidate with the largest ln l − ln g.
///
/// The sum over the kernels of g grows with each of them, so a part of it bounds a score from above.
/// Candidates are scored whole in the order of their bounds by the newest kernels, and no further
/// than where their bound falls below the best score so far: the best is the same, for a part of
/// the work.
struct TPEScorer: Sendable {
  /// What weighs the kernels of the two densities.
  struct Weights: Sendable {
    /// By lane of the good kernels.
    let good: [Float]
    /// Of the prior among the others, which all weigh 1.
    let otherPrior: Float
    /// By dimension.
    let goodCategories: [KernelDensity.CategoryLogs]
    let otherCategories: [KernelDensity.CategoryLogs]
  }

  private let dimensions: [TPEDimension]
  private var views: [(good: TPEView, others: TPEView)] = []
  /// The views of each set of active parameters met.
  private var viewIndexes: [ActiveSet: Int] = [:]
  private var good: [Double] = []
  private var others: [Double] = []

  /// More sets of active parameters than this are not kept at once.
  private static let viewLimit = 64
  /// So many of the newest kernels make the first bounds.
  private static let boundCount = 128

  init(_ dimensions: [TPEDimension]) {
    self.dimensions = dimensions
  }

  /// The best of the candidates of `pool`, the first of equals; the first of all if none has a
  /// finite score. Densities are of the candidate's active parameters.
  mutating func best(
    _ candidates: TPECandidates, of pool: [Int], _ state: TPEState, _ weights: Weights
  ) -> Int {
    var best = (number: pool.first ?? 0, score: -Double.infinity)
    var rest = pool
    while let first = rest.first {
      let active = candidates.activeSet(first)
      var mates = rest
      if rest.contains(where: { candidates.activeSet($0) != active }) {
        mates = rest.filter { candidates.activeSet($0) == active }
        rest.removeAll { candidates.activeSet($0) == active }
      } else {
        rest = []
      }
      let view = viewIndex(active)
      views[view].good.read(state.good, logWeights: weights.good, priorLogWeight: 0)
      views[view].others.read(
        state.others, logWeights: nil, priorLogWeight: weights.otherPrior)
      score(candidates, mates, view, state.others.laneCount, weights, &best)
    }
    return best.number
  }

  /// Replaces `best` if one of `mates`, which have the same active parameters, is better; there are
  /// `kernelCount` kernels in g.
  private mutating func score(
    _ candidates: TPECandidates, _ mates: [Int], _ view: Int, _ kernelCount: Int,
    _ weights: Weights, _ best: inout (number: Int, score: Double)
  ) {
    views[view].good.logDensities(
      candidates, mates, weights.goodCategories, into: &good)
    views[view].others.logDensities(
      candidates, mates, weights.otherCategories, newest: Self.boundCount, into: &others)
    var bounds = mates.indices.map { place in
      (
        number: mates[place], place: place, good: good[place],
        bound: good[place] - others[place]
      )
    }
    bounds.removeAll { $0.bound.isNaN || $0.good == -.infinity }
    if kernelCount <= Self.boundCount {
      for candidate in bounds { take(candidate.number, candidate.bound, &best) }
      return
    }
    bounds.sort { $0.bound > $1.bound || ($0.bound == $1.bound && $0.number < $1.number) }
    for start in stride(from: 0, to: bounds.count, by: KernelDensity.tile) {
      let tile = bounds[start..<min(start + KernelDensity.tile, bounds.count)]
      guard bounds[start].bound >= best.score else { return }
      views[view].others.complete(
        tile.map(\.place), limits: tile.map { $0.good - best.score }, into: &others)
      for (place, candidate) in tile.enumerated() {
        take(candidate.number, candidate.good - others[place], &best)
      }
    }
  }

  private func take(
    _ number: Int, _ score: Double, _ best: inout (number: Int, score: Double)
  ) {
    guard score.isFinite else { return }
    if score > best.score || (score == best.score && number < best.number) {
      best = (number, score)
    }
  }

  private mutating func viewIndex(_ active: ActiveSet) -> Int {
    if let index = viewIndexes[active] { return index }
    if views.count >= Self.viewLimit {
      views.removeAll()
      viewIndexes.removeAll()
    }
    let isActive = { [dimensions] (index: Int) in active[dimensions[index].parameter] }
    views.append((TPEView(dimensions, isActive: isActive), TPEView(dimensions, isActive: isActive)))
    viewIndexes[active] = views.count - 1
    return views.count - 1
  }
}
