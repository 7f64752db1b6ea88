/// Small dense linear systems.
public enum LinearSystem {
  /// Replaces `b` by the solution x of A x = b, and A by what elimination leaves of it.
  ///
  /// A has `count` rows that are `stride` elements apart. Gaussian elimination with row exchanges,
  /// 2 · count³ / 3 operations; false, with `b` undefined, if a pivot is 0 or not a number.
  public static func solve(
    _ a: inout [Double], stride: Int, count: Int, _ b: inout [Double]
  ) -> Bool {
    precondition(a.count >= (count - 1) * stride + count && b.count >= count && stride >= count)
    return a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeMutableBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return count == 0 }
        return solve(a, stride, count, b)
      }
    }
  }

  private static func solve(
    _ a: UnsafeMutablePointer<Double>, _ stride: Int, _ count: Int,
    _ b: UnsafeMutablePointer<Double>
  ) -> Bool {
    for k in 0..<count {
      var pivot = k
      for row in k..<count where a[row * stride + k].magnitude > a[pivot * stride + k].magnitude {
        pivot = row
      }
      let size = a[pivot * stride + k].magnitude
      guard size > 0, size < .infinity else { return false }
      if pivot != k {
        for column in k..<count { swap(&a[k * stride + column], &a[pivot * stride + column]) }
        swap(&b[k], &b[pivot])
      }
      let scale = 1 / a[k * stride + k]
      for row in (k + 1)..<Swift.max(count, k + 1) {
        let factor = a[row * stride + k] * scale
        guard factor != 0 else { continue }
        let from = k * stride + k + 1
        DotKernel.add(-factor, a + from, to: a + row * stride + k + 1, count - k - 1)
        b[row] -= factor * b[k]
      }
    }
    for k in (0..<count).reversed() {
      var sum = b[k]
      for column in (k + 1)..<Swift.max(count, k + 1) { sum -= a[k * stride + column] * b[column] }
      b[k] = sum / a[k * stride + k]
    }
    return (0..<count).allSatisfy { b[$0].isFinite }
  }
}
