import AttuneCore
import AttuneNumerics

/// The arms of the model-based strategies: what each knows, and what it proposes.
///
/// Follows the event log; a pure function of it, so that a portfolio that was kept proposes what one
/// made anew does. Whose turn it is stands in `Schedule`.
struct Portfolio: Sendable {
  let space: Space
  let model: ModelSpace
  let schedule: Schedule
  private let direction: Direction
  private let noise: Surrogate.Noise
  private let warp: OutputWarp?
  private var seenEvents = 0
  private var observations: Observations
  private var gaussianProcess: GaussianProcessArm
  private var quadratic: QuadraticArm
  private var adaptation: CMAESArm
  private var tpe: TPEStrategy
  private var design: SobolStrategy
  private var uniform: RandomStrategy
  private var unseen: UnseenPoint
  /// For each trial so far, how many of the strategy's have a smaller number.
  private var ordinals: [Int32] = []
  private var strategyCount = 0

  init(
    space: Space, direction: Direction, settings: Schedule.Settings, warp: OutputWarp? = nil
  ) throws(AttuneError) {
    self.space = space
    self.direction = direction
    self.warp = warp
    noise = settings.noise
    model = ModelSpace(space)
    schedule = Schedule(settings, model: model)
    observations = Observations(model: model, directions: [direction], usesOutlooks: true)
    gaussianProcess = GaussianProcessArm(model: model, noise: noise, warp: warp)
    quadratic = QuadraticArm(model: model)
    adaptation = CMAESArm(
      space, direction: direction, isNoisy: settings.noise == .some, startCount: schedule.handOver)
    tpe = try TPEStrategy(space: space, directions: [direction], options: .none)
    design = try SobolStrategy(space: space, directions: [direction], options: .none)
    uniform = try RandomStrategy(space: space, directions: [direction], options: .none)
    unseen = try UnseenPoint(space)
  }

  mutating func propose(_ request: Request, given history: History) -> Point {
    // An earlier moment than the last: what is known since must be forgotten.
    if history.eventCount < seenEvents { forget() }
    while seenEvents < history.eventCount { follow(history, seed: request.seed) }
    let arms = schedule.arms(
      ordinal: request.ordinal, attempt: request.attempt, valueCount: observations.count,
      staleCount: observations.staleCount, quadraticRarity: quadratic.rarity,
      adaptationRarity: adaptation.rarity)
    for arm in arms {
      guard let point = propose(arm, request, history), space.allows(point) else { continue }
      if arm == .repetition || !observations.hasSeen(point) { return point }
    }
    return unseen.find(request, observations, given: history)
  }

  private mutating func forget() {
    seenEvents = 0
    observations = Observations(model: model, directions: [direction], usesOutlooks: true)
    gaussianProcess = GaussianProcessArm(model: model, noise: noise, warp: warp)
    quadratic = QuadraticArm(model: model)
    adaptation = CMAESArm(
      space, direction: direction, isNoisy: noise == .some, startCount: schedule.handOver)
    (ordinals, strategyCount) = ([], 0)
  }

  private mutating func follow(_ history: History, seed: UInt64) {
    let event = history.event(seenEvents)
    seenEvents += 1
    switch event {
    case .asked(let trial):
      let arm = turn(of: trial, history)
      adaptation.asked(trial, isOwn: arm == .cmaes, in: history)
      if arm == .quadratic {
        let quantum = gaussianProcess.quantum(observations)
        quadratic.asked(trial, observations, quantum: quantum, in: history)
      }
      observations.follow(event, in: history)
    case .finished(let trial):
      let index = observations.follow(event, in: history)
      if let index { gaussianProcess.follow(observations, index: index) }
      quadratic.finished(trial, value: index.map { observations.values[$0] }, observations)
      adaptation.finished(
        trial, event: seenEvents - 1, observations, in: history, seed: seed)
    }
  }

  /// The arm whose turn a trial of the strategy is.
  private mutating func turn(of trial: Int, _ history: History) -> Schedule.Arm? {
    guard history.origin(trial) == .strategy else { return nil }
    let arms = schedule.arms(
      ordinal: ordinal(of: trial, history), attempt: 0, valueCount: observations.count,
      staleCount: observations.staleCount, quadraticRarity: quadratic.rarity,
      adaptationRarity: adaptation.rarity)
    return arms.first
  }

  /// How many trials of the strategy have a smaller number.
  private mutating func ordinal(of trial: Int, _ history: History) -> Int {
    while ordinals.count <= trial {
      ordinals.append(Int32(strategyCount))
      if history.origin(ordinals.count - 1) == .strategy { strategyCount += 1 }
    }
    return Int(ordinals[trial])
  }

  private mutating func propose(
    _ arm: Schedule.Arm, _ request: Request, _ history: History
  ) -> Point? {
    switch arm {
    case .centre: return space.centre(request.given)
    case .design: return design.propose(request, given: history)
    case .gaussianProcess:
      return gaussianProcess.propose(request, observations, in: history, exploits: false)
    case .exploitation:
      return gaussianProcess.propose(request, observations, in: history, exploits: true)
    case .quadratic:
      guard request.given == nil else { return nil }
      return quadratic.plan(observations, quantum: gaussianProcess.quantum(observations))?.point
    case .tpe: return tpe.propose(request, given: history)
    case .cmaes: return adaptation.propose(request)
    case .repetition:
      guard request.given == nil else { return nil }
      return gaussianProcess.repetition(request, observations).map { history.point($0) }
    case .uniform: return uniform.propose(request, given: history)
    }
  }
}
