import AttuneCore
import AttuneStrategies

/// How many points a space has.
struct SpaceSize {
  /// `nil` when endless, or when conditions or constraints make it too costly to count.
  let count: UInt64?
  let isEndless: Bool

  init(_ space: Space) {
    isEndless = space.parameters.contains { $0.distribution.levelCount == nil }
    if isEndless {
      count = nil
    } else {
      count = space.isConstrained ? GridStrategy.pointCount(of: space) : Self.count(space)
    }
  }

  var text: String {
    if let count {
      return count == .max ? "2^64 points or more" : count == 1 ? "1 point" : "\(count) points"
    }
    return isEndless ? "endless points" : "a finite number of points"
  }

  /// Points of a space whose parameters all have levels.
  private static func count(_ space: Space) -> UInt64? {
    var counter = Counter(
      order: parentsFirst(space),
      parents: Set(space.parameters.flatMap { $0.conditions.map(\.parent) }))
    return counter.count(from: 0, [:])
  }

  /// Counts the levels of parents that children hang on one by one, all others by multiplying.
  private struct Counter {
    let order: [Parameter]
    let parents: Set<String>
    var budget = 100_000

    mutating func count(from index: Int, _ chosen: [String: Value]) -> UInt64? {
      guard index < order.count else { return 1 }
      let parameter = order[index]
      guard isActive(parameter, chosen) else { return count(from: index + 1, chosen) }
      let levels = parameter.distribution.levelCount ?? 1
      guard parents.contains(parameter.name) else {
        guard let rest = count(from: index + 1, chosen) else { return nil }
        let (product, overflow) = levels.multipliedReportingOverflow(by: rest)
        return overflow ? .max : product
      }
      var sum: UInt64 = 0
      var level: UInt64 = 0
      while level < levels {
        budget -= 1
        guard budget > 0 else { return nil }
        var next = chosen
        let slot = parameter.distribution.slot(atLevel: level)
        next[parameter.name] = parameter.distribution.value(ofSlot: slot)
        guard let rest = count(from: index + 1, next) else { return nil }
        let (total, overflow) = sum.addingReportingOverflow(rest)
        sum = overflow ? .max : total
        level += 1
      }
      return sum
    }

    private func isActive(_ parameter: Parameter, _ chosen: [String: Value]) -> Bool {
      parameter.conditions.allSatisfy { condition in
        guard let value = chosen[condition.parent] else { return false }
        switch condition.test {
        case .choices(let choices): return choices.contains { $0.matches(value) }
        case .range(let low, let high):
          return value.number.map { low <= $0 && $0 <= high } ?? false
        }
      }
    }
  }

  /// Parents before children.
  private static func parentsFirst(_ space: Space) -> [Parameter] {
    var order: [Parameter] = []
    var placed: Set<String> = []
    var waiting = space.parameters
    while !waiting.isEmpty {
      let ready = waiting.filter { $0.conditions.allSatisfy { placed.contains($0.parent) } }
      // A checked space has no circle.
      if ready.isEmpty { return order + waiting }
      order += ready
      placed.formUnion(ready.map(\.name))
      waiting.removeAll { placed.contains($0.name) }
    }
    return order
  }
}
