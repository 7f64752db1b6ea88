import AttuneCore
import AttuneStrategies

/// The strategy of a study at work: made for the space known, and made anew when the space grows.
struct Proposer: Sendable {
  private let definition: StudyDefinition
  private var space: Space
  private var strategy: any Strategy
  /// Walks through a finite space when the strategy keeps proposing points the study has had.
  private var walk: (strategy: any Strategy, steps: Int)?
  /// Whether the points of the space can be counted; `nil` until that matters.
  private var spaceIsFinite: Bool?

  init(_ definition: StudyDefinition, space: Space) throws(AttuneError) {
    self.definition = definition
    self.space = space
    strategy = try Self.makeStrategy(definition, space)
  }

  private static func makeStrategy(
    _ definition: StudyDefinition, _ space: Space
  ) throws(AttuneError) -> any Strategy {
    try StrategyCatalog.make(
      named: definition.strategy, space: space, isDefineByRun: definition.space == nil,
      directions: definition.directions, options: definition.strategyOptions)
  }

  private static func makeWalk(
    _ definition: StudyDefinition, _ space: Space
  ) throws(AttuneError) -> any Strategy {
    try StrategyCatalog.make(
      named: "grid", space: space, directions: definition.directions,
      options: [("order", .string("shuffled"))])
  }

  /// How many points the space has, if it is finite; what a study that avoids duplicates can try.
  static func finitePointCount(_ definition: StudyDefinition) -> UInt64? {
    guard let space = definition.space, definition.duplicates == .avoid else { return nil }
    return GridStrategy.pointCount(of: space)
  }

  /// How many points the strategy has in all; `nil` when endless.
  var pointCount: UInt64? { strategy.pointCount }

  /// Makes the strategy anew when the space is another than it was made for.
  mutating func follow(_ space: Space) throws(AttuneError) {
    guard space !== self.space else { return }
    strategy = try Self.makeStrategy(definition, space)
    self.space = space
  }

  /// The point of a claimed trial: as given, or the strategy's choice. `nil` when there is none left.
  mutating func point(
    for claim: Study.Claim, isTaken: (Point) -> Bool
  ) throws(AttuneError) -> Point? {
    try follow(claim.space)
    var given: PartialPoint?
    if let values = claim.given, definition.space != nil {
      let partial = try PartialPoint(values, in: claim.space)
      if let whole = claim.space.point(given: partial) { return whole }
      given = partial
    }
    guard claim.basis.isProvisional else {
      return try propose(claim, given, isTaken: isTaken)
    }
    // What a strategy learns from ends that may be taken back goes with this copy.
    var copy = self
    return try copy.propose(claim, given, isTaken: isTaken)
  }

  private mutating func propose(
    _ claim: Study.Claim, _ given: PartialPoint?, isTaken: (Point) -> Bool
  ) throws(AttuneError) -> Point? {
    try propose(
      number: claim.number, ordinal: claim.basis.ordinal, given: given,
      history: claim.basis.history, isTaken: isTaken)
  }

  /// The next point; `isTaken` tells which are turned down. `nil` when there is none left.
  mutating func propose(
    number: Int, ordinal: Int, given: PartialPoint?, history: History,
    isTaken: (Point) -> Bool
  ) throws(AttuneError) -> Point? {
    for attempt in 0..<Self.attemptLimit {
      let request = Request(
        seed: definition.seed, number: number, ordinal: ordinal, attempt: attempt, given: given)
      guard let point = strategy.propose(request, given: history) else { return nil }
      if !isTaken(point) { return point }
    }
    return try walkOn(
      number: number, ordinal: ordinal, given: given, history: history, isTaken: isTaken)
  }

  /// Strategies rarely repeat themselves this often unless hardly anything is left.
  private static let attemptLimit = 50

  /// The next untaken point in a shuffled walk through all points of a finite space.
  private mutating func walkOn(
    number: Int, ordinal: Int, given: PartialPoint?, history: History, isTaken: (Point) -> Bool
  ) throws(AttuneError) -> Point? {
    // A space too large to count is not exhausted by repeating oneself: let the duplicate be.
    if spaceIsFinite == nil { spaceIsFinite = GridStrategy.pointCount(of: space) != nil }
    guard spaceIsFinite == true else {
      let request = Request(seed: definition.seed, number: number, ordinal: ordinal, given: given)
      return strategy.propose(request, given: history)
    }
    if walk == nil {
      walk = (try Self.makeWalk(definition, space), 0)
    }
    guard var (grid, steps) = walk else { return nil }
    defer { walk = (grid, steps) }
    let nothing = HistoryLog(valueCount: definition.directions.count, width: 0).snapshot
    while true {
      let request = Request(
        seed: definition.seed, number: 0, ordinal: 0, attempt: steps, given: given)
      guard let point = grid.propose(request, given: nothing) else { return nil }
      if !isTaken(point) { return point }
      // Points taken stay taken, so the walk never turns back.
      if given == nil { steps += 1 } else { return point }
    }
  }
}
