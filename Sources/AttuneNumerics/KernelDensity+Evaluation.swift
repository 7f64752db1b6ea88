import CLanes

extension KernelDensity {
  /// What the evaluation of densities needs between calls that should not allocate, and what `complete`
  /// goes on from.
  public struct Workspace: Sendable {
    var coordinates: [Float] = []
    var tables: [Int] = []
    /// The sums at the points evaluated last, and the block before which they ended.
    var sums: [PointSum] = []
    var reached = 0

    /// Creates an empty workspace.
    public init() {}
  }

  /// What a categorical variable adds where the point's category is the kernel's own, and elsewhere.
  public struct CategoryLogs: Sendable, Hashable {
    /// Added where the categories agree.
    public let same: Float
    /// Added where they differ.
    public let different: Float

    /// Creates the pair; what is below −1e4 counts as that.
    public init(same: Float, different: Float) {
      self.same = Swift.max(same, -1e4)
      self.different = Swift.max(different, -1e4)
    }
  }

  /// So many points are evaluated together: a block of kernels is loaded once for them.
  public static let tile = LANES_TILE
  /// So many blocks at a time: their logarithms stay in the nearest cache.
  static let chunk = LANES_CHUNK
  /// A kernel this far below the largest, e^−24, adds less than a millionth even in thousands.
  static let reach: Float = 16

  /// Writes the log density at each of `pointCount` points into `result`.
  ///
  /// Points follow each other, each of `shape.pointLength` numbers: numeric, then the categories and
  /// the levels as whole numbers. A level outside its table adds 0. If lengths do not match, nothing
  /// is written. −∞ without kernels and at infinite coordinates, not-a-number where a coordinate is.
  ///
  /// Kernels are summed from the newest to the oldest, 128 at a time. With `newest`, no more of them
  /// are taken than are needed to have that many: a lower bound, from which `complete` goes on. Kernels
  /// below e^−24 of the largest so far count as 0.
  ///
  /// 24 points, ten numeric variables and 1,000 kernels take 30 µs on 128-bit registers.
  public func logDensities(
    _ points: UnsafeBufferPointer<Float>, count pointCount: Int,
    categoryLogs: [CategoryLogs] = [], newest: Int = .max, workspace: inout Workspace,
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    workspace.sums.removeAll(keepingCapacity: true)
    guard pointCount > 0, points.count >= pointCount * shape.pointLength,
      result.count >= pointCount, categoryLogs.count == shape.categorical
    else { return }
    prepare(&workspace)
    for start in Swift.stride(from: 0, to: pointCount, by: Self.tile) {
      let places = start..<Swift.min(start + Self.tile, pointCount)
      load(points, places, &workspace)
      var sums = Sums()
      workspace.reached = add(
        to: &sums, workspace, categoryLogs, before: blockCount, newest: newest)
      for (point, place) in places.enumerated() {
        let isUsable = isUsable(points, place)
        result[place] = isUsable ? sums[point].logDensity : .nan
        workspace.sums.append(sums[point])
      }
    }
  }

  /// Writes the log densities at some of the points of the last call of `logDensities` into `result`,
  /// going on with the sums where they ended.
  ///
  /// `chosen` are places in the list of points, which, as the kernels, must be the same still. With `limits`,
  /// one of each, the sum may end as soon as it exceeds the limits of all points of a `tile`: the
  /// result is then some number above the limit and below the log density. If lengths do not match, a
  /// place was not evaluated, or there are fewer kernels, nothing is written. Of another density, the results
  /// mean nothing.
  public func complete(
    _ chosen: [Int], of points: UnsafeBufferPointer<Float>, categoryLogs: [CategoryLogs] = [],
    limits: [Double] = [], workspace: inout Workspace,
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    guard points.count >= workspace.sums.count * shape.pointLength,
      workspace.reached <= blockCount, result.count >= chosen.count,
      chosen.allSatisfy({ workspace.sums.indices.contains($0) }),
      categoryLogs.count == shape.categorical, limits.isEmpty || limits.count == chosen.count
    else { return }
    prepare(&workspace)
    for start in Swift.stride(from: 0, to: chosen.count, by: Self.tile) {
      let places = chosen[start..<Swift.min(start + Self.tile, chosen.count)]
      load(points, places, &workspace)
      var sums = Sums()
      for (point, place) in places.enumerated() { sums[point] = workspace.sums[place] }
      add(
        to: &sums, workspace, categoryLogs, before: workspace.reached,
        limits: limits.isEmpty ? [] : limits[places.indices])
      for (point, place) in places.enumerated() {
        result[start + point] = isUsable(points, place) ? sums[point].logDensity : .nan
      }
    }
  }

  private func prepare(_ workspace: inout Workspace) {
    let width = Self.tile * (shape.numeric + shape.categorical)
    if workspace.coordinates.count < width {
      workspace.coordinates = Array(repeating: 0, count: width)
    }
    if workspace.tables.count < Self.tile * shape.levels.count {
      workspace.tables = Array(repeating: -1, count: Self.tile * shape.levels.count)
    }
  }

  private func isUsable(_ points: UnsafeBufferPointer<Float>, _ place: Int) -> Bool {
    let start = place * shape.pointLength
    return points[start..<(start + shape.numeric)].allSatisfy { !$0.isNaN }
  }

  /// Writes the coordinates of a tile variable by variable; the last point fills up the tile.
  private func load(
    _ points: UnsafeBufferPointer<Float>, _ places: some RandomAccessCollection<Int>,
    _ workspace: inout Workspace
  ) {
    let plain = shape.numeric + shape.categorical
    workspace.coordinates.withUnsafeMutableBufferPointer { coordinates in
      workspace.tables.withUnsafeMutableBufferPointer { tables in
        var start = 0
        var place = places.startIndex
        for lane in 0..<Self.tile {
          if place != places.endIndex {
            start = places[place] * shape.pointLength
            places.formIndex(after: &place)
          }
          for variable in 0..<plain {
            let x = points[start + variable]
            // Infinity times the scale 0 of a lacking variable would not be 0.
            coordinates[Self.tile * variable + lane] =
              x.magnitude > 1e18 ? (x < 0 ? -1e18 : 1e18) : x
          }
          for (variable, levels) in shape.levels.enumerated() {
            let level = points[start + plain + variable]
            let isInside = level >= 0 && level < Float(levels)
            tables[Self.tile * variable + lane] =
              isInside ? tableStarts[variable] + 8 * Int(level) : -1
          }
        }
      }
    }
  }
}
