/// Inner products of contiguous rows, the one inner loop of the dense linear algebra here; for the
/// Cholesky factorisation and its solves `CLanes` has it in wider registers.
///
/// Each product is summed in the same order whatever tile it is computed in: the elements of even
/// and of odd index in two running sums, which are added last. So a row computed alone has the same
/// bits as one computed among others. Multiplications and additions are never fused. SIMD2 fills
/// the registers of every 64-bit processor.
enum DotKernel {
  typealias Row = UnsafePointer<Double>

  /// The products of four rows from `a` with two rows from `b`, over an even number of elements.
  @inline(__always)
  static func tile4x2(
    _ a: Row, _ aStride: Int, _ b: Row, _ bStride: Int, _ count: Int
  ) -> (first: SIMD4<Double>, second: SIMD4<Double>) {
    var (p0, p1, p2, p3) = (SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>())
    var (q0, q1, q2, q3) = (SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>())
    let (a1, a2, a3) = (a + aStride, a + 2 &* aStride, a + 3 &* aStride)
    let b1 = b + bStride
    var k = 0
    while k < count {
      let (x, y) = (pair(b, k), pair(b1, k))
      let (u0, u1, u2, u3) = (pair(a, k), pair(a1, k), pair(a2, k), pair(a3, k))
      p0 += u0 * x
      q0 += u0 * y
      p1 += u1 * x
      q1 += u1 * y
      p2 += u2 * x
      q2 += u2 * y
      p3 += u3 * x
      q3 += u3 * y
      k &+= 2
    }
    return (folded(p0, p1, p2, p3), folded(q0, q1, q2, q3))
  }

  /// The products of four rows from `a` with the row `b`, over any number of elements.
  @inline(__always)
  static func tile4x1(_ a: Row, _ aStride: Int, _ b: Row, _ count: Int) -> SIMD4<Double> {
    var (p0, p1, p2, p3) = (SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>())
    let (a1, a2, a3) = (a + aStride, a + 2 &* aStride, a + 3 &* aStride)
    let even = count & ~1
    var k = 0
    while k < even {
      let x = pair(b, k)
      p0 += pair(a, k) * x
      p1 += pair(a1, k) * x
      p2 += pair(a2, k) * x
      p3 += pair(a3, k) * x
      k &+= 2
    }
    var sums = folded(p0, p1, p2, p3)
    if even < count { sums += SIMD4(a[even], a1[even], a2[even], a3[even]) * b[even] }
    return sums
  }

  /// The sums of each pair.
  ///
  /// A call of its own: inlined, it has the vectoriser transpose the pairs in every round of the loops that
  /// make them, at more than twice the cost.
  @inline(never)
  private static func folded(
    _ p0: SIMD2<Double>, _ p1: SIMD2<Double>, _ p2: SIMD2<Double>, _ p3: SIMD2<Double>
  ) -> SIMD4<Double> {
    SIMD4(p0.x + p0.y, p1.x + p1.y, p2.x + p2.y, p3.x + p3.y)
  }

  /// The product of two rows, over any number of elements.
  @inline(__always)
  static func dot(_ a: Row, _ b: Row, _ count: Int) -> Double {
    var sum = SIMD2<Double>()
    let even = count & ~1
    var k = 0
    while k < even {
      sum += pair(a, k) * pair(b, k)
      k &+= 2
    }
    let total = sum.x + sum.y
    return even < count ? total + a[even] * b[even] : total
  }

  /// Adds `factor` times the row `x` to the row `y`.
  @inline(__always)
  static func add(_ factor: Double, _ x: Row, to y: UnsafeMutablePointer<Double>, _ count: Int) {
    let even = count & ~1
    var k = 0
    while k < even {
      store(pair(y, k) + pair(x, k) * factor, y, k)
      k &+= 2
    }
    if even < count { y[even] += x[even] * factor }
  }

  /// Adds the rows `x`, `x + stride`, ... times the four `factors`, in order, to the row `y`.
  @inline(__always)
  static func addFour(
    _ factors: SIMD4<Double>, _ x: Row, _ stride: Int, to y: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    let (x1, x2, x3) = (x + stride, x + 2 &* stride, x + 3 &* stride)
    let even = count & ~1
    var k = 0
    while k < even {
      var sum = pair(y, k) + pair(x, k) * factors.x
      sum += pair(x1, k) * factors.y
      sum += pair(x2, k) * factors.z
      sum += pair(x3, k) * factors.w
      store(sum, y, k)
      k &+= 2
    }
    if even < count {
      let sum = (y[even] + x[even] * factors.x) + x1[even] * factors.y
      y[even] = (sum + x2[even] * factors.z) + x3[even] * factors.w
    }
  }

  @inline(__always)
  static func pair(_ row: Row, _ k: Int) -> SIMD2<Double> {
    UnsafeRawPointer(row + k).loadUnaligned(as: SIMD2<Double>.self)
  }

  @inline(__always)
  static func store(_ value: SIMD2<Double>, _ row: UnsafeMutablePointer<Double>, _ k: Int) {
    UnsafeMutableRawPointer(row + k).storeBytes(of: value, as: SIMD2<Double>.self)
  }

  /// Whether `rowCount` rows of `length` elements, `stride` apart, fit into `room` elements.
  static func fits(_ rowCount: Int, _ length: Int, _ stride: Int, in room: Int) -> Bool {
    guard rowCount > 0, length >= 0, room >= length else { return false }
    if rowCount == 1 { return true }
    // Divided, since a product could overflow.
    return stride >= length && stride > 0 && rowCount - 1 <= (room - length) / stride
  }
}
