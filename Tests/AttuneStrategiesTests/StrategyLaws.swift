import AttuneCore
import AttuneNumerics

/// What every strategy promises, as functions that list what breaks the promise.
enum StrategyLaws {
  /// A study without an engine: trials that end in every way there is, some asked side by side.
  struct Story {
    var log: HistoryLog
    let seed: UInt64
    let space: Space
    let valueCount: Int
    var proposals: [Point] = []
    private(set) var ordinal = 0

    init(_ space: Space, seed: UInt64, valueCount: Int = 1) {
      log = HistoryLog(valueCount: valueCount, width: space.count)
      self.seed = seed
      self.space = space
      self.valueCount = valueCount
    }

    /// Claims a trial for the strategy; every seventh has had one proposal turned down, every ninth
    /// is enqueued with some values given.
    mutating func claim() -> Request {
      let number = log.trialCount
      let isEnqueued = number % 9 == 4
      _ = log.claim(isEnqueued ? .enqueued : .strategy, at: 0)
      let request = Request(
        seed: seed, number: number, ordinal: ordinal, attempt: number % 7 == 3 ? 1 : 0,
        given: isEnqueued ? given(number) : nil)
      if !isEnqueued { ordinal += 1 }
      return request
    }

    /// Some values of the space, drawn for `number`.
    private func given(_ number: Int) -> PartialPoint {
      let stream = RandomStream(seed: 99, trial: UInt64(number), stream: 77)
      return PartialPoint(
        slots: space.parameters.enumerated().map { index, parameter in
          index % 2 == 0
            ? parameter.distribution.slot(atRandom: stream.bits(at: UInt32(index))) : nil
        })
    }

    /// The same value for every objective.
    private func values(_ value: Double) -> [Double] { Array(repeating: value, count: valueCount) }

    /// Ends a trial in a way that its number decides; every eleventh goes on for ever.
    mutating func finish(_ number: Int) {
      switch number % 11 {
      case 0: break
      case 1: log.finish(number, .fail, values: [], at: 1)
      case 2: log.finish(number, .complete, values: values(.infinity), at: 1)
      case 3: log.finish(number, .complete, values: values(-.infinity), at: 1)
      case 4:
        log.finish(
          number, .pruned, values: values(0.5), outlook: number % 2 == 0 ? 0.75 : nil, at: 1)
      case 5: log.finish(number, .fail, values: values(.nan), at: 1)
      case 6:
        log.finish(number, .complete, values: values(-1), violation: Double(number % 3), at: 1)
      default: log.finish(number, .complete, values: values(Double(number % 5) - 2), at: 1)
      }
    }

    /// Adds a trial that was finished elsewhere.
    mutating func add(_ point: Point) {
      let number = log.claim(.added, at: 0)
      log.fill(number, point)
      log.finish(number, .complete, values: values(0.25), at: 1)
    }
  }

  /// Asks `count` trials of a kept strategy, and each of one made anew from the history alone.
  ///
  /// Returns the points, and what differed: between the two, or between two same calls.
  static func replay(
    _ space: Space, seed: UInt64, count: Int, valueCount: Int = 1, make: () throws -> any Strategy
  ) throws -> (points: [Point], violations: [String]) {
    var story = Story(space, seed: seed, valueCount: valueCount)
    var violations: [String] = []
    var kept = try make()
    while story.proposals.count < count {
      // Two workers ask at the same time, and the second is served first.
      let isPair = story.log.trialCount % 5 == 2
      let requests = (0..<(isPair ? 2 : 1)).map { _ in story.claim() }
      for request in requests.reversed() {
        let history = story.log.snapshot
        let point = kept.propose(request, given: history)
        var anew = try make()
        let again = anew.propose(request, given: history)
        if again != point {
          violations.append(
            "trial \(request.number): kept proposes \(text(point)), made anew \(text(again))")
        }
        let repeated = kept.propose(request, given: history)
        if repeated != point {
          violations.append(
            "trial \(request.number): first \(text(point)), asked again \(text(repeated))")
        }
        guard let point else { return (story.proposals, violations) }
        violations += faults(of: point, request, in: space)
        story.proposals.append(point)
        story.log.fill(request.number, point)
      }
      for request in requests { story.finish(request.number) }
      if story.log.trialCount % 13 == 6, let point = story.proposals.first { story.add(point) }
    }
    return (story.proposals, violations)
  }

  /// Where a point leaves its space: bounds, steps, choices, conditions, constraints; or the values given.
  static func faults(of point: Point, _ request: Request, in space: Space) -> [String] {
    guard point.slots.count == space.count else {
      return ["trial \(request.number): \(point.slots.count) slots, wanted \(space.count)"]
    }
    var faults: [String] = []
    if !space.allows(point),
      request.given == nil || space.allowedPoint(given: request.given) != nil
    {
      faults.append("trial \(request.number): constraints forbid \(text(point))")
    }
    if space.point(choosing: { point.slots[$0] }) != point {
      faults.append("trial \(request.number): conditions do not hold in \(text(point))")
    }
    for (index, parameter) in space.parameters.enumerated() {
      guard let slot = point[index] else { continue }
      if !isValid(slot, parameter.distribution) {
        let value = parameter.distribution.value(ofSlot: slot)
        faults.append("trial \(request.number): \(parameter.name) is \(value.quoted)")
      }
      if let slots = request.given?.slots, let wanted = slots[index], wanted != slot {
        faults.append("trial \(request.number): \(parameter.name) was given and is not kept")
      }
    }
    return faults
  }

  private static func isValid(_ slot: UInt64, _ distribution: Distribution) -> Bool {
    switch distribution {
    case .float(let float):
      let value = Double(bitPattern: slot)
      guard float.low <= value, value <= float.high else { return false }
      guard let step = float.step else { return true }
      let steps = (value - float.low) / step
      return (steps - steps.rounded()).magnitude < 1e-6
    case .int(let int):
      let value = Int64(bitPattern: slot)
      guard int.low <= value, value <= int.high else { return false }
      return UInt64(bitPattern: value &- int.low) % UInt64(int.step) == 0
    case .categorical(let categorical): return slot < UInt64(categorical.choices.count)
    case .fixed: return slot == 0
    }
  }

  private static func text(_ point: Point?) -> String {
    point.map { "\($0.slots.prefix(6))" } ?? "nothing"
  }
}
