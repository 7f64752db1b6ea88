import AttuneCore

// Between points and their numbers. Points stand in lexicographic order: of the parameters without
// condition the last declared turns fastest, and a conditional one turns with its parent. Numbers
// count the points of a row; with `refined`, only those that no lattice of the row before holds
// entirely. Both directions take a step for each active parameter.
extension GridDiagram {
  /// The point with number `index`, which must be below the count of such points.
  func point(at index: UInt64, row: Int, refined: Bool) -> Point {
    var walk = Walk(self, row: row, refined: refined)
    var slots = [UInt64](repeating: 0, count: levels.count)
    var active = ActiveSet()
    var rest = index
    while let node = walk.next() {
      for run in nodes[node].runs {
        let step = walk.step(run, of: node)
        let all = walk.points(of: step, below: run.levels.upperBound)
        if rest >= all {
          rest -= all
          continue
        }
        let level = walk.level(of: step, at: &rest)
        let parameter = nodes[node].parameter
        slots[parameter] = levels[parameter].slot(at: level)
        active[parameter] = true
        walk.take(level, of: step)
        break
      }
    }
    return Point(slots: slots, active: active)
  }

  /// The number of a point, or `nil` for one that is not on the grid.
  ///
  /// The point's levels must lie in the row's lattices and, with `refined`, not all in those
  /// before.
  func index(of point: Point, row: Int, refined: Bool) -> UInt64? {
    var walk = Walk(self, row: row, refined: refined)
    var index: UInt64 = 0
    var taken = 0
    while let node = walk.next() {
      let parameter = nodes[node].parameter
      guard let slot = point[parameter], let level = levels[parameter].level(of: slot) else {
        return nil
      }
      var isTaken = false
      for run in nodes[node].runs {
        let step = walk.step(run, of: node)
        if level >= run.levels.upperBound {
          index += walk.points(of: step, below: run.levels.upperBound)
          continue
        }
        // A level between runs is in no allowed point.
        guard level >= run.levels.lowerBound else { return nil }
        index += walk.points(of: step, below: level)
        walk.take(level, of: step)
        isTaken = true
        break
      }
      guard isTaken else { return nil }
      taken += 1
    }
    let activeCount = levels.indices.reduce(0) { $0 + (point.active[$1] ? 1 : 0) }
    return taken == activeCount ? index : nil
  }

  /// The lowest row whose lattices hold a point; `nil` for one with a value that is no level.
  func row(of point: Point) -> Int? {
    var row = 0
    for parameter in levels.indices {
      guard let slot = point[parameter] else { continue }
      guard let level = levels[parameter].level(of: slot) else { return nil }
      row = max(row, levels[parameter].stage(of: level))
    }
    return min(row, counts.count - 1)
  }
}

/// A way down a diagram: the nodes still to decide, and how many points they stand for.
private struct Walk {
  /// Levels of one run, and how many points each of them stands for.
  struct Step {
    let run: GridDiagram.Run
    let levels: GridLevels
    /// In the row itself, and in the row before (0 where that does not matter).
    let fine: UInt64
    let coarse: UInt64
  }

  private let diagram: GridDiagram
  private let row: Int
  private let stage: Int
  /// Whether all levels so far lie in the lattices of the row before, whose points do not count.
  private var isCoarse: Bool
  /// What is to decide, next last; the counts are products over a node and all before it.
  private var pending: [(node: Int, fine: UInt64, coarse: UInt64)] = []
  private var fine: UInt64 = 1
  private var coarse: UInt64 = 1

  init(_ diagram: GridDiagram, row: Int, refined: Bool) {
    self.diagram = diagram
    self.row = row
    stage = diagram.stage(ofRow: row)
    isCoarse = refined && row > 0
    push(diagram.roots)
  }

  private mutating func push(_ nodes: [Int]) {
    for node in nodes.reversed() {
      fine *= diagram.counts[row][node]
      if isCoarse { coarse *= diagram.counts[row - 1][node] }
      pending.append((node, fine, coarse))
    }
  }

  /// The next node to decide.
  mutating func next() -> Int? {
    guard let top = pending.popLast() else { return nil }
    (fine, coarse) = pending.last.map { ($0.fine, $0.coarse) } ?? (1, 1)
    return top.node
  }

  func step(_ run: GridDiagram.Run, of node: Int) -> Step {
    Step(
      run: run, levels: diagram.levels[diagram.nodes[node].parameter],
      fine: fine * diagram.product(run.below, row: row),
      coarse: isCoarse ? coarse * diagram.product(run.below, row: row - 1) : 0)
  }

  /// How many points have a level of the run below `level`.
  func points(of step: Step, below level: UInt64) -> UInt64 {
    let range = step.run.levels.lowerBound..<level
    let all = step.levels.latticeCount(range, stage: stage) * step.fine
    guard isCoarse else { return all }
    return all - step.levels.latticeCount(range, stage: stage - 1) * step.coarse
  }

  /// The level of the run that point `rest` of it has; `rest` becomes its number among that
  /// level's.
  func level(of step: Step, at rest: inout UInt64) -> UInt64 {
    let first = step.levels.latticeCount(below: step.run.levels.lowerBound, stage: stage)
    if !isCoarse {
      let level = step.levels.latticeLevel(first + rest / step.fine, stage: stage)
      rest %= step.fine
      return level
    }
    // The last level with at most `rest` points before it: a level may have none of its own.
    var low: UInt64 = 0
    var high = step.levels.latticeCount(step.run.levels, stage: stage) - 1
    while low < high {
      let middle = high - (high - low) / 2
      let level = step.levels.latticeLevel(first + middle, stage: stage)
      if points(of: step, below: level) <= rest { low = middle } else { high = middle - 1 }
    }
    let level = step.levels.latticeLevel(first + low, stage: stage)
    rest -= points(of: step, below: level)
    return level
  }

  mutating func take(_ level: UInt64, of step: Step) {
    if isCoarse { isCoarse = step.levels.stage(of: level) <= stage - 1 }
    push(step.run.below)
  }
}
