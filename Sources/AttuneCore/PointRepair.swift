public import AttuneNumerics

extension Space {
  /// What the draws behind `allowedPoint` and completions are for.
  private static let searchPurpose: UInt32 = 0x5350_4301
  private static let searchCount: UInt64 = 40

  /// A point that constraints allow, found by a local walk that begins at `point` and keeps what is
  /// given; `nil` when it finds none.
  ///
  /// A pure function of its arguments. About 1 µs a step, with at most 400 steps.
  public func repaired(
    _ point: Point, given: PartialPoint? = nil, _ stream: RandomStream
  ) -> Point? {
    guard isConstrained else { return point }
    var repair = PointRepair(self, point, given: given, stream)
    return repair.run()
  }

  /// An allowed point with the values given, the same whenever it is asked for; `nil` when a long search
  /// finds none.
  public func allowedPoint(given: PartialPoint?) -> Point? {
    for trial in 0..<Self.searchCount {
      let stream = RandomStream(seed: 0, trial: trial, stream: Self.searchPurpose)
      let start = point { index in
        let distribution = parameters[index].distribution
        if trial == 0 { return given?.slots[index] ?? distribution.slot(atUnit: 0.5) }
        return given?.slots[index]
          ?? distribution.slot(atRandom: stream.substream(salt: salts[index]).bits(at: 0))
      }
      if let found = repaired(start, given: given, stream) { return found }
    }
    return nil
  }

  /// The space's own allowed point; throws when none is found.
  func findAllowedPoint() throws(AttuneError) -> Point {
    if let point = allowedPoint(given: nil) { return point }
    let all = constraints.map(\.jsonText).joined(separator: ", ")
    throw AttuneError(
      .invalidArgument,
      "space: no point was found that its constraints allow, which are \(all); wanted constraints that "
        + "leave one", subject: "space.\(SpaceConstraint.key)")
  }
}

/// A walk from a point to one that constraints allow.
///
/// Each step mends one broken constraint, drawn at random. A sum is brought to its bound, or half the time
/// some way beyond: all its parameters move by the same share of the way they have, or one does. Of a
/// forbidden combination one value changes, a number mostly to the nearest that is free. Now and then a
/// parameter of the constraint, or one that decides whether it applies, is drawn anew, so that walks do
/// not run in circles.
struct PointRepair {
  private let space: Space
  private let given: PartialPoint?
  private var stream: RandomStream
  /// A value for each parameter, also for those that are inactive so far.
  private var wanted: [UInt64]
  private var point: Point

  private static let stepLimit = 400
  /// After so many steps it begins elsewhere.
  private static let patience = 80

  init(_ space: Space, _ point: Point, given: PartialPoint?, _ stream: RandomStream) {
    self.space = space
    self.given = given
    self.stream = stream
    self.point = point
    wanted = point.slots
    for index in wanted.indices {
      if let slot = given?.slots[index] {
        wanted[index] = slot
      } else if !point.active[index] {
        wanted[index] = drawn(index)
      }
    }
  }

  mutating func run() -> Point? {
    for step in 0..<Self.stepLimit {
      point = space.point { wanted[$0] }
      let broken = space.broken(in: point)
      if broken.isEmpty { return point }
      if step % Self.patience == Self.patience - 1 {
        for index in wanted.indices where isFree(index) { wanted[index] = drawn(index) }
      } else {
        mend(broken[Int(stream.nextBelow(UInt64(broken.count)))])
      }
    }
    return nil
  }

  private mutating func drawn(_ index: Int) -> UInt64 {
    space.parameters[index].distribution.slot(atRandom: stream.next())
  }

  private func isFree(_ index: Int) -> Bool {
    given?.slots[index] == nil && !space.parameters[index].distribution.isSingle
  }

  private mutating func mend(_ place: Int) {
    let constraint = space.resolved[place]
    let free = constraint.parameters.filter(isFree)
    guard !free.isEmpty, stream.nextUnit() >= 0.1 else { return redraw(around: constraint) }
    switch (constraint.rule, space.constraints[place]) {
    case (.linear(let factors, _, _), .linear(_, let atLeast, let atMost)):
      let sum = space.sum(factors, constraint.parameters, point)
      let factorOf = Dictionary(
        uniqueKeysWithValues: zip(constraint.parameters, factors))
      let isOver = atMost.map { sum > $0 } ?? false
      move(
        free.map { ($0, (factorOf[$0] ?? 0) * (isOver ? -1 : 1)) },
        by: isOver ? sum - (atMost ?? sum) : (atLeast ?? sum) - sum,
        atMost: isOver ? atLeast.map { sum - $0 } : atMost.map { $0 - sum })
    case (.forbidden(let gates), _):
      let changeable = gates.filter { isFree($0.parent) }
      leave(changeable[Int(stream.nextBelow(UInt64(changeable.count)))])
    default: break
    }
  }

