import AttuneNumerics

/// The Matérn kernel of smoothness 5/2 with a length for each axis, over ordered and unordered axes.
///
/// k(x, y) = s² (1 + a + a²/3) e^−a with a = √5 r and r² the sum over ordered axes of
/// ((xⱼ − yⱼ) / ℓⱼ)² and over unordered ones of [xⱼ ≠ yⱼ] / ℓⱼ². Points are columns of 4 lanes: the
/// coordinates of one axis lie together, so that four points are computed at once. Ordered
/// coordinates are divided by their lengths beforehand.
enum MaternKernel {
  /// Points by axes: coordinate j of point i at `columns[j * stride + i]`, `stride` a multiple of 4.
  struct Points {
    let columns: UnsafePointer<Double>
    let stride: Int
    let count: Int
    let orderedCount: Int
    let axisCount: Int
    /// 1/ℓ² of the unordered axes, indexed by axis.
    let weights: UnsafePointer<Double>

    /// Calls `body` with points that stand in arrays; not when there are none.
    static func with(
      columns: [Double], weights: [Double], stride: Int, count: Int, orderedCount: Int,
      axisCount: Int, _ body: (Points) -> Void
    ) {
      columns.withUnsafeBufferPointer { columns in
        weights.withUnsafeBufferPointer { weights in
          guard let columns = columns.baseAddress, let weights = weights.baseAddress else { return }
          body(
            Points(
              columns: columns, stride: stride, count: count, orderedCount: orderedCount,
              axisCount: axisCount, weights: weights))
        }
      }
    }
  }

  /// The kernel of `query` with each of the points into `values`, which has room for
  /// the count rounded up to a multiple of 4; what lies beyond the count becomes 0.
  static func values(
    _ points: Points, query: UnsafePointer<Double>, signal: Double,
    into values: UnsafeMutablePointer<Double>
  ) {
    for start in Swift.stride(from: 0, to: points.count, by: 4) {
      let a = scaledDistance(points, query, start)
      let value = signal * (1 + a + a * a * (1.0 / 3)) * Elementary.quickExp(-a)
      store(value, values + start)
    }
    clearTail(points.count, values)
  }

  /// As `values`, with g = s² (5/3) (1 + a) e^−a beside, for which ∂k/∂xⱼ = −g (xⱼ − yⱼ) / ℓⱼ².
  static func valuesAndSlopes(
    _ points: Points, query: UnsafePointer<Double>, signal: Double,
    into values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
  ) {
    for start in Swift.stride(from: 0, to: points.count, by: 4) {
      let a = scaledDistance(points, query, start)
      let decay = signal * Elementary.quickExp(-a)
      store((1 + a + a * a * (1.0 / 3)) * decay, values + start)
      store((5.0 / 3) * (1 + a) * decay, slopes + start)
    }
    clearTail(points.count, values)
    clearTail(points.count, slopes)
  }

  /// Writes r² of `query` and each of the points, but for what they differ by along `axis`.
  static func squares(
    _ points: Points, query: UnsafePointer<Double>, without axis: Int,
    into squares: UnsafeMutablePointer<Double>
  ) {
    for start in Swift.stride(from: 0, to: points.count, by: 4) {
      var sum = SIMD4<Double>.zero
      for other in 0..<points.axisCount where other != axis {
        sum += square(points, other, query[other], start)
      }
      store(sum, squares + start)
    }
  }

  /// As `values` for a query at `coordinate` along `axis`, `squares` being what it differs by else.
  static func values(
    _ points: Points, squares: UnsafePointer<Double>, axis: Int, coordinate: Double,
    signal: Double, into values: UnsafeMutablePointer<Double>
  ) {
    for start in Swift.stride(from: 0, to: points.count, by: 4) {
      let sum = load(squares + start) + square(points, axis, coordinate, start)
      let a = (5 * sum).squareRoot()
      store(signal * (1 + a + a * a * (1.0 / 3)) * Elementary.quickExp(-a), values + start)
    }
    clearTail(points.count, values)
  }

  /// What four points and a coordinate along `axis` add to r².
  @inline(__always)
  private static func square(
    _ points: Points, _ axis: Int, _ coordinate: Double, _ start: Int
  ) -> SIMD4<Double> {
    let own = load(points.columns + axis * points.stride + start)
    if axis < points.orderedCount {
      let difference = own - coordinate
      return difference * difference
    }
    return SIMD4<Double>.zero.replacing(with: points.weights[axis], where: own .!= coordinate)
  }

  /// √5 r for four points.
  @inline(__always)
  static func scaledDistance(
    _ points: Points, _ query: UnsafePointer<Double>, _ start: Int
  ) -> SIMD4<Double> {
    var sum = SIMD4<Double>.zero
    var column = points.columns + start
    for axis in 0..<points.orderedCount {
      let difference = load(column) - query[axis]
      sum += difference * difference
      column += points.stride
    }
    for axis in points.orderedCount..<points.axisCount {
      let differs = load(column) .!= query[axis]
      sum += SIMD4<Double>.zero.replacing(with: points.weights[axis], where: differs)
      column += points.stride
    }
    return (5 * sum).squareRoot()
  }

  @inline(__always)
  static func load(_ place: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  static func store(_ value: SIMD4<Double>, _ place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Double>.self)
  }

  private static func clearTail(_ count: Int, _ values: UnsafeMutablePointer<Double>) {
    for index in count..<((count + 3) & ~3) { values[index] = 0 }
  }
}
