import AttuneCore

/// The arms of the model-based strategies for several objectives, and whose turn it is.
///
/// After a design (the middle, then Sobol's sequence) mostly a Gaussian process for each objective
/// proposes, where the front is expected to gain most volume (`HypervolumeArm`). Where they are not
/// alone, children of the best trials (`NSGA2Strategy`) and densities (`TPEStrategy`) have turns
/// between, and more of them the longer the study. Follows the event log, a pure function of it.
struct FrontPortfolio: Sendable {
  private let directions: [Direction]
  private let model: ModelSpace
  private let settings: Schedule.Settings
  private let warp: OutputWarp?
  private let startupCount: Int
  private var seenEvents = 0
  private var observations: Observations
  private var hypervolume: HypervolumeArm
  private var tpe: TPEStrategy
  private var crossing: NSGA2Strategy
  private var design: SobolStrategy
  private var unseen: UnseenPoint

  /// From this many values on, the processes have one turn in four.
  static let handOver = 400
  /// From this many values on, they have none, unless they are alone.
  static let processLimit = 1000

  private enum Arm {
    case centre, design, hypervolume, tpe, crossing
  }

  init(
    space: Space, directions: [Direction], settings: Schedule.Settings, warp: OutputWarp?
  ) throws(AttuneError) {
    self.directions = directions
    self.settings = settings
    self.warp = warp
    model = ModelSpace(space)
    startupCount = Schedule(settings, model: model).startupCount
    observations = Observations(model: model, directions: directions)
    hypervolume = HypervolumeArm(
      model: model, noise: settings.noise, objectiveCount: directions.count, warp: warp)
    tpe = try TPEStrategy(space: space, directions: directions, options: .none)
    crossing = try NSGA2Strategy(space: space, directions: directions, options: .none)
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    unseen = try UnseenPoint(space)
  }

  mutating func propose(_ request: Request, given history: History) -> Point {
    // An earlier moment than the last: what is known since must be forgotten.
    if history.eventCount < seenEvents { forget() }
    while seenEvents < history.eventCount {
      let event = history.event(seenEvents)
      seenEvents += 1
      if let index = observations.follow(event, in: history) {
        hypervolume.follow(observations, index: index)
      }
    }
    for arm in arms(request) {
      if let point = propose(arm, request, history), !observations.hasSeen(point) { return point }
    }
    return unseen.find(request, observations, given: history)
  }

  private mutating func forget() {
    seenEvents = 0
    observations = Observations(model: model, directions: directions)
    hypervolume = HypervolumeArm(
      model: model, noise: settings.noise, objectiveCount: directions.count, warp: warp)
  }

  /// Who may propose, in the order of trying.
  private func arms(_ request: Request) -> [Arm] {
    if request.attempt > 8 { return [] }
    if request.ordinal < startupCount || observations.count < 2 {
      return request.ordinal == 0 && request.attempt == 0 ? [.centre, .design] : [.design]
    }
    if settings.usesProcessAlone { return [.hypervolume] }
    let turn = request.ordinal % 8
    let other: Arm = turn < 4 ? .crossing : .tpe
    if observations.count >= Self.processLimit { return [other] }
    let isProcesses =
      request.attempt > 0
      || (observations.count < Self.handOver ? turn != 3 && turn != 7 : turn == 0 || turn == 5)
    return isProcesses ? [.hypervolume, other] : [other, .hypervolume]
  }

  private mutating func propose(
    _ arm: Arm, _ request: Request, _ history: History
  ) -> Point? {
    switch arm {
    case .centre: model.space.centre(request.given)
    case .design: design.propose(request, given: history)
    case .hypervolume: hypervolume.propose(request, observations, in: history)
    case .tpe: tpe.propose(request, given: history)
    case .crossing: crossing.propose(request, given: history)
    }
  }
}
