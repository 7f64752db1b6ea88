import CLanes

extension KernelDensity {
  /// What the evaluation of densities needs between calls that should not allocate.
  public struct Workspace: Sendable {
    var coordinates: [Float] = []
    var tables: [Int] = []

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
  /// are taken than are needed to have that many: a lower bound. With `limits`, one a point, the sum
  /// may end as soon as it exceeds the limits of all points of a `tile` in the list: the result
  /// is then some number above the limit and below the log density. Kernels below e^−24 of the
  /// largest so far count as 0.
  ///
  /// 24 points, ten numeric variables and 1,000 kernels take 30 µs on 128-bit registers.
  public func logDensities(
    _ points: UnsafeBufferPointer<Float>, count pointCount: Int,
    categoryLogs: [CategoryLogs] = [], newest: Int = .max, limits: [Double] = [],
    workspace: inout Workspace, into result: UnsafeMutableBufferPointer<Double>
  ) {
    let length = shape.pointLength
    guard pointCount > 0, points.count >= pointCount * length, result.count >= pointCount,
      categoryLogs.count == shape.categorical, limits.isEmpty || limits.count >= pointCount
    else { return }
    prepare(&workspace)
    categoryLogs.withUnsafeBytes { categoryLogs in
      let logs = categoryLogs.baseAddress?.assumingMemoryBound(to: Float.self)
      for start in Swift.stride(from: 0, to: pointCount, by: Self.tile) {
        let unusable = load(points, start, pointCount, &workspace)
        let tileCount = Swift.min(Self.tile, pointCount - start)
        let wanted = limits.isEmpty ? [] : limits[start..<(start + tileCount)]
        let sums = sum(workspace, logs, newest: newest, limits: wanted)
        for point in 0..<tileCount {
          result[start + point] = unusable[point] ? .nan : sums.logDensity(point)
        }
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

  /// Writes the coordinates of a tile variable by variable; the last point fills up the tile. Tells
  /// which points have a numeric coordinate that is not-a-number.
  private func load(
    _ points: UnsafeBufferPointer<Float>, _ start: Int, _ pointCount: Int,
    _ workspace: inout Workspace
  ) -> SIMDMask<SIMD4<Int32>> {
    let plain = shape.numeric + shape.categorical
    var unusable = SIMDMask<SIMD4<Int32>>()
    workspace.coordinates.withUnsafeMutableBufferPointer { coordinates in
      workspace.tables.withUnsafeMutableBufferPointer { tables in
        for lane in 0..<Self.tile {
          let point = Swift.min(start + lane, pointCount - 1) * shape.pointLength
          for variable in 0..<plain {
            let x = points[point + variable]
            if x.isNaN, variable < shape.numeric { unusable[lane] = true }
            // Infinity times the scale 0 of a lacking variable would not be 0.
            coordinates[Self.tile * variable + lane] =
              x.magnitude > 1e18 ? (x < 0 ? -1e18 : 1e18) : x
          }
          for (variable, levels) in shape.levels.enumerated() {
            let level = points[point + plain + variable]
            let isInside = level >= 0 && level < Float(levels)
            tables[Self.tile * variable + lane] =
              isInside ? tableStarts[variable] + 8 * Int(level) : -1
          }
        }
      }
    }
    return unusable
  }
}