  /// Draws one anew of a constraint's parameters and those that they depend on.
  private mutating func redraw(around constraint: ResolvedConstraint) {
    var members = constraint.parameters
    var place = 0
    while place < members.count {
      for gate in space.gates[members[place]] where !members.contains(gate.parent) {
        members.append(gate.parent)
      }
      place += 1
    }
    let free = members.filter(isFree)
    guard !free.isEmpty else { return }
    let index = free[Int(stream.nextBelow(UInt64(free.count)))]
    wanted[index] = drawn(index)
  }

  /// Makes a sum larger by `need`, and at most by `limit`.
  private mutating func move(
    _ terms: [(index: Int, factor: Double)], by need: Double, atMost limit: Double?
  ) {
    let ways = terms.map { term in
      let distribution = space.parameters[term.index].distribution
      let end = distribution.slot(atUnit: term.factor > 0 ? 1 : 0)
      let number = distribution.number(ofSlot: point.slots[term.index])
      return (number: number, length: distribution.number(ofSlot: end) - number)
    }
    let isJoint = stream.next() & 1 == 0
    let isDeep = stream.next() & 1 == 0
    let depth = stream.nextUnit()
    let chosen = isJoint ? Array(terms.indices) : [Int(stream.nextBelow(UInt64(terms.count)))]
    let room = chosen.reduce(0) { $0 + terms[$1].factor * ways[$1].length }
    guard room > 0 else { return }
    var gain = need
    if isDeep, isJoint { gain += depth * depth * max(min(room, limit ?? room) - need, 0) }
    let share = min(gain / room, 1)
    for place in chosen where ways[place].length != 0 {
      let rounding: FloatingPointRoundingRule =
        isJoint ? .toNearestOrEven : ways[place].length > 0 ? .up : .down
      wanted[terms[place].index] = space.parameters[terms[place].index].distribution.slot(
        near: ways[place].number + share * ways[place].length, rounding)
    }
  }

  /// Gives a parameter a value for which a test does not hold.
  private mutating func leave(_ gate: Space.Gate) {
    let distribution = space.parameters[gate.parent].distribution
    let isNear = stream.nextUnit() < 0.7
    var candidates: [UInt64] = []
    if let count = distribution.levelCount, count <= 256 {
      candidates = (0..<count).map { distribution.slot(atLevel: $0) }
    } else {
      if case .range(let low, let high) = gate.test {
        candidates = [
          distribution.slot(near: low.nextDown, .down), distribution.slot(near: high.nextUp, .up),
        ]
      }
      for _ in 0..<8 { candidates.append(drawn(gate.parent)) }
    }
    candidates.removeAll { space.opens(gate, $0) }
    guard !candidates.isEmpty else { return }
    var choice = candidates[Int(stream.nextBelow(UInt64(candidates.count)))]
    if isNear, isOrdered(distribution) {
      let number = distribution.number(ofSlot: wanted[gate.parent])
      func distance(_ slot: UInt64) -> Double {
        (distribution.number(ofSlot: slot) - number).magnitude
      }
      choice = candidates.min { distance($0) < distance($1) } ?? choice
    }
    wanted[gate.parent] = choice
  }

  private func isOrdered(_ distribution: Distribution) -> Bool {
    if case .categorical(let categorical) = distribution { return categorical.ordered }
    return true
  }
}

extension Distribution {
  /// The slot of the value nearest to a number, by a rule where the values have steps; clamped.
  fileprivate func slot(near number: Double, _ rule: FloatingPointRoundingRule) -> UInt64 {
    func level(_ low: Double, _ step: Double) -> UInt64 {
      let exact = (number - low) / step
      // A whole number of steps stays so when rounding has moved it a little.
      let nearest = exact.rounded()
      let level = (exact - nearest).magnitude < 1e-9 ? nearest : exact.rounded(rule)
      guard level > 0 else { return 0 }
      return UInt64(exactly: min(level, 0x1p63)) ?? 0
    }
    switch self {
    case .float(let float):
      guard let step = float.step else {
        return (min(max(number, float.low), float.high) + 0).bitPattern
      }
      return slot(atLevel: level(float.low, step))
    case .int(let int): return slot(atLevel: level(Double(int.low), Double(int.step)))
    case .categorical, .fixed: return slot(atUnit: 0.5)
    }
  }
}
