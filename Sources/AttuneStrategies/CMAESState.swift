import AttuneCore
import AttuneNumerics

/// A search by CMA-ES as the events of a study leave it.
///
/// Depends on seed and events alone: the numbers behind a trial's point are drawn again when its
/// `asked` event comes, from the generation it must be of, and compared with the point. A point that
/// no draw explains is another's: enqueued, added, completed by a define-by-run objective, or asked
/// while two generations went by.
struct CMAESState: Sendable {
  /// A draw proposed for a trial, and the point it stands for.
  private struct Proposed: Sendable {
    let draw: CMAESDraw
    let point: Point
  }

  private struct Pending: Sendable {
    let draw: CMAESDraw
    /// The generation it was drawn from, counted over all searches; `nil` for another's trial.
    let version: Int?
    /// Whether constraints had the draw moved.
    var isRepaired = false
  }

  /// How many draws of a trial are tried for one that is not known.
  private static let attemptLimit = 16

  let space: CMAESSpace
  private let settings: CMAESSettings
  private let isMaximized: Bool
  private let seed: UInt64
  private(set) var eventCount = 0
  private(set) var distribution: CMAESDistribution
  private var margin: CMAESMargin
  private var bounds = CMAESBounds()
  private var categories: CMAESCategories
  private(set) var restarts: CMAESRestarts
  private var constants: CMAESConstants
  private var generation = CMAESGeneration()
  /// What the generation before was drawn from.
  private var last: CMAESSampler?
  private var version = 0
  /// The first generation of this search.
  private var firstVersion = 0
  private var startSigma: Double
  private var hasStarted = false
  private var best: CMAESRank?
  private var pending = TrialValues<Pending>()
  /// The points asked, by hash, where they come twice by chance.
  private var seen: Set<UInt64> = []
  /// The draws of this generation that were proposed and not asked yet: they need not be made twice.
  private var proposed = TrialValues<Proposed>()

  init(
    _ space: CMAESSpace, _ settings: CMAESSettings, direction: Direction, seed: UInt64,
    start: CMAESDistribution.Start? = nil, best: CMAESRank? = nil, eventCount: Int = 0
  ) {
    self.space = space
    self.best = best
    self.eventCount = eventCount
    self.settings = settings
    self.seed = seed
    isMaximized = direction == .maximize
    let start =
      start
      ?? CMAESDistribution.Start(
        mean: Array(repeating: 0.5, count: space.axes.count), sigma: settings.deviation)
    startSigma = start.sigma
    margin = CMAESMargin(space)
    categories = CMAESCategories(space, margin: margin.least)
    let standard = CMAESConstants.standardSize(dimension: space.axes.count + space.choices.count)
    restarts = CMAESRestarts(settings, standardSize: settings.populationSize ?? standard)
    distribution = CMAESDistribution(start, shares: categories.shares, isNoisy: settings.isNoisy)
    constants = CMAESConstants(
      dimension: space.axes.count, size: restarts.populationSize,
      isDiagonal: distribution.isDiagonal)
    margin.correct(&distribution, space)
  }

  /// Whether this state may have led to a history, as far as their lengths tell.
  func precedes(_ history: History, seed: UInt64) -> Bool {
    self.seed == seed && eventCount <= history.eventCount
  }

  // MARK: Proposing

  /// The first draw of a trial that is not known; of a space that is all known, any.
  mutating func propose(_ request: Request) -> Point {
    let tries = isAvoiding || isConstrained ? Self.attemptLimit : 1
    var attempt = 0
    while true {
      let number = request.attempt &* tries &+ attempt
      let draw = distribution.sampler.draw(seed: seed, trial: request.number, attempt: number)
      let point = space.point(draw, given: request.given)
      attempt += 1
      let isRefused =
        isAvoiding && seen.contains(Observations.hash(point))
        || isConstrained && !space.space.allows(point)
      if !isRefused, number == 0, request.given == nil {
        proposed.set(Proposed(draw: draw, point: point), for: request.number)
      }
      if !isRefused || attempt == tries { return point }
    }
  }

  /// Whether points may be known already and that is to be avoided.
  private var isAvoiding: Bool { space.isDiscrete && !settings.isNoisy }

  private var isConstrained: Bool { space.space.isConstrained }

  // MARK: Following

  /// Takes in the next event. `isOwn` says whether the trial asked for may be this search's.
  mutating func follow(_ history: History, isOwn: (Int) -> Bool) {
    let event = history.event(eventCount)
    eventCount += 1
    switch event {
    case .asked(let trial): ask(trial, history, isOwn: isOwn(trial))
    case .finished(let trial): finish(trial, history)
    }
  }

  private mutating func ask(_ trial: Int, _ history: History, isOwn: Bool) {
    if isAvoiding { seen.insert(Observations.hash(history.askedPoint(trial))) }
    let made = proposed.remove(trial)
    if isOwn, let made, history.wasAsked(trial, at: made.point, parameters: space.space.count) {
      pending.set(Pending(draw: made.draw, version: version), for: trial)
      hasStarted = true
      generation.pendingCount += 1
      return
    }
    if isOwn, let (draw, version) = redraw(trial, history) {
      pending.set(Pending(draw: draw, version: version), for: trial)
      hasStarted = true
      if version == self.version { generation.pendingCount += 1 }
      return
    }
    let draw = space.draw(of: history.askedPoint(trial), else: distribution.sampler.middle)
    let isRepaired = isOwn && isConstrained
    pending.set(
      Pending(draw: draw, version: isRepaired ? version : nil, isRepaired: isRepaired), for: trial)
    guard isRepaired else { return }
    hasStarted = true
    generation.pendingCount += 1
  }

