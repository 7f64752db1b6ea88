/// The loops of the Cholesky factorisation and of the solves with its rows.
///
/// Element j of a row x solved against L is (xⱼ − Σₖ xₖ Lⱼₖ) / Lⱼⱼ over k < j. The sum over
/// k < j & ~1 is an inner product in `DotKernel`'s order; for odd j the last term is subtracted
/// after it.
enum CholeskyKernel {
  typealias Row = UnsafeMutablePointer<Double>

  /// Rows that are solved together: their elements so far stay in the nearest cache.
  private static let strip = 16

  /// Factors in place the lower triangle of `count` rows; the row whose pivot fails, or nil.
  static func factor(
    _ l: Row, _ stride: Int, _ inverse: Row, _ count: Int, _ leastPivot: Double
  ) -> Int? {
    for start in Swift.stride(from: 0, to: count, by: strip) {
      let rows = Swift.min(strip, count - start)
      let x = l + start &* stride
      solveRows(x, stride, rows, l, stride, inverse, from: 0, to: start)
      for row in start..<(start + rows) {
        let x = l + row &* stride
        solveRow(x, l, stride, inverse, from: start, to: row)
        guard finishRow(x, row, inverse, leastPivot) else { return row }
      }
    }
    return nil
  }

  /// Computes the diagonal element of a row that is solved up to it; false if its pivot fails.
  @inline(__always)
  static func finishRow(_ x: Row, _ row: Int, _ inverse: Row, _ leastPivot: Double) -> Bool {
    let even = row & ~1
    var pivot = x[row] - DotKernel.dot(x, x, even)
    if even < row { pivot -= x[even] * x[even] }
    guard pivot > Swift.max(leastPivot, 0), pivot < .infinity else { return false }
    let root = pivot.squareRoot()
    x[row] = root
    inverse[row] = 1 / root
    return true
  }

  /// Solves elements `first`..<`last` of `count` rows; `first` must be even.
  ///
  /// Elements before `origin`, an even index, are taken as 0 and not read.
  static func solveRows(
    _ x: Row, _ xStride: Int, _ count: Int, _ l: UnsafePointer<Double>, _ stride: Int,
    _ inverse: UnsafePointer<Double>, from first: Int, to last: Int, origin: Int = 0
  ) {
    let whole = count & ~3
    let paired = first + (last - first) & ~1
    var column = first
    while column < paired {
      let row = l + column &* stride
      let factors = (inverse[column], row[stride &+ column], inverse[column &+ 1])
      var group = 0
      while group < whole {
        let own = x + group &* xStride
        let sums = DotKernel.tile4x2(
          own + origin, xStride, row + origin, stride, column &- origin)
        finishTile(own + column, xStride, sums.first, sums.second, factors)
        group &+= 4
      }
      column &+= 2
    }
    if paired < last {
      for row in 0..<whole {
        solveElement(x + row &* xStride, l, stride, inverse, paired, origin)
      }
    }
    for row in whole..<Swift.max(count, whole) {
      solveRow(x + row &* xStride, l, stride, inverse, from: first, to: last, origin: origin)
    }
  }

  /// Solves two elements of four rows, given their inner products.
  @inline(__always)
  private static func finishTile(
    _ x: Row, _ stride: Int, _ first: SIMD4<Double>, _ second: SIMD4<Double>,
    _ factors: (Double, Double, Double)
  ) {
    let (x1, x2, x3) = (x + stride, x + 2 &* stride, x + 3 &* stride)
    let a = (SIMD4(x[0], x1[0], x2[0], x3[0]) - first) * factors.0
    let b = ((SIMD4(x[1], x1[1], x2[1], x3[1]) - second) - a * factors.1) * factors.2
    DotKernel.store(SIMD2(a.x, b.x), x, 0)
    DotKernel.store(SIMD2(a.y, b.y), x1, 0)
    DotKernel.store(SIMD2(a.z, b.z), x2, 0)
    DotKernel.store(SIMD2(a.w, b.w), x3, 0)
  }

