/// The factorisation X P = Q R of a tall matrix, columns exchanged so that R's diagonal falls.
///
/// Householder reflections; P. Businger, G. H. Golub, "Linear least squares solutions by Householder
/// transformations", Numerische Mathematik 7, 1965. Columns are stored one after the other, `stride`
/// elements apart, and are filled in by the caller before `factor`.
struct PivotedQR: Sendable {
  private(set) var rows = 0
  private(set) var columns = 0
  private(set) var stride = 0
  /// The number of columns that are independent to working precision.
  private(set) var rank = 0
  /// The column that stands at each place.
  private(set) var order: [Int] = []
  var elements: [Double] = []
  private var norms: [Double] = []
  private var firstNorms: [Double] = []
  private var diagonal: [Double] = []

  /// Makes room; the elements are undefined then.
  mutating func resize(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    stride = SymmetricMatrix.stride(forRows: rows)
    if elements.count < stride * columns {
      elements = Array(repeating: 0, count: stride * columns)
    }
    if norms.count < columns {
      norms = Array(repeating: 0, count: columns)
      firstNorms = norms
      diagonal = norms
    }
    order = Array(0..<columns)
  }

  /// Factors in place. Columns whose rest is below `tolerance` times the longest column end the rank.
  ///
  /// 2 · rows · columns² operations less 2/3 columns³. Needs finite elements.
  mutating func factor(tolerance: Double = 1e-13) {
    let (rows, columns, stride) = (rows, columns, stride)
    rank = 0
    // Taken out meanwhile, so that the steps may change the rest of this value.
    var taken: [Double] = []
    swap(&taken, &elements)
    taken.withUnsafeMutableBufferPointer { buffer in
      guard let x = buffer.baseAddress else { return }
      for column in 0..<columns {
        let own = x + column &* stride
        norms[column] = DotKernel.dot(own, own, rows).squareRoot()
        firstNorms[column] = norms[column]
      }
      let least = tolerance * (norms[..<columns].max() ?? 0)
      for k in 0..<Swift.min(rows, columns) {
        bringForward(k, x)
        guard norms[k] > least, reflect(k, x) else { return }
        rank = k + 1
      }
    }
    swap(&taken, &elements)
  }

  /// Exchanges column k with the longest from k on.
  private mutating func bringForward(_ k: Int, _ x: UnsafeMutablePointer<Double>) {
    var longest = k
    for column in k..<columns where norms[column] > norms[longest] { longest = column }
    guard longest != k else { return }
    for row in 0..<rows {
      let value = x[k &* stride &+ row]
      x[k &* stride &+ row] = x[longest &* stride &+ row]
      x[longest &* stride &+ row] = value
    }
    norms.swapAt(k, longest)
    firstNorms.swapAt(k, longest)
    order.swapAt(k, longest)
  }

  /// Makes reflector k, I − v vᵀ with v from row k on, and applies it to the columns after it.
  private mutating func reflect(_ k: Int, _ x: UnsafeMutablePointer<Double>) -> Bool {
    let v = x + k &* stride + k
    let length = rows &- k
    let norm = DotKernel.dot(v, v, length).squareRoot()
    guard norm > 0, norm < .infinity else { return false }
    let first = v[0]
    diagonal[k] = first > 0 ? -norm : norm
    let scale = 1 / (norm * (norm + first.magnitude)).squareRoot()
    guard scale < .infinity else { return false }
    v[0] = (first - diagonal[k]) * scale
    for row in 1..<Swift.max(length, 1) { v[row] *= scale }
    for column in (k &+ 1)..<Swift.max(columns, k + 1) {
      let other = x + column &* stride + k
      DotKernel.add(-DotKernel.dot(v, other, length), v, to: other, length)
      updateNorm(column, other, length)
    }
    return true
  }

  /// The length of a column's rest, computed anew when subtracting has lost too many digits.
  private mutating func updateNorm(
    _ column: Int, _ rest: UnsafeMutablePointer<Double>, _ length: Int
  ) {
    let square = norms[column] * norms[column] - rest[0] * rest[0]
    if square > 1e-6 * firstNorms[column] * firstNorms[column] {
      norms[column] = square.squareRoot()
    } else {
      let norm = DotKernel.dot(rest + 1, rest + 1, length &- 1).squareRoot()
      norms[column] = norm
      firstNorms[column] = norm
    }
  }

  /// Replaces a vector of `rows` elements by Qᵀ times it.
  func multiplyTransposed(_ vector: UnsafeMutablePointer<Double>) {
    for k in 0..<rank { apply(k, vector) }
  }

  /// Replaces a vector of `rows` elements by Q times it.
  func multiply(_ vector: UnsafeMutablePointer<Double>) {
    for k in (0..<rank).reversed() { apply(k, vector) }
  }

  /// Applies reflector k.
  func apply(_ k: Int, _ vector: UnsafeMutablePointer<Double>) {
    elements.withUnsafeBufferPointer { buffer in
      guard let x = buffer.baseAddress else { return }
      let v = x + k &* stride + k
      let length = rows &- k
      DotKernel.add(-DotKernel.dot(v, vector + k, length), v, to: vector + k, length)
    }
  }

  /// Solves R c = b for the first `rank` elements of b, into the places of the unexchanged columns.
  ///
  /// Columns beyond the rank get 0.
  func solve(_ b: UnsafePointer<Double>, into solution: inout [Double]) {
    for place in 0..<columns { solution[order[place]] = 0 }
    for k in (0..<rank).reversed() {
      var sum = b[k]
      for later in (k + 1)..<Swift.max(rank, k + 1) {
        sum -= elements[later * stride + k] * solution[order[later]]
      }
      solution[order[k]] = sum / diagonal[k]
    }
  }
}
