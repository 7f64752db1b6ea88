import CLanes

extension CholeskyFactor {
  /// Adds a row to A: its elements `cross` with the rows so far, and its `diagonal`. O(count²).
  ///
  /// The bits are those of factoring the whole. If the pivot is not above `leastPivot` the factor is
  /// left as it was; a pivot below `floor` but not below −∞ is replaced by it, which stands for
  /// adding the difference to the diagonal. Missing elements of `cross` are 0. Allocates only when
  /// the capacity is too small.
  public mutating func append(
    cross: UnsafeBufferPointer<Double>, diagonal: Double, leastPivot: Double = 0,
    floor: Double? = nil
  ) -> Outcome {
    reserve(count + 1)
    let (row, stride) = (count, stride)
    let isDone = elements.withUnsafeMutableBufferPointer { own in
      reciprocals.withUnsafeMutableBufferPointer { values in
        guard let l = own.baseAddress, let inverse = values.baseAddress else { return false }
        let lanes = lanes_chosen().pointee
        let x = l + row * stride
        for column in 0..<row { x[column] = column < cross.count ? cross[column] : 0 }
        x[row] = diagonal
        lanes.solve_row(x, l, stride, inverse, 0, row, 0)
        if lanes.finish_row(x, row, inverse, leastPivot) != 0 { return true }
        let norm = DotKernel.dot(x, x, row)
        guard let floor, floor > 0, floor < .infinity, norm < .infinity, diagonal.isFinite
        else { return false }
        x[row] = floor.squareRoot()
        inverse[row] = 1 / x[row]
        return true
      }
    }
    guard isDone else { return .notPositiveDefinite(row: row) }
    count += 1
    return .factored
  }

  /// Removes the last rows of A. O(1).
  public mutating func truncate(to newCount: Int) {
    count = Swift.min(count, Swift.max(newCount, 0))
  }

  /// Removes a row and column of A; those after it move up. O((count − index)²), at most count².
  ///
  /// The rows after it absorb the removed column by rotations, which cannot break down.
  public mutating func remove(at index: Int) {
    precondition(index >= 0 && index < count)
    let tail = count - index - 1
    // The removed column, then the rows one up with the column left out.
    for k in 0..<tail { scratch[k] = elements[(index + 1 + k) * stride + index] }
    for row in (index + 1)..<Swift.max(count, index + 1) {
      let (from, to) = (row * stride, (row - 1) * stride)
      for column in 0..<index { elements[to + column] = elements[from + column] }
      for column in (index + 1)..<(row + 1) {
        elements[to + column - 1] = elements[from + column]
      }
    }
    count -= 1
    rotateIn(from: index)
  }

  /// Replaces A by A + x xᵀ. O(count²), cannot break down. Missing elements of `vector` are 0.
  public mutating func update(_ vector: UnsafeBufferPointer<Double>) {
    for k in 0..<count { scratch[k] = k < vector.count ? vector[k] : 0 }
    rotateIn(from: 0)
  }

  /// Replaces A by A − x xᵀ, if that is positive definite; else the factor is left as it was.
  ///
  /// O(count²). Missing elements of `vector` are 0. By rotations (J. J. Dongarra and others,
  /// "LINPACK Users' Guide", 1979, chapter 10). The row of the outcome has no meaning here.
  public mutating func downdate(_ vector: UnsafeBufferPointer<Double>) -> Outcome {
    let (count, stride, room) = (count, stride, capacity)
    for k in 0..<count { scratch[k] = k < vector.count ? vector[k] : 0 }
    let isDone = scratch.withUnsafeMutableBufferPointer { buffer in
      elements.withUnsafeMutableBufferPointer { own in
        reciprocals.withUnsafeMutableBufferPointer { values in
          guard let p = buffer.baseAddress, let l = own.baseAddress,
            let inverse = values.baseAddress
          else { return false }
          lanes_chosen().pointee.solve_row(p, l, stride, inverse, 0, count, 0)
          let rest = 1 - DotKernel.dot(p, p, count)
          guard rest > 0 else { return false }
          let cosines = p + room
          var alpha = rest.squareRoot()
          for k in (0..<count).reversed() {
            let norm = (alpha * alpha + p[k] * p[k]).squareRoot()
            cosines[k] = alpha / norm
            p[k] /= norm
            alpha = norm
          }
          for row in 0..<count {
            Self.rotateOut(l + row * stride, row, sines: p, cosines: cosines)
            inverse[row] = 1 / l[row * stride + row]
          }
          return true
        }
      }
    }
    return isDone || count == 0 ? .factored : .notPositiveDefinite(row: 0)
  }

  private static func rotateOut(
    _ x: UnsafeMutablePointer<Double>, _ row: Int, sines: UnsafePointer<Double>,
    cosines: UnsafePointer<Double>
  ) {
    var carried = 0.0
    var k = row
    while k >= 0 {
      let value = x[k]
      x[k] = cosines[k] * value - sines[k] * carried
      carried = cosines[k] * carried + sines[k] * value
      k &-= 1
    }
  }

  /// Adds x xᵀ, x in the scratch, to the block that starts at `first`.
  ///
  /// Rotation k zeroes xₖ against the diagonal; a row takes the rotations of the rows before it,
  /// then makes its own.
  private mutating func rotateIn(from first: Int) {
    let (count, stride, room) = (count, stride, capacity)
    scratch.withUnsafeMutableBufferPointer { buffer in
      elements.withUnsafeMutableBufferPointer { own in
        reciprocals.withUnsafeMutableBufferPointer { values in
          guard let sines = buffer.baseAddress, let all = own.baseAddress else { return }
          let cosines = sines + room
          for row in 0..<(count - first) {
            let x = all + (first + row) * stride + first
            var carried = sines[row]
            for k in 0..<row {
              let value = x[k]
              x[k] = cosines[k] * value + sines[k] * carried
              carried = cosines[k] * carried - sines[k] * value
            }
            let diagonal = x[row]
            let norm = (diagonal * diagonal + carried * carried).squareRoot()
            cosines[row] = diagonal / norm
            sines[row] = carried / norm
            x[row] = norm
            values[first + row] = 1 / norm
          }
        }
      }
    }
  }
}
