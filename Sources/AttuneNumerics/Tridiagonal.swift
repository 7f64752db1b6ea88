/// The steps of the symmetric eigenvalue problem, on rows that are `stride` elements apart.
enum Tridiagonal {
  typealias Row = UnsafeMutablePointer<Double>

  /// Reduces the full symmetric `a` to tridiagonal form by reflections I − v vᵀ.
  ///
  /// Reflector k is left in row k from element k + 1 on; where there is none it is 0.
  static func reduce(
    _ a: Row, _ stride: Int, _ n: Int, diagonal: Row, offDiagonal: Row
  ) {
    for k in 0..<n {
      let row = a + k &* stride
      diagonal[k] = row[k]
      let rest = n &- k &- 1
      let v = row + k + 1
      guard rest > 1 else {
        offDiagonal[k] = rest == 1 ? v[0] : 0
        if rest == 1 { v[0] = 0 }
        continue
      }
      offDiagonal[k] = makeReflector(v, rest)
      guard v[0] != 0 else { continue }
      // w = A v − ½ (vᵀ A v) v, kept where the off-diagonal elements will come.
      let block = a + (k &+ 1) &* stride + k + 1
      let w = offDiagonal + k + 1
      multiply(block, stride, v, rest, into: w)
      DotKernel.add(-0.5 * DotKernel.dot(v, w, rest), v, to: w, rest)
      for i in 0..<rest { subtract(v, w[i], w, v[i], from: block + i &* stride, rest) }
    }
  }

  /// Replaces x by v with (I − v vᵀ) x = (β, 0, ...), and returns β. v is 0 if x has that form.
  private static func makeReflector(_ x: Row, _ count: Int) -> Double {
    let first = x[0]
    let tail = DotKernel.dot(x + 1, x + 1, count &- 1)
    guard tail > 0x1p-1000 else {
      for i in 0..<count { x[i] = 0 }
      return first
    }
    let norm = (first * first + tail).squareRoot()
    let beta = first > 0 ? -norm : norm
    // v = (x − β e₁) scaled to vᵀ v = 2.
    let scale = 1 / (norm * (norm + first.magnitude)).squareRoot()
    x[0] = (first - beta) * scale
    for i in 1..<count { x[i] *= scale }
    return beta
  }

  private static func multiply(
    _ a: Row, _ stride: Int, _ x: Row, _ count: Int, into y: Row
  ) {
    let whole = count & ~3
    for row in Swift.stride(from: 0, to: whole, by: 4) {
      let sums = DotKernel.tile4x1(a + row &* stride, stride, x, count)
      for lane in 0..<4 { y[row &+ lane] = sums[lane] }
    }
    for row in whole..<count { y[row] = DotKernel.dot(a + row &* stride, x, count) }
  }

  /// Subtracts v · a and w · b from a row.
  private static func subtract(
    _ v: Row, _ a: Double, _ w: Row, _ b: Double, from row: Row, _ count: Int
  ) {
    let even = count & ~1
    var k = 0
    while k < even {
      let change = DotKernel.pair(v, k) * a + DotKernel.pair(w, k) * b
      DotKernel.store(DotKernel.pair(row, k) - change, row, k)
      k &+= 2
    }
    if even < count { row[even] -= v[even] * a + w[even] * b }
  }

  /// Multiplies the reflectors in `a` to the transposed orthogonal matrix `q`.
  static func accumulate(_ q: Row, _ a: Row, _ stride: Int, _ n: Int) {
    for row in 0..<n {
      for column in 0..<n { q[row &* stride &+ column] = row == column ? 1 : 0 }
    }
    for k in (0..<n).reversed() {
      let v = a + k &* stride + k + 1
      let rest = n &- k &- 1
      guard rest > 1, v[0] != 0 else { continue }
      var own = q + (k &+ 1) &* stride + k + 1
      for _ in 0..<(rest / 4) {
        let dots = DotKernel.tile4x1(own, stride, v, rest)
        DotKernel.add(-dots.x, v, to: own, rest)
        DotKernel.add(-dots.y, v, to: own + stride, rest)
        DotKernel.add(-dots.z, v, to: own + 2 &* stride, rest)
        DotKernel.add(-dots.w, v, to: own + 3 &* stride, rest)
        own += 4 &* stride
      }
      for _ in 0..<(rest % 4) {
        DotKernel.add(-DotKernel.dot(own, v, rest), v, to: own, rest)
        own += stride
      }
    }
  }

  /// Turns the off-diagonal `e` to 0 by QL steps and applies their rotations to the rows of `q`.
  ///
  /// False if an eigenvalue takes more than sixty steps.
  static func diagonalize(_ q: Row, _ stride: Int, _ n: Int, _ d: Row, _ e: Row) -> Bool {
    for first in 0..<n {
      var steps = 0
      while true {
        var last = first
        while last < n - 1 && !isNegligible(e[last], d[last], d[last + 1]) { last += 1 }
        if last == first { break }
        guard steps < 60 else { return false }
        steps += 1
        step(q, stride, n, d, e, first, last)
      }
    }
    return true
  }

