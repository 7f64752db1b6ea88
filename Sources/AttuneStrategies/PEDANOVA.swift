public import AttuneCore
import AttuneNumerics

/// How much each parameter matters for being among the best, by densities of the best and of all trials.
///
/// PED-ANOVA (S. Watanabe, A. Bansal, F. Hutter, "PED-ANOVA: efficiently quantifying hyperparameter
/// importance in arbitrary subspaces", IJCAI 2023), with conditional parameters as in "Conditional
/// PED-ANOVA" (arXiv 2601.20800): the Pearson divergence between a parameter's density in the best tenth
/// and its density in all COMPLETE trials, each estimated on a grid of at most 50 cells with Scott's
/// bandwidth and a prior; where a parameter is active in some trials only, weighed by how much oftener it
/// is among the best. With several objectives the best tenth are fronts, the last one split by dominated
/// volume.
///
/// As Optuna's `PedAnovaImportanceEvaluator` computes it. Trials with an infinite value are left out.
/// O(n) a parameter, and a sort of n; with several objectives, an archive of n for each front of the best.
public enum PEDANOVA {
  /// The share of trials that count as the best.
  private static let target = 0.1

  /// The importance of each parameter of the space, in its order; all 0 with fewer than two trials.
  public static func importances(
    of history: History, space: Space, directions: [Direction]
  ) -> [Double] {
    let trials = FiniteTrials(history, directions)
    guard trials.numbers.count > 1 else { return Array(repeating: 0, count: space.count) }
    let best = Set(top(trials.numbers, trials.values, directions.count))
    let share = Double(best.count) / Double(trials.numbers.count)
    return space.parameters.indices.map { index in
      share * share * divergence(index, space, history, trials.numbers, best)
    }
  }

  /// `importances` as shares of their sum; equal ones where nothing matters.
  public static func shares(_ importances: [Double]) -> [Double] {
    let total = importances.reduce(0, +)
    guard total > 0 else { return importances.map { _ in 1 / Double(importances.count) } }
    return importances.map { $0 / total }
  }

  /// The best tenth, all that tie with its last among them.
  private static func top(_ numbers: [Int], _ values: [Double], _ width: Int) -> [Int] {
    let wanted = Int((target * Double(numbers.count)).rounded(.up))
    guard width > 1 else {
      let limit = values.sorted()[wanted - 1]
      return numbers.indices.filter { values[$0] <= limit }.map { numbers[$0] }
    }
    var rest = Array(numbers.indices)
    var chosen: [Int] = []
    while chosen.count < wanted {
      var archive = ParetoArchive(width: width)
      for index in rest {
        archive.add(index, Array(values[(index * width)..<((index + 1) * width)]))
      }
      let front = archive.members.sorted()
      if front.count <= wanted - chosen.count {
        chosen += front
        let members = Set(front)
        rest.removeAll { members.contains($0) }
        continue
      }
      let rows = front.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
      chosen += HypervolumeSubset.choose(wanted - chosen.count, from: rows, width: width)
        .map { front[$0] }
    }
    return chosen.map { numbers[$0] }
  }

  private static func divergence(
    _ index: Int, _ space: Space, _ history: History, _ numbers: [Int], _ best: Set<Int>
  ) -> Double {
    let distribution = space.parameters[index].distribution
    guard !distribution.isSingle, let grid = ImportanceGrid(distribution) else { return 0 }
    let active = numbers.filter { history.slot($0, index) != nil }
    let activeBest = active.filter { best.contains($0) }
    // A handful of trials is no regime.
    guard active.count > 1, !activeBest.isEmpty else { return 0 }
    let own = grid.density(of: activeBest.compactMap { history.slot($0, index) })
    let all = grid.density(of: active.compactMap { history.slot($0, index) })
    var sum = 0.0
    for (mine, others) in zip(own, all) {
      let (p, q) = (mine + 1e-12, others + 1e-12)
      sum += q * (p / q - 1) * (p / q - 1)
    }
    let (bestShare, share) = (
      Double(activeBest.count) / Double(best.count), Double(active.count) / Double(numbers.count)
    )
    return bestShare * bestShare / share * sum
  }
}