  @inline(__always)
  private static func solveElement(
    _ x: Row, _ l: UnsafePointer<Double>, _ stride: Int, _ inverse: UnsafePointer<Double>,
    _ column: Int, _ origin: Int
  ) {
    let row = l + column &* stride
    let even = column & ~1
    var value = x[column] - DotKernel.dot(x + origin, row + origin, even &- origin)
    if even < column { value -= x[even] * row[even] }
    x[column] = value * inverse[column]
  }

  /// Solves elements `first`..<`last` of one row, eight at a time; `first` must be even.
  static func solveRow(
    _ x: Row, _ l: UnsafePointer<Double>, _ stride: Int, _ inverse: UnsafePointer<Double>,
    from first: Int, to last: Int, origin: Int = 0
  ) {
    var column = first
    while column &+ 8 <= last {
      let row = l + column &* stride
      let (b, own) = (row + origin, UnsafePointer(x) + origin)
      var low = DotPair4(own, b, stride, column &- origin)
      var high = DotPair4(own, b + 4 &* stride, stride, column &- origin)
      let place = x + column
      solvePair(place, low.sums01, row + column, stride, inverse + column)
      low.addTo23(place, row + column + 2 &* stride, stride)
      solvePair(place + 2, low.sums23, row + column + 2 &* stride + 2, stride, inverse + column + 2)
      high.addToAll(place, row + column + 4 &* stride, stride)
      high.addToAll(place + 2, row + column + 4 &* stride + 2, stride)
      solvePair(
        place + 4, high.sums01, row + column + 4 &* stride + 4, stride, inverse + column + 4)
      high.addTo23(place + 4, row + column + 6 &* stride + 4, stride)
      solvePair(
        place + 6, high.sums23, row + column + 6 &* stride + 6, stride, inverse + column + 6)
      column &+= 8
    }
    while column < last {
      solveElement(x, l, stride, inverse, column, origin)
      column &+= 1
    }
  }

  /// Solves two elements of a row; `corner` is the diagonal block's place in L.
  @inline(__always)
  private static func solvePair(
    _ x: Row, _ sums: SIMD2<Double>, _ corner: UnsafePointer<Double>, _ stride: Int,
    _ inverse: UnsafePointer<Double>
  ) {
    let a = (x[0] - sums.x) * inverse[0]
    x[0] = a
    x[1] = ((x[1] - sums.y) - a * corner[stride]) * inverse[1]
  }
}

/// Running inner products of one row with four others, in `DotKernel`'s order.
private struct DotPair4 {
  private var p0 = SIMD2<Double>()
  private var p1 = SIMD2<Double>()
  private var p2 = SIMD2<Double>()
  private var p3 = SIMD2<Double>()

  @inline(__always)
  init(_ x: UnsafePointer<Double>, _ rows: UnsafePointer<Double>, _ stride: Int, _ count: Int) {
    let (b1, b2, b3) = (rows + stride, rows + 2 &* stride, rows + 3 &* stride)
    var k = 0
    while k < count {
      let u = DotKernel.pair(x, k)
      p0 += u * DotKernel.pair(rows, k)
      p1 += u * DotKernel.pair(b1, k)
      p2 += u * DotKernel.pair(b2, k)
      p3 += u * DotKernel.pair(b3, k)
      k &+= 2
    }
  }

  @inline(__always) var sums01: SIMD2<Double> { SIMD2(p0.x + p0.y, p1.x + p1.y) }
  @inline(__always) var sums23: SIMD2<Double> { SIMD2(p2.x + p2.y, p3.x + p3.y) }

  @inline(__always)
  mutating func addTo23(_ x: UnsafePointer<Double>, _ row2: UnsafePointer<Double>, _ stride: Int) {
    let u = DotKernel.pair(x, 0)
    p2 += u * DotKernel.pair(row2, 0)
    p3 += u * DotKernel.pair(row2 + stride, 0)
  }

  @inline(__always)
  mutating func addToAll(_ x: UnsafePointer<Double>, _ row0: UnsafePointer<Double>, _ stride: Int) {
    let u = DotKernel.pair(x, 0)
    p0 += u * DotKernel.pair(row0, 0)
    p1 += u * DotKernel.pair(row0 + stride, 0)
    addTo23(x, row0 + 2 &* stride, stride)
  }
}
