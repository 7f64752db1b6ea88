import AttuneCore
import AttuneNumerics

/// Proposes by a Gaussian process: where improvement is expected, or with trials pending, by UCB-PE.
struct GaussianProcessArm: Sendable {
  let model: ModelSpace
  private(set) var surrogate: Surrogate
  private(set) var region: TrustRegion
  private var room = AcquisitionSearch<AcquisitionCriterion>.Room()

  init(model: ModelSpace, noise: Surrogate.Noise, warp: OutputWarp? = nil) {
    self.model = model
    surrogate = Surrogate(model: model, noise: noise, fixedWarp: warp)
    region = TrustRegion(axisCount: model.axes.count)
  }

  /// Takes in that the observation `index` arrived.
  mutating func follow(_ observations: Observations, index: Int) {
    region.follow(observations.values, index: index)
  }

  /// The next point: of `exploits`, where the mean is least. `nil` when all candidates were tried before, or nothing can be told yet.
  mutating func propose(
    _ request: Request, _ observations: Observations, in history: History, exploits: Bool
  ) -> Point? {
    guard let (known, elite, least) = judged(observations) else { return nil }
    var process = known
    // An improvement by less than the values' own step is none.
    let step = surrogate.spread > 0 ? surrogate.quantum / surrogate.spread : 0
    let stream = RandomStream(
      seed: request.seed, trial: UInt64(request.number), stream: RandomPurpose.acquisition,
      salt: UInt64(request.attempt))
    var acquisition =
      exploits
      ? Acquisition.confidenceBound(width: 0)
      : .logExpectedImprovement(
        best: least - step, noise: process.hyperparameters.noise)
    var waiting: [[Double]] = []
    let pending = observations.pending.suffix(Self.pendingLimit)
    if !pending.isEmpty, !exploits {
      for trial in pending {
        waiting.append(coordinates(trial, history))
        process.append(waiting[waiting.count - 1])
      }
      acquisition = batchRule(process, least, stream)
    }
    var search = AcquisitionSearch(
      model: model, criterion: AcquisitionCriterion(process: process, acquisition: acquisition),
      feasibility: FeasibilityModel.process(observations),
      box: region.box(
        around: Array(observations.coordinates(of: surrogate.members[elite[0]])),
        lengths: process.hyperparameters.lengths, orderedCount: model.orderedCount),
      elite: elite.map { Array(observations.coordinates(of: surrogate.members[$0])) },
      given: request.given, stream: stream,
      isTaken: { [model, waiting, lengths = process.hyperparameters.lengths] point in
        observations.hasSeen(point) || Self.isNear(point, waiting, lengths, model)
      })
    // The room stays for the next search: a megabyte of fresh memory costs more than what it is for.
    swap(&search.room, &room)
    defer { swap(&search.room, &room) }
    return search.best()
  }

  /// The process with all observations, the members with its least means, and the least of these; `nil`
  /// when nothing can be told yet.
  private mutating func judged(
    _ observations: Observations
  ) -> (process: GaussianProcess, elite: [Int], least: Double)? {
    guard observations.count >= 2, !model.axes.isEmpty else { return nil }
    surrogate.follow(observations)
    guard let process = surrogate.process, process.targetCount > 0,
      process.targetCount == surrogate.members.count
    else { return nil }
    let elite = elite(process, observations)
    guard let first = elite.first else { return nil }
    return (process, elite, process.fitted(first, target: surrogate.targets[first]))
  }

  /// The largest improvement expected of any trial, in units of the values near the best; `nil` when
  /// nothing can be told yet.
  ///
  /// Trials that run do not count. About the cost of a proposal.
  mutating func largestExpectedImprovement(_ observations: Observations) -> Double? {
    guard let (process, elite, least) = judged(observations), surrogate.spread > 0 else {
      return nil
    }
    var search = AcquisitionSearch(
      model: model,
      criterion: AcquisitionCriterion(
        process: process,
        acquisition: .logExpectedImprovement(
          best: least - surrogate.quantum / surrogate.spread,
          noise: process.hyperparameters.noise)),
      feasibility: FeasibilityModel.process(observations),
      box: [ClosedRange<Double>](repeating: 0...1, count: model.axes.count),
      elite: elite.map { Array(observations.coordinates(of: surrogate.members[$0])) }, given: nil,
      stream: RandomStream(
        seed: 0, trial: UInt64(observations.count), stream: RandomPurpose.stopping),
      isTaken: { _ in false })
    swap(&search.room, &room)
    defer { swap(&search.room, &room) }
    return search.maximum().map { Elementary.exp($0) * surrogate.spread }
  }

  /// Half the least step by which values can improve; 0 where they do not come in steps.
  mutating func quantum(_ observations: Observations) -> Double {
    0.5 * surrogate.quantum(observations)
  }

  /// One of the trials with the least posterior means, in turns; `nil` when nothing is known yet.
  mutating func repetition(_ request: Request, _ observations: Observations) -> Int? {
    surrogate.follow(observations)
    guard let process = surrogate.process, process.targetCount == surrogate.members.count
    else { return nil }
    let elite = elite(process, observations)
    guard !elite.isEmpty else { return nil }
    return observations.trials[surrogate.members[elite[request.ordinal / 8 % elite.count]]]
  }

  /// Whether a point lies so close to a trial that runs that it would tell the same.
  static func isNear(
    _ point: Point, _ waiting: [[Double]], _ lengths: [Double], _ model: ModelSpace
  ) -> Bool {
    guard !waiting.isEmpty, !model.smoothAxes.isEmpty else { return false }
    let coordinates = model.coordinates(of: point)
    return waiting.contains { other in
      coordinates.indices.allSatisfy { axis in
        let distance = (coordinates[axis] - other[axis]).magnitude
        return axis < model.orderedCount
          ? distance < max(0.05 * min(lengths[axis], 1), 0.01) : distance == 0
      }
    }
  }

  /// More pending trials than this do not narrow the variance further.
  static let pendingLimit = 32

  /// The members with the least posterior means, best first: feasible ones, if there are any.
  private func elite(_ process: GaussianProcess, _ observations: Observations) -> [Int] {
    let leastViolation = observations.best.map { observations.violations[$0] } ?? 0
    var best: [(index: Int, value: Double)] = []
    for index in surrogate.targets.indices
    where observations.violations[surrogate.members[index]] <= leastViolation {
      let value = process.fitted(index, target: surrogate.targets[index])
      if best.count == 3, value >= best[2].value { continue }
      let place = best.firstIndex { value < $0.value } ?? best.count
      best.insert((index, value), at: place)
      if best.count > 3 { best.removeLast() }
    }
    return best.map(\.index)
  }

  /// UCB mostly, else pure exploration among points that hold promise.
  private func batchRule(
    _ process: GaussianProcess, _ least: Double, _ stream: RandomStream
  ) -> Acquisition {
    if stream.unit(at: 1 << 20) < 0.5 { return .confidenceBound(width: 1.8) }
    return .exploration(threshold: -least)
  }

  private func coordinates(_ trial: Int, _ history: History) -> [Double] {
    model.coordinates(of: history.point(trial))
  }
}
