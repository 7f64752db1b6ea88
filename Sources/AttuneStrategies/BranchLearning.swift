import AttuneCore

/// A strategy for define-by-run studies: another one, told the conditions that the trials have shown.
///
/// Without them a model compares whole proposals with trials that hold one branch each, and finds them
/// all far away. Made anew when the conditions change, which happens seldom after the first trials.
struct BranchLearning<Inner: Strategy>: Strategy {
  static var description: StrategyDescription { Inner.description }

  private let directions: [Direction]
  private let options: Options
  private var conditions: DiscoveredConditions
  private var space: Space
  private var inner: Inner

  init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = space
    self.directions = directions
    self.options = options
    conditions = DiscoveredConditions(space)
    inner = try Inner(space: space, directions: directions, options: options)
  }

  var pointCount: UInt64? { inner.pointCount }

  mutating func propose(_ request: Request, given history: History) -> Point? {
    if conditions.follow(history) { learn() }
    return inner.propose(request, given: history)
  }

  private mutating func learn() {
    // What made the strategy for the bare space makes it for this one; if not, the last one goes on.
    guard let known = try? conditions.conditionalSpace(), known != space,
      let made = try? Inner(space: known, directions: directions, options: options)
    else { return }
    space = known
    inner = made
  }
}
