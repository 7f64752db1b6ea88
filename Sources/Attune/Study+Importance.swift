public import AttuneCore
public import AttuneStrategies
import Synchronization

/// Which parameters mattered.
extension Study {
  /// How much each parameter mattered, as shares of 1, the largest first: for being among the best tenth
  /// (`PEDANOVA`), or for the value wherever it lies (`FANOVA`, seeded by the study's seed).
  ///
  /// Parameters without a choice are left out. Throws `notFound` with fewer than two COMPLETE trials.
  public func importances(
    _ method: ImportanceMethod = .pedANOVA
  ) throws(AttuneError) -> [(name: String, share: Double)] {
    try refresh()
    let (history, space) = ledger.withLock { ($0.log.snapshot, $0.space) }
    let complete = try trials([.complete]).count
    guard complete > 1 else {
      throw AttuneError(
        .notFound, "study \"\(name)\" has \(complete) complete trials, wanted two for importances",
        subject: "trials")
    }
    let found =
      switch method {
      case .pedANOVA: PEDANOVA.importances(of: history, space: space, directions: directions)
      case .fANOVA:
        FANOVA.importances(of: history, space: space, directions: directions, seed: seed)
      }
    let free = space.parameters.indices.filter { !space.parameters[$0].distribution.isSingle }
    let shares = PEDANOVA.shares(free.map { found[$0] })
    return free.indices.sorted {
      shares[$0] > shares[$1] || (shares[$0] == shares[$1] && $0 < $1)
    }.map { (space.parameters[free[$0]].name, shares[$0]) }
  }
}
