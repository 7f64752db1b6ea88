import AttuneCore
import AttuneNumerics

/// A search by CMA-ES among the arms of a portfolio, which starts from what the others found.
///
/// It begins when `startCount` trials have values. Its mean is the best trial, its deviations are those of the best tenth of
/// the trials around it, and `width` more (M. Nomura et al., "Warm starting CMA-ES for hyperparameter
/// optimization", AAAI 2021, section 4, there around their mean). From then on it learns from its own trials, and
/// from those of others that are the best so far. A turn costs what one of `CMAESStrategy` does.
struct CMAESArm: Sendable {
  /// What is added to the deviations, as a share of each range: α of the paper.
  private static let width = 0.1
  /// The share of the trials that count as good: γ of the paper.
  private static let goodShare = 0.1

  private let space: CMAESSpace
  private let settings: CMAESSettings
  private let direction: Direction
  private let startCount: Int
  private var state: CMAESState?
  private var credit = ArmCredit()
  private var own: Set<Int> = []

  /// How many times as rare its turns should be: 1, 2 or 4, while others find new best values more often.
  var rarity: Int { credit.ratio < 0.5 ? 4 : credit.ratio < 1 ? 2 : 1 }

  init(_ space: Space, direction: Direction, isNoisy: Bool, startCount: Int) {
    self.direction = direction
    self.space = CMAESSpace(space)
    var settings = CMAESSettings()
    settings.isNoisy = isNoisy
    self.settings = settings
    self.startCount = startCount
  }

  /// Takes in that a trial was asked, and whether its turn was this arm's.
  mutating func asked(_ trial: Int, isOwn: Bool, in history: History) {
    guard state != nil else { return }
    if isOwn { own.insert(trial) }
    state?.follow(history) { _ in isOwn }
  }

  /// Takes in the event of this number, which finished a trial, after its value is among the observations.
  mutating func finished(
    _ trial: Int, event: Int, _ observations: Observations, in history: History, seed: UInt64
  ) {
    guard state != nil else {
      if observations.count >= startCount {
        state = begin(observations, history, event: event, seed: seed)
      }
      return
    }
    state?.follow(history) { _ in false }
    let isBest = observations.best.map { observations.trials[$0] == trial } ?? false
    credit.follow(isOwn: own.remove(trial) != nil, isWin: isBest)
  }

  /// A draw for a trial; `nil` before the search has begun.
  mutating func propose(_ request: Request) -> Point? { state?.propose(request) }

  private func begin(
    _ observations: Observations, _ history: History, event: Int, seed: UInt64
  ) -> CMAESState {
    let values = observations.values
    let ranked = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let middle = CMAESDraw(
      numbers: Array(repeating: 0.5, count: space.axes.count), choices: space.choices.map { _ in 0 }
    )
    let good = ranked.prefix(max(Int(Double(ranked.count) * Self.goodShare), 2)).map {
      space.draw(of: history.point(observations.trials[$0]), else: middle).numbers
    }
    let variances = space.axes.indices.map { axis in
      let sum = good.reduce(0) { $0 + ($1[axis] - good[0][axis]) * ($1[axis] - good[0][axis]) }
      return Self.width * Self.width + sum / Double(good.count)
    }
    let sigma = (variances.reduce(0, +) / Double(variances.count)).squareRoot()
    let start = CMAESDistribution.Start(
      mean: good[0], sigma: sigma, deviations: variances.map { $0.squareRoot() / sigma })
    return CMAESState(
      space, settings, direction: direction, seed: seed, start: start,
      best: CMAESRank(violation: 0, isPruned: false, value: values[ranked[0]]),
      eventCount: event + 1)
  }
}