  private static func isNegligible(_ e: Double, _ a: Double, _ b: Double) -> Bool {
    e.magnitude <= Swift.max(0x1p-53 * (a.magnitude + b.magnitude), 0x1p-900)
  }

  /// One implicitly shifted QL step on the unreduced block `first`...`last`.
  private static func step(
    _ q: Row, _ stride: Int, _ n: Int, _ d: Row, _ e: Row, _ first: Int, _ last: Int
  ) {
    // Wilkinson's shift: the eigenvalue of the leading 2 × 2 block that is nearer to its corner.
    let half = (d[first + 1] - d[first]) / (2 * e[first])
    let root = (half * half + 1).squareRoot()
    var g = d[last] - d[first] + e[first] / (half + (half < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    // A rotation that waits for the next one, to be applied with it in one pass over the rows.
    var held: (sine: Double, cosine: Double)?
    for i in (first..<last).reversed() {
      let f = sine * e[i]
      let b = cosine * e[i]
      let r = norm(f, g)
      e[i + 1] = r
      guard r > 0 else {
        if let held {
          rotate(q + (i &+ 1) &* stride, q + (i &+ 2) &* stride, n, held.sine, held.cosine)
        }
        d[i + 1] -= shift
        e[last] = 0
        return
      }
      sine = f / r
      cosine = g / r
      g = d[i + 1] - shift
      let t = (d[i] - g) * sine + 2 * cosine * b
      shift = sine * t
      d[i + 1] = g + shift
      g = cosine * t - b
      guard let earlier = held else {
        held = (sine, cosine)
        continue
      }
      rotateTwice(q + i &* stride, stride, n, earlier, (sine, cosine))
      held = nil
    }
    if let held {
      rotate(q + first &* stride, q + (first &+ 1) &* stride, n, held.sine, held.cosine)
    }
    d[first] -= shift
    e[first] = g
    e[last] = 0
  }

  /// √(a² + b²), also where the squares lose digits to underflow.
  private static func norm(_ a: Double, _ b: Double) -> Double {
    let square = a * a + b * b
    if square > 0x1p-900 { return square.squareRoot() }
    let (x, y) = (a * 0x1p600, b * 0x1p600)
    return (x * x + y * y).squareRoot() * 0x1p-600
  }

  /// Rotates the third of three rows with the second, then the second with the first.
  private static func rotateTwice(
    _ x: Row, _ stride: Int, _ count: Int, _ first: (sine: Double, cosine: Double),
    _ second: (sine: Double, cosine: Double)
  ) {
    let (y, z) = (x + stride, x + 2 &* stride)
    let even = count & ~1
    var k = 0
    while k < even {
      let (a, b, c) = (DotKernel.pair(x, k), DotKernel.pair(y, k), DotKernel.pair(z, k))
      DotKernel.store(b * first.sine + c * first.cosine, z, k)
      let middle = b * first.cosine - c * first.sine
      DotKernel.store(a * second.sine + middle * second.cosine, y, k)
      DotKernel.store(a * second.cosine - middle * second.sine, x, k)
      k &+= 2
    }
    if even < count {
      let (a, b, c) = (x[even], y[even], z[even])
      z[even] = b * first.sine + c * first.cosine
      let middle = b * first.cosine - c * first.sine
      y[even] = a * second.sine + middle * second.cosine
      x[even] = a * second.cosine - middle * second.sine
    }
  }

  private static func rotate(_ x: Row, _ y: Row, _ count: Int, _ sine: Double, _ cosine: Double) {
    let (four, even) = (count & ~3, count & ~1)
    var k = 0
    while k < four {
      let (a, b) = (DotKernel.pair(x, k), DotKernel.pair(y, k))
      let (c, d) = (DotKernel.pair(x, k &+ 2), DotKernel.pair(y, k &+ 2))
      DotKernel.store(a * sine + b * cosine, y, k)
      DotKernel.store(a * cosine - b * sine, x, k)
      DotKernel.store(c * sine + d * cosine, y, k &+ 2)
      DotKernel.store(c * cosine - d * sine, x, k &+ 2)
      k &+= 4
    }
    while k < even {
      let (a, b) = (DotKernel.pair(x, k), DotKernel.pair(y, k))
      DotKernel.store(a * sine + b * cosine, y, k)
      DotKernel.store(a * cosine - b * sine, x, k)
      k &+= 2
    }
    if even < count {
      let (a, b) = (x[even], y[even])
      y[even] = a * sine + b * cosine
      x[even] = a * cosine - b * sine
    }
  }

  /// Sorts the values upwards, and the rows with them.
  static func sort(_ q: Row, _ stride: Int, _ n: Int, _ d: Row) {
    for index in 0..<n {
      var least = index
      for other in (index + 1)..<Swift.max(n, index + 1) where d[other] < d[least] { least = other }
      guard least != index else { continue }
      (d[index], d[least]) = (d[least], d[index])
      for k in 0..<n {
        let value = q[index &* stride &+ k]
        q[index &* stride &+ k] = q[least &* stride &+ k]
        q[least &* stride &+ k] = value
      }
    }
  }
}
