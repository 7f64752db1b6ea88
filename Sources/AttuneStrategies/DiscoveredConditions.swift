import AttuneCore

/// Which parameters of a discovered space depend on which, told by what the objectives asked for.
///
/// A define-by-run objective says nothing of its branches. They show: where a parameter is asked for
/// under some choices of an earlier one in every COMPLETE trial, and under the others in none, it takes
/// that one as its parent. Trials that ended otherwise may have stopped before they asked, so their
/// silence tells nothing. A guess that a later trial contradicts is dropped. O(parameters²) a trial.
struct DiscoveredConditions: Sendable {
  private let space: Space
  /// The parameters with few enough levels to lead to branches.
  private var parents: [Parent]
  /// Whether each parameter has been left out by a COMPLETE trial, and whether it has been asked for.
  private var isAbsent: [Bool]
  private var isPresent: [Bool]
  private var eventCount = 0

  fileprivate struct Parent: Sendable {
    let parameter: Int
    let levelCount: Int
    /// For each later parameter and level: bit 0 where a trial asked for it, bit 1 where one did not.
    var seen: [UInt8]
    /// The later parameters that were asked for while the parent was not.
    var isContradicted: [Bool]
  }

  /// More branches than this are no branches.
  private static let levelLimit: UInt64 = 64

  init(_ space: Space) {
    self.space = space
    isAbsent = Array(repeating: false, count: space.count)
    isPresent = isAbsent
    parents = space.parameters.indices.compactMap { index in
      guard let count = space.parameters[index].distribution.levelCount, count > 1,
        count <= Self.levelLimit
      else { return nil }
      return Parent(
        parameter: index, levelCount: Int(count),
        seen: Array(repeating: 0, count: Int(count) * space.count),
        isContradicted: Array(repeating: false, count: space.count))
    }
  }

  /// Takes in what happened since the last call; whether that may have changed a guess.
  mutating func follow(_ history: History) -> Bool {
    var isNews = false
    while eventCount < history.eventCount {
      if case .finished(let trial) = history.event(eventCount) {
        isNews = take(trial, history) || isNews
      }
      eventCount += 1
    }
    return isNews
  }
}

extension DiscoveredConditions {
  private mutating func take(_ trial: Int, _ history: History) -> Bool {
    guard history.state(trial) == .complete else { return false }
    var isNews = false
    let asked = space.parameters.indices.map { history.slot(trial, $0) != nil }
    for index in asked.indices {
      if asked[index] { isPresent[index] = true } else { isAbsent[index] = true }
    }
    for place in parents.indices {
      let parent = parents[place].parameter
      let level = history.slot(trial, parent).map {
        Int(clamping: space.parameters[parent].distribution.level(ofSlot: $0))
      }
      for child in (parent + 1)..<max(space.count, parent + 1) {
        isNews = parents[place].take(child, isAsked: asked[child], at: level) || isNews
      }
    }
    return isNews
  }

  /// The space with the conditions that fit all trials so far.
  func conditionalSpace() throws(AttuneError) -> Space {
    var isConditional = [Bool](repeating: false, count: space.count)
    var parameters = space.parameters
    for child in parameters.indices where isAbsent[child] && isPresent[child] {
      for parent in parents where parent.parameter < child {
        guard let open = openLevels(of: parent, for: child) else { continue }
        // Whoever asks for the parent asks for the child: that tells something only of a branch.
        guard open.count < parent.levelCount || isConditional[parent.parameter] else { continue }
        let distribution = space.parameters[parent.parameter].distribution
        let values = open.map {
          distribution.value(ofSlot: distribution.slot(atLevel: UInt64($0)))
        }
        let condition = Condition(
          parent: space.parameters[parent.parameter].name, .choices(values))
        parameters[child] = Parameter(
          parameters[child].name, parameters[child].distribution, when: [condition])
        isConditional[child] = true
        break
      }
    }
    return isConditional.contains(true) ? try Space(parameters) : space
  }

  /// The levels of a parent under which a parameter is asked for; `nil` where that does not decide it.
  ///
  /// A level nobody has tried counts as open, of ordered ones as the nearest that was tried.
  private func openLevels(of parent: Parent, for child: Int) -> [Int]? {
    guard !parent.isContradicted[child] else { return nil }
    let seen = parent.seen[(child * parent.levelCount)..<((child + 1) * parent.levelCount)]
    let base = seen.startIndex
    guard !seen.contains(3), seen.contains(1) else { return nil }
    let isOrdered = Self.isOrdered(space.parameters[parent.parameter].distribution)
    return (0..<parent.levelCount).filter { level in
      if seen[base + level] != 0 || !isOrdered { return seen[base + level] != 2 }
      let tried = (0..<parent.levelCount).filter { seen[base + $0] != 0 }
      let nearest = tried.min { abs($0 - level) < abs($1 - level) }
      return nearest.map { seen[base + $0] != 2 } ?? true
    }
  }

  private static func isOrdered(_ distribution: Distribution) -> Bool {
    if case .categorical(let categorical) = distribution { return categorical.ordered }
    return true
  }
}

extension DiscoveredConditions.Parent {
  /// Notes whether a trial with a level of this parent asked for a later parameter. Whether it is new.
  fileprivate mutating func take(_ child: Int, isAsked: Bool, at level: Int?) -> Bool {
    guard let level, level < levelCount else {
      guard isAsked, !isContradicted[child] else { return false }
      isContradicted[child] = true
      return true
    }
    let bit: UInt8 = isAsked ? 1 : 2
    guard seen[child * levelCount + level] & bit == 0 else { return false }
    seen[child * levelCount + level] |= bit
    return true
  }
}
