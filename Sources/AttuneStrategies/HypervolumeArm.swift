import AttuneCore
import AttuneNumerics

/// Proposes where a front is expected to gain most volume: a Gaussian process for each objective.
///
/// Two to four objectives. Values are scaled, not warped, unless a warp is asked for: a warp would change
/// which volume counts. Pending trials count as if they had the values that are expected there. Where
/// trials broke constraints, the gain counts by the probability to hold them (`ViolationModel`); while
/// none holds them, the front is that of those that violate least.
struct HypervolumeArm: Sendable {
  let model: ModelSpace
  private var surrogates: [Surrogate]
  private var region: TrustRegion
  /// Of trials that violate least, the front as it was told.
  private var front: ParetoArchive
  private var frontViolation = Double.infinity
  private var violations: ViolationModel
  private var room = AcquisitionSearch<HypervolumeCriterion>.Room()

  /// The most objectives: the boxes that a front leaves become too many.
  static let objectiveLimit = 4

  init(model: ModelSpace, noise: Surrogate.Noise, objectiveCount: Int, warp: OutputWarp?) {
    self.model = model
    surrogates = (0..<objectiveCount).map {
      Surrogate(model: model, noise: noise, fixedWarp: warp ?? .identity, objective: $0)
    }
    region = TrustRegion(axisCount: model.axes.count)
    front = ParetoArchive(width: objectiveCount)
    violations = ViolationModel(model: model)
  }

  /// Takes in that the observation `index` arrived.
  mutating func follow(_ observations: Observations, index: Int) {
    let violation = observations.violations[index]
    if violation < frontViolation {
      front = ParetoArchive(width: surrogates.count)
      frontViolation = violation
    }
    let joins = violation == frontViolation && front.add(index, observations.row(of: index))
    region.follow(isSuccess: joins)
  }

  /// The next point; `nil` when all candidates were tried before, or nothing can be told yet.
  mutating func propose(
    _ request: Request, _ observations: Observations, in history: History
  ) -> Point? {
    guard observations.count >= 2, !model.axes.isEmpty else { return nil }
    var processes: [GaussianProcess] = []
    for objective in surrogates.indices {
      surrogates[objective].follow(observations)
      guard let process = surrogates[objective].process, process.targetCount > 0,
        process.targetCount == surrogates[objective].members.count
      else { return nil }
      processes.append(process)
    }
    let stream = RandomStream(
      seed: request.seed, trial: UInt64(request.number), stream: RandomPurpose.acquisition,
      salt: UInt64(request.attempt))
    var targets = front.members.flatMap { self.targets(of: observations.row(of: $0)) }
    let waiting = observations.pending.suffix(GaussianProcessArm.pendingLimit).map {
      model.coordinates(of: history.point($0))
    }
    for coordinates in waiting {
      targets += processes.map { $0.posterior(at: coordinates).mean }
      for objective in processes.indices { processes[objective].append(coordinates) }
    }
    let feasibility = violations.process(observations) ?? FeasibilityModel.process(observations)
    let boxes = NondominatedBoxes(
      front: targets, reference: reference(targets, isWide: request.ordinal % 2 == 1))
    let criterion = HypervolumeCriterion(
      processes: processes, improvement: LogExpectedHypervolumeImprovement(boxes))
    let elite = self.elite(stream).map { Array(observations.coordinates(of: $0)) }
    var search = AcquisitionSearch(
      model: model, criterion: criterion, feasibility: feasibility,
      box: region.box(
        around: elite[0], lengths: criterion.lengths, orderedCount: model.orderedCount),
      elite: elite, given: request.given, stream: stream,
      isTaken: { [model, lengths = criterion.lengths] point in
        observations.hasSeen(point)
          || GaussianProcessArm.isNear(point, waiting, lengths, model)
      })
    swap(&search.room, &room)
    defer { swap(&search.room, &room) }
    return search.best()
  }

  /// Values as the processes see them.
  private func targets(of row: [Double]) -> [Double] {
    row.indices.map { surrogates[$0].target(of: row[$0]) }
  }

  /// Up to where volume counts, in turns: all that was seen and half as much more, so that the ends of
  /// the front are looked for; then little more than the front, so that its middle is.
  private func reference(
    _ targets: [Double], isWide: Bool
  ) -> [Double] {
    let width = surrogates.count
    return (0..<width).map { objective in
      let column = stride(from: objective, to: targets.count, by: width).map { targets[$0] }
      let (low, high) = (column.min() ?? 0, column.max() ?? 0)
      let worst = max(surrogates[objective].targets.max() ?? high, high)
      let range = worst > low ? worst - low : 1
      return isWide ? worst + 0.5 * range : high + 0.1 * range
    }
  }

  /// Some of the front, drawn anew for each trial: where to look nearby.
  private func elite(_ stream: RandomStream) -> [Int] {
    var members = front.members.sorted()
    var draws = stream.substream(salt: 2)
    var chosen: [Int] = []
    while chosen.count < 4, !members.isEmpty {
      chosen.append(members.remove(at: Int(draws.nextBelow(UInt64(members.count)))))
    }
    return chosen
  }
}
