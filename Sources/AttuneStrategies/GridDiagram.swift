import AttuneCore

/// All points of a conditional grid as a decision diagram that counts them.
///
/// A node decides the level of one parameter. Its runs are the ranges of levels that open the same
/// conditions; below a run stand the nodes of the parameters that are still possible, each node
/// independent of the others beside it, so that their counts multiply. What is below a run depends
/// only on *which* parameters are possible, hence nodes are shared: a forest of conditions has a
/// node a parameter at most, and so have most spaces whose parameters have several parents.
///
/// Constraints connect their parameters as conditions do. What is below a run then depends as well on what
/// the constraints leave (`GridConstraints`), and levels that lead to no allowed point are in no run.
///
/// Counts are kept for each stage of coarseness (`GridLevels.stride(at:)`); a diagram that is not
/// refined in stages has one, which holds every level.
///
/// Memory and time to make are about the square of the number of parameters that conditions
/// connect.
struct GridDiagram: Sendable {
  struct Run: Sendable {
    let levels: Range<UInt64>
    /// The independent nodes below.
    let below: [Int]
  }

  struct Node: Sendable {
    let parameter: Int
    let runs: [Run]
  }

  let levels: [GridLevels]
  /// Nodes come after those below them.
  let nodes: [Node]
  let roots: [Int]
  /// `counts[row][node]`: how many ways there are to decide a node and all below, by stage.
  let counts: [[UInt64]]
  private let firstStage: Int

  /// The diagram of `space`; `staged` for counts at every stage.
  ///
  /// Throws when there are more than 2⁶⁴ - 1 points, and when conditions interlock in so many ways
  /// that the diagram would take more than `GridDiagramBuilder.workLimit` entries.
  init(_ space: Space, points: Int, staged: Bool) throws(AttuneError) {
    var levels: [GridLevels] = []
    for parameter in space.parameters { levels.append(try GridLevels(parameter, points: points)) }
    var builder = GridDiagramBuilder(space, levels)
    let roots = try builder.roots()
    firstStage = staged ? 0 : 64
    let lastStage = staged ? levels.map(\.refinementCount).max() ?? 0 : 64
    var counts: [[UInt64]] = []
    for stage in firstStage...lastStage {
      guard let row = Self.counts(builder.nodes, roots, levels, stage: stage) else {
        throw Self.tooMany(space, levels)
      }
      counts.append(row)
    }
    self.levels = levels
    self.nodes = builder.nodes
    self.roots = roots
    self.counts = counts
  }

  /// How many points there are with all levels in the lattices of row `row`.
  func pointCount(row: Int) -> UInt64 { product(roots, row: row) }

  func product(_ nodes: [Int], row: Int) -> UInt64 {
    var product: UInt64 = 1
    for node in nodes { product *= counts[row][node] }
    return product
  }

  func stage(ofRow row: Int) -> Int { firstStage + row }

  /// The counts of all nodes at one stage, or `nil` when one, or all points, exceed 64 bits.
  private static func counts(
    _ nodes: [Node], _ roots: [Int], _ levels: [GridLevels], stage: Int
  ) -> [UInt64]? {
    var counts: [UInt64] = []
    counts.reserveCapacity(nodes.count)
    func product(_ start: UInt64, _ factors: [Int]) -> UInt64? {
      var product = start
      for factor in factors {
        let (next, overflow) = product.multipliedReportingOverflow(by: counts[factor])
        if overflow { return nil }
        product = next
      }
      return product
    }
    for node in nodes {
      var total: UInt64 = 0
      for run in node.runs {
        let own = levels[node.parameter].latticeCount(run.levels, stage: stage)
        guard let ways = product(own, run.below) else { return nil }
        let (sum, overflow) = total.addingReportingOverflow(ways)
        if overflow { return nil }
        total = sum
      }
      counts.append(total)
    }
    return product(1, roots) == nil ? nil : counts
  }

  private static func tooMany(_ space: Space, _ levels: [GridLevels]) -> AttuneError {
    let largest = zip(space.parameters, levels).filter { $0.1.count > 1 }
      .sorted { $0.1.count > $1.1.count }
    let listed = largest.prefix(6).map { "\($0.0.name) \($0.1.count)" }
    let rest = largest.count > 6 ? " and \(largest.count - 6) more parameters" : ""
    return AttuneError(
      .invalidArgument,
      "strategy grid: the grid has more than 18446744073709551615 points (values of the widest:"
        + " \(listed.joined(separator: ", "))\(rest)), wanted at most that; lower option"
        + " \"points\", or give parameters a larger step or a narrower range",
      subject: "space")
  }
}
