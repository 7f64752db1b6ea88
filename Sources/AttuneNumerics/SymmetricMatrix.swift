/// A symmetric matrix with both triangles stored by rows, which can grow and shrink.
///
/// Rows are `stride` elements apart, so that rows are contiguous, also while the matrix grows
/// within its capacity. Both triangles are kept, so that a product with a vector reads rows only.
///
/// Indices out of range are a programming error, as with `Array`. Elements may be anything,
/// including not-a-number.
public struct SymmetricMatrix: Sendable {
  /// The number of rows, and of columns.
  public private(set) var count: Int
  /// The distance between rows in elements. Not a multiple of 512 bytes, which caches dislike.
  public private(set) var stride: Int
  var elements: [Double]

  /// Creates a matrix of zeros with room for `capacity` rows.
  public init(count: Int = 0, capacity: Int = 0) {
    let rows = Swift.max(count, capacity, 0)
    self.count = Swift.max(count, 0)
    self.stride = Self.stride(forRows: rows)
    self.elements = Array(repeating: 0, count: stride * rows)
  }

  static func stride(forRows rows: Int) -> Int {
    let rounded = (rows + 7) & ~7
    return rounded % 64 == 0 ? rounded + 8 : rounded
  }

  /// The number of rows there is room for.
  public var capacity: Int { stride == 0 ? 0 : elements.count / stride }

  /// The element at `row` and `column`. Setting it sets its mirror image too.
  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < count && column >= 0 && column < count)
      return elements[row * stride + column]
    }
    set {
      precondition(row >= 0 && row < count && column >= 0 && column < count)
      elements[row * stride + column] = newValue
      elements[column * stride + row] = newValue
    }
  }

  /// Calls `body` with the elements; row i starts at i · `stride`.
  public func withRows<R>(_ body: (UnsafeBufferPointer<Double>) -> R) -> R {
    elements.withUnsafeBufferPointer(body)
  }

  /// Calls `body` with the elements for writing; row i starts at i · `stride`.
  ///
  /// `body` must leave a symmetric matrix, or fill the lower triangle and call `mirror()` then.
  public mutating func withMutableRows<R>(_ body: (UnsafeMutableBufferPointer<Double>) -> R) -> R {
    elements.withUnsafeMutableBufferPointer { body($0) }
  }

  /// Sets the number of rows; what the matrix holds is undefined then.
  public mutating func resize(to newCount: Int) {
    let rows = Swift.max(newCount, 0)
    if rows > capacity { self = SymmetricMatrix(count: rows, capacity: rows) }
    count = rows
  }

  /// Copies the lower triangle to the upper. O(count²).
  public mutating func mirror() {
    let (count, stride) = (count, stride)
    withMutableRows { rows in
      // By blocks, so that the strided reads stay in the cache.
      for rowBlock in Swift.stride(from: 0, to: count, by: 8) {
        for columnBlock in Swift.stride(from: rowBlock, to: count, by: 8) {
          for row in rowBlock..<Swift.min(rowBlock + 8, count) {
            let first = Swift.max(columnBlock, row + 1)
            let last = Swift.min(columnBlock + 8, count)
            var column = first
            while column < last {
              rows[row &* stride &+ column] = rows[column &* stride &+ row]
              column &+= 1
            }
          }
        }
      }
    }
  }

  /// Makes room for `rows` rows. O(count²) when it has to move them.
  public mutating func reserve(_ rows: Int) {
    guard rows > capacity else { return }
    var larger = SymmetricMatrix(count: count, capacity: Swift.max(rows, capacity + capacity / 2))
    for row in 0..<count {
      for column in 0..<count {
        larger.elements[row * larger.stride + column] = elements[row * stride + column]
      }
    }
    self = larger
  }

  /// Adds a row and column: `cross` with the rows so far, and the diagonal element. O(count).
  ///
  /// Elements of `cross` beyond the matrix are ignored, missing ones are 0.
  public mutating func append(cross: UnsafeBufferPointer<Double>, diagonal: Double) {
    reserve(count + 1)
    let row = count
    count += 1
    for column in 0..<row {
      let value = column < cross.count ? cross[column] : 0
      elements[row * stride + column] = value
      elements[column * stride + row] = value
    }
    elements[row * stride + row] = diagonal
  }

  /// Removes a row and column; those after it move up. O(count²).
  public mutating func remove(at index: Int) {
    precondition(index >= 0 && index < count)
    for row in 0..<count where row != index {
      let from = row * stride
      let to = (row > index ? row - 1 : row) * stride
      for column in 0..<index { elements[to + column] = elements[from + column] }
      for column in (index + 1)..<Swift.max(count, index + 1) {
        elements[to + column - 1] = elements[from + column]
      }
    }
    count -= 1
  }
}
