import AttuneCore

/// Finds a point that was not asked before, where a model proposes none.
struct UnseenPoint: Sendable {
  private let space: Space
  private var uniform: RandomStrategy

  init(_ space: Space) throws(AttuneError) {
    self.space = space
    uniform = try RandomStrategy(space: space, directions: [.minimize], options: .none)
  }

  /// A point at random; where hardly any is left, the first in a walk through all.
  mutating func find(
    _ request: Request, _ observations: Observations, given history: History
  ) -> Point {
    var last: Point?
    for attempt in 0..<64 {
      let again = Request(
        seed: request.seed, number: request.number, ordinal: request.ordinal,
        attempt: request.attempt &* 64 &+ attempt, given: request.given)
      guard let point = uniform.propose(again, given: history) else { continue }
      if !observations.hasSeen(point) { return point }
      last = point
    }
    return walk(request, observations) ?? last ?? space.centre(request.given)
  }

  private static func grid(_ space: Space) -> GridStrategy? {
    do throws(AttuneError) {
      return try GridStrategy(space: space, directions: [.minimize], options: .none)
    } catch {
      // Only for spaces whose points cannot be counted.
      return nil
    }
  }

  /// The first point not asked before of a finite space; among n + 1 of its points there is one.
  private func walk(_ request: Request, _ observations: Observations) -> Point? {
    guard GridStrategy.pointCount(of: space) != nil, var grid = Self.grid(space) else { return nil }
    let nothing = HistoryLog(valueCount: 1, width: 0).snapshot
    for step in 0...observations.seenCount {
      let next = Request(
        seed: request.seed, number: 0, ordinal: 0, attempt: step, given: request.given)
      guard let point = grid.propose(next, given: nothing) else { return nil }
      if !observations.hasSeen(point) { return point }
    }
    return nil
  }
}

extension Space {
  /// The middle of every range; of unordered choices the first. Given values are kept.
  func centre(_ given: PartialPoint?) -> Point {
    point { parameter in
      if let slots = given?.slots, parameter < slots.count, let slot = slots[parameter] {
        return slot
      }
      let distribution = parameters[parameter].distribution
      if case .categorical(let categorical) = distribution, !categorical.ordered { return 0 }
      return distribution.slot(atUnit: 0.5)
    }
  }
}
