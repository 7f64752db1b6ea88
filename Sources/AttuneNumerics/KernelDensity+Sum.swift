import CLanes

extension KernelDensity {
  /// A sum of exponentials at a point, relative to e to the power `largest`.
  struct PointSum: Sendable {
    var lanes = SIMD8<Float>()
    /// The largest exponent so far.
    var largest = KernelDensity.absent

    /// The logarithm of the sum; −∞ for none.
    var logDensity: Double {
      guard largest > KernelDensity.absent else { return -.infinity }
      guard largest < .infinity else { return Double(largest) }
      let half = lanes.lowHalf + lanes.highHalf
      let pair = half.lowHalf + half.highHalf
      return Double(largest) + Elementary.log(Double(pair.x + pair.y))
    }
  }

  /// The sums at the four points of a tile.
  struct Sums {
    private typealias Four = (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>)
    private var lanes: Four = (SIMD8(), SIMD8(), SIMD8(), SIMD8())
    private var largest = SIMD4<Float>(repeating: KernelDensity.absent)

    subscript(point: Int) -> PointSum {
      get {
        let own = point < 2 ? (point == 0 ? lanes.0 : lanes.1) : (point == 2 ? lanes.2 : lanes.3)
        return PointSum(lanes: own, largest: largest[point])
      }
      set {
        largest[point] = newValue.largest
        switch point {
        case 0: lanes.0 = newValue.lanes
        case 1: lanes.1 = newValue.lanes
        case 2: lanes.2 = newValue.lanes
        default: lanes.3 = newValue.lanes
        }
      }
    }

    /// Whether every point that has a limit is above it.
    func exceed(_ limits: ArraySlice<Double>) -> Bool {
      for (point, limit) in limits.enumerated() where !(self[point].logDensity > limit) {
        return false
      }
      return true
    }

    /// Adds the kernels of some blocks at each of four points.
    mutating func add(
      _ blocks: Range<Int>, of density: inout lanes_density, _ x: UnsafePointer<Float>,
      _ tables: UnsafePointer<Int>
    ) {
      withUnsafeMutableBytes(of: &lanes) { lanes in
        withUnsafeMutableBytes(of: &largest) { largest in
          guard let lanes = lanes.baseAddress, let largest = largest.baseAddress else { return }
          lanes_chosen().pointee.density_add(
            &density, blocks.lowerBound, blocks.upperBound, x, tables,
            lanes.assumingMemoryBound(to: Float.self), largest.assumingMemoryBound(to: Float.self))
        }
      }
    }
  }

  /// Adds the kernels of the blocks before `end` to the sums at a tile, the newest first, until there are
  /// `newest` or all `limits` are exceeded; the block before which it ended.
  @discardableResult
  func add(
    to sums: inout Sums, _ workspace: Workspace, _ categoryLogs: [CategoryLogs],
    before end: Int, newest: Int = .max, limits: ArraySlice<Double> = []
  ) -> Int {
    var end = end
    categoryLogs.withUnsafeBytes { categoryLogs in
      elements.withUnsafeBufferPointer { elements in
        lackingCounts.withUnsafeBufferPointer { lackingCounts in
          guard let all = elements.baseAddress, let lacking = lackingCounts.baseAddress else {
            return
          }
          var density = lanes_density(
            elements: all, lacking_counts: lacking, block_length: blockLength,
            numeric_count: shape.numeric, categorical_count: shape.categorical,
            table_count: shape.levels.count,
            category_logs: categoryLogs.baseAddress?.assumingMemoryBound(to: Float.self),
            absent: Self.absent, reach: Self.reach)
          while end > 0 {
            let start = (end - 1) / Self.chunk * Self.chunk
            sums.add(start..<end, of: &density, workspace.coordinates, workspace.tables)
            end = start
            if count - 8 * start >= newest { break }
            if !limits.isEmpty, sums.exceed(limits) { break }
          }
        }
      }
    }
    return end
  }
}
