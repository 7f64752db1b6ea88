import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That TPE finds the best candidate though it scores most of them only in part.
struct TPEScorerTests {
  @Test(
    "the best candidate is the one that whole sums find",
    arguments: [LawSpace.mixed, .nested, .extremes], [20, 700])
  func best(law: LawSpace, count: Int) throws {
    let space = try law.space()
    var study = try BareStudy(space)
    for number in 0..<count {
      try study.start(study.drawn(number))
      study.finish(number) { x in x.reduce(0) { $0 + ($1 ?? 0).magnitude.squareRoot() } }
    }
    let dimensions = space.parameters.enumerated().compactMap { index, parameter in
      TPEDimension(index, parameter.distribution)
    }
    var state = TPEState(dimensions, TPESettings(.none), [.minimize])
    state.read(study.log.snapshot)
    state.settle()
    let logs = dimensions.map {
      TPECategoryShares(kernelCount: 30, choiceCount: $0.choiceCount ?? 2, isYoung: false)
        .logs($0.choiceCount)
    }
    let weights = TPEScorer.Weights(
      good: (0..<state.good.laneCount).map { -Float($0) / 8 }, otherPrior: 0,
      goodCategories: logs, otherCategories: logs)
    var candidates = TPECandidates(24, width: space.count, dimensionCount: dimensions.count)
    for number in 0..<24 {
      candidates.set(number, study.drawn(5_000 + number))
      for (index, dimension) in dimensions.enumerated() {
        let slot = candidates.slot(number, dimension.parameter)
        candidates.setCoordinate(
          number, index, slot.map { dimension.candidateCoordinate(ofSlot: $0) } ?? .nan)
      }
    }
    let scores = (0..<24).map { score(candidates, $0, dimensions, state, weights) }
    var scorer = TPEScorer(dimensions)
    var pool = Array(0..<24)
    for _ in 0..<6 {
      let best = scorer.best(candidates, of: pool, state, weights)
      let wanted = pool.map { scores[$0] }.max() ?? 0
      #expect(scores[best] == wanted)
      pool.removeAll { $0 == best }
    }
  }

  private func score(
    _ candidates: TPECandidates, _ number: Int, _ dimensions: [TPEDimension], _ state: TPEState,
    _ weights: TPEScorer.Weights
  ) -> Double {
    let active = candidates.activeSet(number)
    func logDensity(
      _ kernels: TPEKernels, _ logWeights: [Float]?, _ logs: [KernelDensity.CategoryLogs]
    ) -> Double {
      var view = TPEView(dimensions) { active[dimensions[$0].parameter] }
      view.read(kernels, logWeights: logWeights, priorLogWeight: weights.otherPrior)
      var result: [Double] = []
      view.logDensities(candidates, [number], logs, into: &result)
      return result[0]
    }
    return logDensity(state.good, weights.good, weights.goodCategories)
      - logDensity(state.others, nil, weights.otherCategories)
  }
}
