/// A symmetric matrix that is an explicit inverse follows its original as that grows and shrinks.
extension SymmetricMatrix {
  /// Where this is A⁻¹, makes it the inverse of A with a further row. O(count²).
  ///
  /// `cross` holds the elements of A's new row with the rows so far, `diagonal` its own; missing
  /// elements of `cross` are 0. Returns the pivot diagonal − crossᵀ A⁻¹ cross, or nil, with the
  /// inverse as it was, when that is not above `leastPivot` or not finite. `workspace` is resized as
  /// needed, so that calls which reuse it do not allocate.
  public mutating func growInverse(
    cross: UnsafeBufferPointer<Double>, diagonal: Double, leastPivot: Double = 0,
    workspace: inout [Double]
  ) -> Double? {
    let n = count
    guard cross.count >= n else { return nil }
    if workspace.count < n { workspace = Array(repeating: 0, count: Swift.max(n, capacity)) }
    let pivot = workspace.withUnsafeMutableBufferPointer { buffer -> Double in
      multiply(UnsafeBufferPointer(rebasing: cross[..<n]), into: buffer)
      guard let x = cross.baseAddress, let v = buffer.baseAddress, n > 0 else { return diagonal }
      return diagonal - DotKernel.dot(x, v, n)
    }
    guard pivot > Swift.max(leastPivot, 0), pivot < .infinity else { return nil }
    let scale = 1 / pivot
    workspace.withUnsafeMutableBufferPointer { buffer in
      let v = UnsafeBufferPointer(buffer)
      addOuterProduct(v, times: scale)
      for k in 0..<n { buffer[k] *= -scale }
      append(cross: UnsafeBufferPointer(rebasing: v[..<n]), diagonal: scale)
    }
    return pivot
  }

  /// Where this is A⁻¹, makes it the inverse of A without row `index`. O(count²).
  ///
  /// False, with the inverse as it was, when the diagonal element there is not above 0 or not
  /// finite.
  public mutating func shrinkInverse(at index: Int, workspace: inout [Double]) -> Bool {
    precondition(index >= 0 && index < count)
    let corner = self[index, index]
    guard corner > 0, corner < .infinity else { return false }
    let n = count
    if workspace.count < n { workspace = Array(repeating: 0, count: Swift.max(n, capacity)) }
    for k in 0..<n { workspace[k] = elements[index * stride + k] }
    workspace.withUnsafeBufferPointer { addOuterProduct($0, times: -1 / corner) }
    remove(at: index)
    return true
  }

  /// Adds `factor` · v vᵀ. 2 · count² operations.
  ///
  /// Symmetric to the bit: element (i, j) gets vⱼ · (factor · vᵢ) below the diagonal, and its
  /// mirror image the same. A vector of fewer than `count` elements changes nothing.
  public mutating func addOuterProduct(_ vector: UnsafeBufferPointer<Double>, times factor: Double)
  {
    let (n, stride) = (count, stride)
    guard vector.count >= n, let v = vector.baseAddress else { return }
    withMutableRows { rows in
      guard let a = rows.baseAddress else { return }
      for row in 0..<n { DotKernel.add(factor * v[row], v, to: a + row &* stride, row &+ 1) }
    }
    mirror()
  }
}
