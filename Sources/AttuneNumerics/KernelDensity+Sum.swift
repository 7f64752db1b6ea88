import CLanes

extension KernelDensity {
  /// Sums of exponentials at four points, each relative to the largest exponent so far.
  struct Sums {
    private typealias Four = (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>)
    private var sums: Four = (SIMD8(), SIMD8(), SIMD8(), SIMD8())
    private var largest = SIMD4<Float>(repeating: KernelDensity.absent)

    /// The logarithm of the sum at a point; −∞ for none.
    func logDensity(_ point: Int) -> Double {
      let largest = largest[point]
      guard largest > KernelDensity.absent else { return -.infinity }
      guard largest < .infinity else { return Double(largest) }
      let sum = point < 2 ? (point == 0 ? sums.0 : sums.1) : (point == 2 ? sums.2 : sums.3)
      let half = sum.lowHalf + sum.highHalf
      let pair = half.lowHalf + half.highHalf
      return Double(largest) + Elementary.log(Double(pair.x + pair.y))
    }

    /// Whether every point that has a limit is above it.
    func exceed(_ limits: ArraySlice<Double>) -> Bool {
      for (point, limit) in limits.enumerated() where !(logDensity(point) > limit) { return false }
      return true
    }

    /// Adds the kernels of some blocks at each of four points.
    mutating func add(
      _ blocks: Range<Int>, of density: inout lanes_density, _ x: UnsafePointer<Float>,
      _ tables: UnsafePointer<Int>
    ) {
      withUnsafeMutableBytes(of: &sums) { sums in
        withUnsafeMutableBytes(of: &largest) { largest in
          guard let sums = sums.baseAddress, let largest = largest.baseAddress else { return }
          lanes_chosen().pointee.density_add(
            &density, blocks.lowerBound, blocks.upperBound, x, tables,
            sums.assumingMemoryBound(to: Float.self), largest.assumingMemoryBound(to: Float.self))
        }
      }
    }
  }

  /// The sum over the kernels at the four points of a tile, the newest first.
  func sum(
    _ workspace: Workspace, _ categoryLogs: UnsafePointer<Float>?, newest: Int,
    limits: ArraySlice<Double>
  ) -> Sums {
    var sums = Sums()
    elements.withUnsafeBufferPointer { elements in
      lackingCounts.withUnsafeBufferPointer { lackingCounts in
        guard let all = elements.baseAddress, let lacking = lackingCounts.baseAddress else {
          return
        }
        var density = lanes_density(
          elements: all, lacking_counts: lacking, block_length: blockLength,
          numeric_count: shape.numeric, categorical_count: shape.categorical,
          table_count: shape.levels.count, category_logs: categoryLogs, absent: Self.absent,
          reach: Self.reach)
        var end = blockCount
        while end > 0 {
          let start = (end - 1) / Self.chunk * Self.chunk
          sums.add(start..<end, of: &density, workspace.coordinates, workspace.tables)
          if count - 8 * start >= newest { break }
          if !limits.isEmpty, sums.exceed(limits) { break }
          end = start
        }
      }
    }
    return sums
  }
}
