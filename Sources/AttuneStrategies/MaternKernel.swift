import CLanes

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

    /// As the loops take them.
    var lanes: lanes_points {
      lanes_points(
        columns: columns, stride: stride, count: count, ordered_count: orderedCount,
        axis_count: axisCount, weights: weights)
    }

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
    lanes_chosen().pointee.matern_values(points.lanes, query, signal, values)
  }

  /// As `values`, with g = s² (5/3) (1 + a) e^−a beside, for which ∂k/∂xⱼ = −g (xⱼ − yⱼ) / ℓⱼ².
  static func valuesAndSlopes(
    _ points: Points, query: UnsafePointer<Double>, signal: Double,
    into values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
  ) {
    lanes_chosen().pointee.matern_slopes(points.lanes, query, signal, values, slopes, nil)
  }

  /// Writes r² of `query` and each of the points, but for what they differ by along `axis`.
  static func squares(
    _ points: Points, query: UnsafePointer<Double>, without axis: Int,
    into squares: UnsafeMutablePointer<Double>
  ) {
    lanes_chosen().pointee.matern_squares(points.lanes, query, axis, squares)
  }

  /// As `values` for a query at `coordinate` along `axis`, `squares` being what it differs by else.
  static func values(
    _ points: Points, squares: UnsafePointer<Double>, axis: Int, coordinate: Double,
    signal: Double, into values: UnsafeMutablePointer<Double>
  ) {
    lanes_chosen().pointee.matern_along(points.lanes, squares, axis, coordinate, signal, values)
  }

  @inline(__always)
  static func load(_ place: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  static func store(_ value: SIMD4<Double>, _ place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Double>.self)
  }
}