  /// The draw that a trial's point was made from, and the generation it is of. The points of a history may have
  /// places for more parameters than this space.
  private func redraw(_ trial: Int, _ history: History) -> (CMAESDraw, version: Int)? {
    let count = space.space.count
    let tries = isAvoiding || isConstrained ? 4 * Self.attemptLimit : 4
    for (sampler, version) in [(distribution.sampler, version), (last, version - 1)] {
      guard let sampler else { continue }
      for attempt in 0..<tries {
        let draw = sampler.draw(seed: seed, trial: trial, attempt: attempt)
        if history.wasAsked(trial, at: space.point(draw), parameters: count) {
          return (draw, version)
        }
      }
    }
    return nil
  }

  private mutating func finish(_ trial: Int, _ history: History) {
    guard let known = pending.remove(trial) else { return }
    if known.version == version { generation.pendingCount -= 1 }
    let rank = CMAESRank(trial, in: history, isMaximized: isMaximized)
    let isBest = !rank.isFailed && best.map { rank < $0 } ?? true
    if isBest { best = rank }
    let isSame = history.hasAskedPoint(trial, parameters: space.space.count)
    let draw =
      isSame
      ? known.draw
      : space.draw(of: history.point(trial), else: distribution.sampler.middle)
    if let version = known.version, isSame {
      // Of a search that is over, it is too late.
      guard version >= firstVersion else { return }
      generation.add(
        CMAESGeneration.Result(
          trial: trial, draw: draw, rank: rank,
          isOutside: version < self.version || known.isRepaired),
        isOwn: true)
    } else {
      guard isBest else { return }
      guard hasStarted else {
        advance()
        generation.pendingCount = 0
        distribution.sampler.mean = draw.numbers
        margin.correct(&distribution, space)
        return
      }
      generation.add(
        CMAESGeneration.Result(trial: trial, draw: draw, rank: rank, isOutside: true),
        isOwn: false)
    }
    if generation.isFull(restarts.populationSize) { close() }
  }

  // MARK: Generations

  /// Ends a generation: its results move the distribution, or a new search begins.
  private mutating func close() {
    let results = generation.finish()
    advance()
    restarts.follow(results.map(\.rank.value))
    if let first = results.first, !first.rank.isFailed { move(results) }
    if restarts.isOver(distribution, start: startSigma) { startAnew() }
  }

  /// What comes is drawn from another distribution.
  private mutating func advance() {
    last = distribution.sampler
    version += 1
    proposed.removeAll()
  }

  private mutating func move(_ ranked: [CMAESGeneration.Result]) {
    let order = bounds.order(ranked, distribution, space)
    let results = order.elementsEqual(ranked.indices) ? ranked : order.map { ranked[$0] }
    if constants.size != results.count || distribution.isDiagonal {
      constants = CMAESConstants(
        dimension: space.axes.count, size: results.count, isDiagonal: distribution.isDiagonal)
    }
    // What failed is nowhere to go to.
    var weights = constants.weights
    var sum = 0.0
    for (rank, result) in results.enumerated() where weights[rank] > 0 {
      if result.rank.isFailed { weights[rank] = 0 } else { sum += weights[rank] }
    }
    if sum > 0, sum < 1 {
      for rank in weights.indices where weights[rank] > 0 { weights[rank] /= sum }
    }
    if !space.choices.isEmpty {
      categories.update(results.map(\.draw.choices), weights: weights)
    }
    var draws = results.map(\.draw.numbers)
    if !space.levelAxes.isEmpty {
      margin.centre(
        &draws, parentCount: constants.parentCount, space: space,
        mean: distribution.sampler.mean)
    }
    distribution.update(
      draws, weights: weights, outside: results.map(\.isOutside),
      // Where axes have levels, draws were moved.
      squares: space.levelAxes.isEmpty ? results.map(\.draw.square) : [], constants: constants)
    let middle = ranked[min(ranked.count * 7 / 10, ranked.count - 1)].rank
    if space.levelAxes.isEmpty, space.choices.isEmpty, ranked[0].rank == middle {
      distribution.widen(constants)
    }
    margin.correct(&distribution, space)
    distribution.sampler.shares = categories.shares
  }

  private mutating func startAnew() {
    let (mean, factor) = restarts.begin(seed: seed, axisCount: space.axes.count)
    startSigma = settings.deviation * factor
    firstVersion = version
    last = nil
    margin = CMAESMargin(space)
    bounds = CMAESBounds()
    categories = CMAESCategories(space, margin: margin.least)
    distribution = CMAESDistribution(
      CMAESDistribution.Start(mean: mean, sigma: startSigma), shares: categories.shares,
      isNoisy: settings.isNoisy)
    constants = CMAESConstants(
      dimension: space.axes.count, size: restarts.populationSize,
      isDiagonal: distribution.isDiagonal)
    margin.correct(&distribution, space)
  }
}
