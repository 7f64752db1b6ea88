import AttuneCore

/// Builds a `GridDiagram`'s nodes.
struct GridDiagramBuilder {
  /// How many entries, parameters summed over nodes, a diagram may take to build.
  static let workLimit = 2_000_000

  private(set) var nodes: [GridDiagram.Node] = []
  private let space: Space
  private let levels: [GridLevels]
  private let parents: [[Int]]
  private let children: [[Int]]
  /// The node that decides a connected set of parameters.
  private var known: [Key: Int] = [:]
  private var work = 0

  private let constraints: GridConstraints

  /// What the points of a node depend on.
  private struct Key: Hashable {
    let members: [Int]
    let rests: [GridConstraints.Rest]
  }

  init(_ space: Space, _ levels: [GridLevels]) {
    self.space = space
    self.levels = levels
    parents = space.parameters.map { $0.conditions.compactMap { space.find($0.parent) } }
    var children = [[Int]](repeating: [], count: space.count)
    for (child, parents) in parents.enumerated() {
      for parent in parents where children[parent].last != child { children[parent].append(child) }
    }
    self.children = children
    constraints = GridConstraints(space, levels)
  }

  /// The independent nodes that decide all parameters.
  mutating func roots() throws(AttuneError) -> [Int] {
    let all = Array(space.parameters.indices)
    guard let rests = constraints.all(deciding: all) else { return [] }
    return try nodes(for: all, rests)
  }

  /// The independent nodes that decide `possible`: ascending parameters of which every condition on
  /// a parameter outside holds. `rests` are the constraints that these still decide, by their places.
  private mutating func nodes(
    for possible: [Int], _ rests: [GridConstraints.Rest]
  ) throws(AttuneError) -> [Int] {
    work += max(possible.count, 1)
    guard work <= Self.workLimit else {
      let names = possible.prefix(6).map { "\"\(space.parameters[$0].name)\"" }
      throw AttuneError(
        .notSupported,
        "strategy grid: the conditions and constraints of parameters \(names.joined(separator: ", "))"
          + " interlock in too many ways to count the points; use random or sobol, or fewer parents a"
          + " parameter, fewer parameters a constraint or fewer values",
        subject: "space")
    }
    var result: [Int] = []
    for connected in components(of: possible, rests) {
      let own = rests.filter { rest in
        constraints.parameters[rest.place].contains { connected.holds($0) }
      }
      result.append(try node(for: connected, own))
    }
    return result
  }

  /// The node for parameters that conditions and constraints connect: it decides the first without
  /// parent among them.
  private mutating func node(
    for members: [Int], _ rests: [GridConstraints.Rest]
  ) throws(AttuneError) -> Int {
    let key = Key(members: members, rests: rests)
    if members.count > 1 || !rests.isEmpty, let node = known[key] { return node }
    let root = members.first { member in !parents[member].contains { members.holds($0) } }
    guard let root else {
      throw AttuneError(.internal, "strategy grid: conditions run in a circle")
    }
    let affected = children[root].filter { members.holds($0) }
    let passing = affected.map { passingLevels(of: root, for: $0) }
    var runs: [GridDiagram.Run] = []
    let cut = passing + (try constraints.cuts(of: root, rests, among: members))
    for segment in segments(of: levels[root].count, cut: cut) {
      let closed = zip(affected, passing).filter { !$0.1.holds(segment.lowerBound) }.map(\.0)
      let gone = closure(of: closed, in: members)
      let possible = members.filter { $0 != root && !gone.contains($0) }
      work += rests.isEmpty ? 0 : 1
      let left = constraints.rests(
        after: root, at: segment.lowerBound, rests, deciding: possible, gone: gone)
      guard let left else { continue }
      let below = try nodes(for: possible, left)
      if let last = runs.last, last.below == below, last.levels.upperBound == segment.lowerBound {
        runs[runs.count - 1] = GridDiagram.Run(
          levels: last.levels.lowerBound..<segment.upperBound, below: below)
      } else {
        runs.append(GridDiagram.Run(levels: segment, below: below))
      }
    }
    nodes.append(GridDiagram.Node(parameter: root, runs: runs))
    if members.count > 1 || !rests.isEmpty { known[key] = nodes.count - 1 }
    return nodes.count - 1
  }

  /// The levels of `parent` that pass all of a child's conditions on it.
  private func passingLevels(of parent: Int, for child: Int) -> [Range<UInt64>] {
    var passing = [0..<levels[parent].count]
    for condition in space.parameters[child].conditions
    where condition.parent == space.parameters[parent].name {
      let other = levels[parent].passing(condition.test)
      passing = passing.flatMap { range in
        other.map { range.clamped(to: $0) }.filter { !$0.isEmpty }
      }
    }
    return passing
  }

  /// 0..<`count` in pieces at whose inner places no range begins or ends.
  private func segments(of count: UInt64, cut ranges: [[Range<UInt64>]]) -> [Range<UInt64>] {
    var cuts: [UInt64] = [0, count]
    for range in ranges.joined() { cuts += [range.lowerBound, range.upperBound] }
    cuts.sort()
    return zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
  }

  /// `closed` and all members that depend on one of them.
  private func closure(of closed: [Int], in members: [Int]) -> Set<Int> {
    var gone = Set(closed)
    var next = closed
    while let parameter = next.popLast() {
      for child in children[parameter] where members.holds(child) && gone.insert(child).inserted {
        next.append(child)
      }
    }
    return gone
  }

  /// The sets of parameters that conditions and constraints among `possible` connect, by their first
  /// member.
  private func components(
    of possible: [Int], _ rests: [GridConstraints.Rest]
  ) -> [[Int]] {
    var isTaken = [Bool](repeating: false, count: possible.count)
    var result: [[Int]] = []
    for (place, parameter) in possible.enumerated() where !isTaken[place] {
      isTaken[place] = true
      var members = [parameter]
      var next = [parameter]
      while let member = next.popLast() {
        let partners = rests.map { constraints.parameters[$0.place] }.filter { $0.contains(member) }
        for other in parents[member] + children[member] + partners.joined() {
          guard let place = possible.place(of: other), !isTaken[place] else { continue }
          isTaken[place] = true
          members.append(other)
          next.append(other)
        }
      }
      result.append(members.sorted())
    }
    return result
  }
}

extension [Int] {
  /// Where an element stands in an ascending array.
  fileprivate func place(of element: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == element ? low : nil
  }

  fileprivate func holds(_ element: Int) -> Bool { place(of: element) != nil }
}

extension [Range<UInt64>] {
  fileprivate func holds(_ level: UInt64) -> Bool { contains { $0.contains(level) } }
}
