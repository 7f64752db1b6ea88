import AttuneNumerics
import CLanes

/// Covariances of derivatives: those of the kernel.
///
/// With δ = x − y, coordinates divided by their lengths, a as in `MaternKernel`,
/// g = s² (5/3) (1 + a) e^−a and h = s² (25/3) e^−a:
/// cov(f(x), ∂ⱼf(y)) = g δⱼ and cov(∂ᵢf(x), ∂ⱼf(y)) = g [i = j] − h δᵢ δⱼ, all by the divided coordinates,
/// so that every derivative has the variance (5/3) s² (C. E. Rasmussen, C. K. I. Williams, "Gaussian
/// Processes for Machine Learning", 2006, section 9.4, equation 9.1).
extension MaternKernel {
  /// As `valuesAndSlopes`, with h into `bends` beside; `pointCount` points, at most those there are.
  static func valuesSlopesAndBends(
    _ points: Points, pointCount: Int, query: UnsafePointer<Double>, signal: Double,
    values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>,
    bends: UnsafeMutablePointer<Double>
  ) {
    var lanes = points.lanes
    lanes.count = pointCount
    lanes_chosen().pointee.matern_slopes(lanes, query, signal, values, slopes, bends)
  }

  /// The variance of a derivative by a divided coordinate, without noise.
  static func derivativeVariance(signal: Double) -> Double { (5.0 / 3) * signal }

  /// Writes the lower triangle of the covariance of the points' values and of their derivatives.
  ///
  /// `diagonal` and `derivativeDiagonal` are the variances with noise. About n² exponentials and the
  /// square of all rows in operations.
  static func fillCovariance(
    _ points: Points, _ derivatives: DerivativeRows, signal: Double, diagonal: Double,
    derivativeDiagonal: Double, into matrix: inout SymmetricMatrix
  ) {
    let (n, width, stride) = (points.count, (points.count + 3) & ~3, matrix.stride)
    matrix.withMutableRows { rows in
      derivatives.axes.withUnsafeBufferPointer { axes in
        derivatives.starts.withUnsafeBufferPointer { starts in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * width + 2 * points.axisCount)
          { room in
            guard let base = rows.baseAddress, let k = room.baseAddress, n > 0 else { return }
            let (g, h, query) = (k + width, k + 2 * width, k + 3 * width)
            let delta = query + points.axisCount
            for p in 0..<n {
              for axis in 0..<points.axisCount {
                query[axis] = points.columns[axis * points.stride + p]
              }
              valuesSlopesAndBends(
                points, pointCount: p + 1, query: query, signal: signal, values: k, slopes: g,
                bends: h)
              (base + p * stride).update(from: k, count: p)
              base[p * stride + p] = diagonal
              for q in 0...p {
                let others = starts[q]..<starts[q + 1]
                let own = starts[p]..<starts[p + 1]
                if others.isEmpty && own.isEmpty { continue }
                for axis in 0..<points.orderedCount {
                  delta[axis] = query[axis] - points.columns[axis * points.stride + q]
                }
                if q < p {
                  for e in others { base[(n + e) * stride + p] = g[q] * delta[axes[e]] }
                }
                for e in own {
                  let row = base + (n + e) * stride
                  row[q] = -g[q] * delta[axes[e]]
                  let bend = h[q] * delta[axes[e]]
                  for f in others where f <= e {
                    row[n + f] = (axes[e] == axes[f] ? g[q] : 0) - bend * delta[axes[f]]
                  }
                  if q == p { row[n + e] = derivativeDiagonal }
                }
              }
            }
          }
        }
      }
    }
  }
}
