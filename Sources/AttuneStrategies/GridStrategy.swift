public import AttuneCore
import AttuneNumerics

/// Visits every combination of the parameters' values once, then ends the run.
///
/// For: small discrete spaces, and sweeps that must be complete. Nothing is listed in memory: point
/// number i is computed from i, so a grid of 10¹⁵ points starts at once.
///
/// Ints (also with `log`) and stepped floats take all their values, choices all of theirs, a
/// continuous float `points` values with both ends, evenly in the logarithm where `log` is set. A
/// conditional parameter multiplies only the points in which it is active. Points that constraints forbid
/// are neither visited nor counted. Up to 2⁶⁴ - 1 points; beyond, and for conditions and constraints that
/// interlock in too many ways to count (a sum: some hundred thousand different ones), `init` throws.
///
/// The place in the grid is a pure function of the history: the place of the latest trial from this
/// strategy, plus the number of such trials since (those of parallel workers among them), plus the
/// proposals turned down as duplicates. A study that changes to `grid` from another strategy begins
/// behind its latest point where that lies on the grid, else at the first point. Values given by
/// `enqueue` are kept, and completed by levels that the seed draws; they do not move the grid.
///
/// Options: `order` = `ordered` (last-declared parameter fastest; a conditional one turns with its
/// parent), `shuffled` (by the seed, in constant memory) or `coarse_to_fine` (a coarse grid around
/// the middle, then ever finer ones, each completed before the next begins; unordered choices take
/// part in all); `points` = 1 to 1,000,000 (10), where 1 means the middle; `repeats` = 1 or more
/// (1), rounds through the whole grid, for noisy objectives.
///
/// An ask reads the events since the last and takes about 1 µs with 5 parameters, up to some 10 µs
/// with `coarse_to_fine`.
public struct GridStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "grid",
    summary: "every combination of values once, in order, shuffled or coarse to fine; then it ends",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: false,
    options: [
      OptionDescription(
        "order", .choice(GridOrder.allCases.map(\.rawValue)), default: .string("ordered"),
        "the order in which the points are visited"),
      OptionDescription(
        "points", .int(low: 1, high: Int64(GridLevels.maximumTableCount)), default: .int(10),
        "values of a float without step, both ends among them; 1 is the middle"),
      OptionDescription(
        "repeats", .int(low: 1, high: .max), default: .int(1),
        "how often the whole grid is visited"),
    ])

  private let space: Space
  private let order: GridOrder
  private let diagram: GridDiagram
  /// The number of different points; at least 1.
  private let gridCount: UInt64
  private let total: UInt64
  private var cursor = GridCursor()

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = space
    order = options.string("order").flatMap(GridOrder.init) ?? .ordered
    let repeats = UInt64(max(options.int("repeats") ?? 1, 1))
    diagram = try GridDiagram(
      space, points: max(options.int("points") ?? 10, 1), staged: order.isStaged)
    gridCount = diagram.pointCount(row: diagram.counts.count - 1)
    guard gridCount > 0 else {
      throw AttuneError(
        .invalidArgument,
        "strategy grid: the constraints of the space allow none of its points, wanted one or more; a"
          + " larger option \"points\", a step, or wider bounds may help",
        subject: "space.\(SpaceConstraint.key)")
    }
    let (total, overflow) = gridCount.multipliedReportingOverflow(by: repeats)
    guard !overflow else {
      throw AttuneError(
        .invalidArgument,
        "strategy grid: option \"repeats\" is \(repeats), wanted at most \(UInt64.max / gridCount)"
          + " for \(gridCount) points",
        subject: "options.repeats")
    }
    self.total = total
  }

  public var pointCount: UInt64? { total }

  /// How many events of the history were read so far, each reading counted.
  var eventReadCount: Int { cursor.eventReadCount }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    if request.given?.slots.contains(where: { $0 != nil }) ?? false { return completed(request) }
    cursor.catchUp(with: history, seed: request.seed, pointCount: gridCount, total: total) {
      order.index(of: $0, in: diagram, seed: request.seed)
    }
    guard let index = cursor.index(for: request), index < total else { return nil }
    return order.point(at: index % gridCount, in: diagram, seed: request.seed)
  }

  /// How many different points a space has; `nil` when it is continuous, or has more than can be
  /// counted in 64 bits.
  public static func pointCount(of space: Space) -> UInt64? {
    guard space.parameters.allSatisfy({ $0.distribution.levelCount != nil }) else { return nil }
    do {
      return try GridStrategy(space: space, directions: [.minimize], options: .none).pointCount
    } catch {
      return nil  // what a grid refuses is what cannot be counted
    }
  }

  /// The point visited at `index`, counted from 0 within one round; `nil` beyond the last.
  public func point(at index: UInt64, seed: UInt64) -> Point? {
    index < gridCount ? order.point(at: index, in: diagram, seed: seed) : nil
  }

  /// When a point is visited, counted from 0 within one round; `nil` for one that is not on the
  /// grid.
  public func index(of point: Point, seed: UInt64) -> UInt64? {
    order.index(of: point, in: diagram, seed: seed)
  }

  /// The given values, with levels that the seed draws for the others.
  private func completed(_ request: Request) -> Point {
    space.point { index in
      if let slot = request.givenSlot(index) { return slot }
      var stream = RandomStream(
        seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
        stream: RandomPurpose.gridLevel, salt: space.salts[index])
      stream.index = UInt32(truncatingIfNeeded: request.attempt)
      let levels = diagram.levels[index]
      return levels.slot(at: stream.nextBelow(levels.count))
    }
  }
}
