import AttuneNumerics

/// What pairs of points add to the derivatives of a joint density by the logarithms of lengths and signal.
///
/// With W = K⁻¹ − ααᵀ, δ and the functions g and h as in `MaternKernel`'s covariances of derivatives,
/// u of an axis its part of r², and c = 5 h / a: the blocks of two points change with ln ℓ of an axis by
/// g u between values, h u δⱼ − g δⱼ [j = axis] between value and derivative, and
/// (h [i = j] − c δᵢ δⱼ) u + h δᵢ δⱼ ([i = axis] + [j = axis]) between derivatives.
struct DerivativePairs {
  /// K⁻¹ by rows, both triangles, and α.
  struct Weights {
    let inverse: UnsafePointer<Double>
    let stride: Int
    let alpha: UnsafePointer<Double>

    @inline(__always)
    subscript(row: Int, column: Int) -> Double {
      inverse[row * stride + column] - alpha[row] * alpha[column]
    }
  }

  private let points: MaternKernel.Points
  private let rows: DerivativeRows
  private let signal: Double
  /// Σ W ∂K/∂ln ℓ and Σ W K over the pairs of different points, each pair once.
  private(set) var byLength: [Double]
  private(set) var bySignal = 0.0
  private var kernel: [Double]
  private var delta: [Double]
  private var turned: [Double]
  private var crossed: [Double]

  init(points: MaternKernel.Points, rows: DerivativeRows, signal: Double) {
    (self.points, self.rows, self.signal) = (points, rows, signal)
    byLength = [Double](repeating: 0, count: points.axisCount)
    delta = byLength
    turned = byLength
    crossed = byLength
    kernel = [Double](repeating: 0, count: 3 * ((points.count + 3) & ~3) + points.axisCount)
  }

  /// Adds the pairs of point `p` with those before it.
  mutating func add(_ p: Int, _ weights: Weights) {
    guard p > 0 else { return }
    let width = (points.count + 3) & ~3
    kernel.withUnsafeMutableBufferPointer { kernel in
      guard let k = kernel.baseAddress else { return }
      let query = k + 3 * width
      for axis in 0..<points.axisCount { query[axis] = points.columns[axis * points.stride + p] }
      MaternKernel.valuesSlopesAndBends(
        points, pointCount: p, query: query, signal: signal, values: k, slopes: k + width,
        bends: k + 2 * width)
    }
    for q in 0..<p {
      add(p, q, weights, k: kernel[q], g: kernel[width + q], h: kernel[2 * width + q])
    }
  }

  private mutating func add(
    _ p: Int, _ q: Int, _ weights: Weights, k: Double, g: Double, h: Double
  ) {
    let n = points.count
    for axis in 0..<points.orderedCount {
      let column = points.columns + axis * points.stride
      delta[axis] = column[p] - column[q]
      turned[axis] = 0
      crossed[axis] = 0
    }
    // The sums over derivatives: of W with values, of its trace, and of W δ from both sides.
    var trace = 0.0
    let own = rows.starts[p]..<rows.starts[p + 1]
    let others = rows.starts[q]..<rows.starts[q + 1]
    for f in others { turned[rows.axes[f]] += weights[n + f, p] }
    for e in own {
      turned[rows.axes[e]] -= weights[n + e, q]
      let i = rows.axes[e]
      for f in others {
        let (j, w) = (rows.axes[f], weights[n + e, n + f])
        if i == j { trace += w }
        crossed[i] += w * delta[j]
        crossed[j] += w * delta[i]
      }
    }
    var (along, bent) = (0.0, 0.0)
    for axis in 0..<points.orderedCount {
      along += turned[axis] * delta[axis]
      bent += crossed[axis] * delta[axis]
    }
    bent *= 0.5
    let value = weights[p, q]
    bySignal += value * k + g * (along + trace) - h * bent
    // h = s² (25/3) e^−a and g = (h / 5) (1 + a).
    let a = 5 * g / h - 1
    let c = a > 0 && h > 0 ? 5 * h / a : 0
    let shared = g * value + h * (along + trace) - c * bent
    for axis in 0..<points.axisCount {
      if axis < points.orderedCount {
        let d = delta[axis]
        byLength[axis] += d * (d * shared - g * turned[axis] + h * crossed[axis])
      } else {
        let column = points.columns + axis * points.stride
        if column[p] != column[q] { byLength[axis] += shared * points.weights[axis] }
      }
    }
  }
}
