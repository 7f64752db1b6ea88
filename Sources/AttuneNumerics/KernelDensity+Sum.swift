extension KernelDensity {
  /// Sums of exponentials at four points, each relative to the largest exponent so far.
  struct Sums {
    private var s0 = SIMD8<Float>()
    private var s1 = SIMD8<Float>()
    private var s2 = SIMD8<Float>()
    private var s3 = SIMD8<Float>()
    private var largest = SIMD4<Float>(repeating: KernelDensity.absent)

    /// The logarithm of the sum at a point; −∞ for none.
    func logDensity(_ point: Int) -> Double {
      let largest = largest[point]
      guard largest > KernelDensity.absent else { return -.infinity }
      guard largest < .infinity else { return Double(largest) }
      let sum = point < 2 ? (point == 0 ? s0 : s1) : (point == 2 ? s2 : s3)
      let half = sum.lowHalf + sum.highHalf
      let pair = half.lowHalf + half.highHalf
      return Double(largest) + Elementary.log(Double(pair.x + pair.y))
    }

    /// Whether every point that has a limit is above it.
    func exceed(_ limits: ArraySlice<Double>) -> Bool {
      for (point, limit) in limits.enumerated() where !(logDensity(point) > limit) { return false }
      return true
    }

    /// Adds the exponents of so many blocks at each of four points, and the largest of each.
    @inline(__always)
    mutating func add(
      _ logs: UnsafePointer<Float>, _ blocks: Int, _ stride: Int, _ maxima: SIMD4<Float>
    ) {
      Self.add(logs, blocks, maxima[0], &s0, &largest[0])
      Self.add(logs + stride, blocks, maxima[1], &s1, &largest[1])
      Self.add(logs + 2 &* stride, blocks, maxima[2], &s2, &largest[2])
      Self.add(logs + 3 &* stride, blocks, maxima[3], &s3, &largest[3])
    }

    private static func add(
      _ logs: UnsafePointer<Float>, _ blocks: Int, _ maximum: Float, _ sum: inout SIMD8<Float>,
      _ largest: inout Float
    ) {
      if maximum > largest {
        sum *= FastExponential.expOfNegative(SIMD8(repeating: largest - maximum))
        largest = maximum
      }
      let bound = largest - KernelDensity.reach
      guard maximum > bound else { return }
      for block in 0..<blocks {
        let lanes = KernelDensity.vector(logs + 8 &* block)
        guard KernelDensity.largest(lanes) > bound else { continue }
        sum += FastExponential.expOfNegative(lanes - largest)
      }
    }
  }

  /// The sum over the kernels at the four points of a tile, the newest first.
  func sum(
    _ workspace: inout Workspace, _ categoryLogs: [CategoryLogs], newest: Int,
    limits: ArraySlice<Double>
  ) -> Sums {
    var sums = Sums()
    let (x, tables) = (workspace.coordinates, workspace.tables)
    elements.withUnsafeBufferPointer { elements in
      x.withUnsafeBufferPointer { x in
        workspace.logs.withUnsafeMutableBufferPointer { logs in
          guard let all = elements.baseAddress, let logs = logs.baseAddress else { return }
          var end = blockCount
          while end > 0 {
            let start = (end - 1) / Self.chunk * Self.chunk
            let maxima = exponents(all, start..<end, x, tables, categoryLogs, logs)
            sums.add(logs, end - start, 8 * Self.chunk, maxima)
            if count - 8 * start >= newest { break }
            if !limits.isEmpty, sums.exceed(limits) { break }
            end = start
          }
        }
      }
    }
    return sums
  }

  /// Writes the exponents of the kernels of some blocks at four points; the largest for each point.
  private func exponents(
    _ all: UnsafePointer<Float>, _ blocks: Range<Int>, _ x: UnsafeBufferPointer<Float>,
    _ tables: [Int], _ categoryLogs: [CategoryLogs], _ out: UnsafeMutablePointer<Float>
  ) -> SIMD4<Float> {
    let stride = 8 &* Self.chunk
    var out = out
    var m0 = SIMD8<Float>(repeating: Self.absent)
    var (m1, m2, m3) = (m0, m0, m0)
    let everywhere = categoryLogs.reduce(Float(0)) { $0 + $1.different }
    for index in blocks {
      let block = all + index &* blockLength
      var a0 = Self.vector(block) + everywhere
      if lackingCounts[index] != 0 { a0 -= lacking(block, categoryLogs) }
      var (a1, a2, a3) = (a0, a0, a0)
      var place = block + 8
      var c = 0
      for _ in 0..<shape.numeric {
        let (mean, scale) = (Self.vector(place), Self.vector(place + 8))
        let t0 = (x[c] - mean) * scale
        let t1 = (x[c &+ 1] - mean) * scale
        let t2 = (x[c &+ 2] - mean) * scale
        let t3 = (x[c &+ 3] - mean) * scale
        a0 -= t0 * t0
        a1 -= t1 * t1
        a2 -= t2 * t2
        a3 -= t3 * t3
        place += 16
        c &+= Self.tile
      }
      for pair in categoryLogs {
        let own = Self.vector(place)
        let more = SIMD8<Float>(repeating: pair.same - pair.different)
        a0 += SIMD8().replacing(with: more, where: own .== x[c])
        a1 += SIMD8().replacing(with: more, where: own .== x[c &+ 1])
        a2 += SIMD8().replacing(with: more, where: own .== x[c &+ 2])
        a3 += SIMD8().replacing(with: more, where: own .== x[c &+ 3])
        place += 8
        c &+= Self.tile
      }
      for variable in shape.levels.indices {
        let c = Self.tile &* variable
        a0 += Self.entry(block, tables[c])
        a1 += Self.entry(block, tables[c &+ 1])
        a2 += Self.entry(block, tables[c &+ 2])
        a3 += Self.entry(block, tables[c &+ 3])
      }
      Self.store(a0, out, &m0)
      Self.store(a1, out + stride, &m1)
      Self.store(a2, out + 2 &* stride, &m2)
      Self.store(a3, out + 3 &* stride, &m3)
      out += 8
    }
    return SIMD4(Self.largest(m0), Self.largest(m1), Self.largest(m2), Self.largest(m3))
  }

  /// What was added too much to kernels of a block for categories that they lack.
  private func lacking(
    _ block: UnsafePointer<Float>, _ categoryLogs: [CategoryLogs]
  ) -> SIMD8<Float> {
    var sum = SIMD8<Float>()
    var place = block + 8 &* (1 &+ 2 &* shape.numeric)
    for pair in categoryLogs {
      let different = SIMD8<Float>(repeating: pair.different)
      sum += SIMD8().replacing(with: different, where: Self.vector(place) .< 0)
      place += 8
    }
    return sum
  }

  @inline(__always)
  fileprivate static func vector(_ place: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always)
  private static func store(
    _ value: SIMD8<Float>, _ place: UnsafeMutablePointer<Float>, _ largest: inout SIMD8<Float>
  ) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD8<Float>.self)
    largest = largest.replacing(with: value, where: value .> largest)
  }

  @inline(__always)
  private static func entry(_ block: UnsafePointer<Float>, _ offset: Int) -> SIMD8<Float> {
    offset < 0 ? SIMD8() : vector(block + offset)
  }

  /// The largest lane. Several times quicker than `max()`.
  @inline(__always)
  fileprivate static func largest(_ lanes: SIMD8<Float>) -> Float {
    let (low, high) = (lanes.lowHalf, lanes.highHalf)
    let half = low.replacing(with: high, where: high .> low)
    let pair = half.lowHalf.replacing(with: half.highHalf, where: half.highHalf .> half.lowHalf)
    return pair.x > pair.y ? pair.x : pair.y
  }
}
