public import AttuneCore
import AttuneNumerics

/// How much of the variance of the values each parameter explains alone.
///
/// fANOVA (F. Hutter, H. Hoos, K. Leyton-Brown, "An efficient approach for assessing hyperparameter
/// importance", ICML 2014): 64 regression trees are grown from bootstraps of the COMPLETE trials; of each, the
/// variance of its mean over all other parameters is taken as a function of one parameter, as a share of the
/// variance of the tree over the whole space; shares are averaged over the trees. Parameters lie in 0...1 as
/// `Distribution.unit(ofSlot:)` has them. What is missing to 1 in the sum are effects of several
/// parameters together.
///
/// As Optuna's `FanovaImportanceEvaluator`, but for these: a choice has the measure of one of k, not of a corner
/// of a cube; a parameter that is inactive in a trial, on which the value cannot depend, stands at random there
/// instead of being left out of the study; several objectives are averaged. Trials with an infinite
/// value are left out; of more than 4,096, each tree draws as many. O(trees x trials x parameters x depth).
public enum FANOVA {
  private static let treeCount = 64
  /// Bounds the cost of a tree.
  private static let rowLimit = 4096

  /// The importance of each parameter of the space, in its order, 0 to 1; all 0 with fewer than two trials or
  /// where all values are equal. The same seed gives the same bits.
  public static func importances(
    of history: History, space: Space, directions: [Direction], seed: UInt64
  ) -> [Double] {
    let trials = FiniteTrials(history, directions)
    var importances = [Double](repeating: 0, count: space.count)
    let free = space.parameters.indices.filter { !space.parameters[$0].distribution.isSingle }
    guard trials.numbers.count > 1, !free.isEmpty else { return importances }
    let columns = free.map { column($0, space, history, trials.numbers, seed) }
    let width = directions.count
    for objective in 0..<width {
      let values = trials.numbers.indices.map { trials.values[$0 * width + objective] }
      for (index, share) in zip(free, shares(columns, values, seed)) {
        importances[index] += share / Double(width)
      }
    }
    return importances
  }

  /// The mean over the trees that are not constant.
  private static func shares(
    _ columns: [RegressionTree.Column], _ values: [Double], _ seed: UInt64
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: columns.count)
    var count = 0.0
    // Squares of values must not overflow; shares do not depend on their scale.
    let scale = values.reduce(0) { max($0, $1.magnitude) }
    guard scale > 0 else { return sums }
    let scaled = values.map { $0 / scale }
    for tree in 0..<treeCount {
      let weights = bootstrap(values.count, tree, seed)
      let grown = RegressionTree(columns: columns, values: scaled, weights: weights)
      let (total, alone) = grown.variances
      guard total > 0 else { continue }
      for index in sums.indices { sums[index] += alone[index] / total }
      count += 1
    }
    return count > 0 ? sums.map { $0 / count } : sums
  }

  /// How often each of the trials is drawn, with replacement.
  private static func bootstrap(_ count: Int, _ tree: Int, _ seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, trial: UInt64(tree), stream: RandomPurpose.bootstrap)
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<min(count, rowLimit) { weights[Int(stream.nextBelow(UInt64(count)))] += 1 }
    return weights
  }

  private static func column(
    _ index: Int, _ space: Space, _ history: History, _ numbers: [Int], _ seed: UInt64
  ) -> RegressionTree.Column {
    let distribution = space.parameters[index].distribution
    var choiceCount = 0
    if case .categorical(let categorical) = distribution { choiceCount = categorical.choices.count }
    let values = numbers.map { number in
      let slot =
        history.slot(number, index)
        ?? distribution.slot(
          atRandom: RandomStream(
            seed: seed, trial: UInt64(number), stream: RandomPurpose.inactive,
            salt: space.salts[index]
          ).bits(at: 0))
      return choiceCount > 0 ? Double(slot) : distribution.unit(ofSlot: slot)
    }
    return RegressionTree.Column(values: values, choiceCount: choiceCount)
  }
}
