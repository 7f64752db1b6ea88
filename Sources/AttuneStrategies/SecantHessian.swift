import AttuneNumerics

/// The second derivatives that differences of gradients tell of.
///
/// The symmetric H that makes Σ w |H s − y|² + μ |H − θ I|² least over steps s from a point and the changes
/// y of the gradient, near steps weighing more (N. J. Higham, "The symmetric Procrustes problem", BIT 28,
/// 1988): (A H + H A)ᵢⱼ = Cᵢⱼ with A = Σ w s sᵀ + μ I, solved among A's eigenvectors. Where no step went,
/// the curvature is θ, that of the nearest one.
struct SecantHessian {
  /// μ beside the weight 1 of the nearest step, and the least weight.
  private static let regularization = 1e-10
  private static let leastWeight = 1e-6

  private var eigen = SymmetricEigen()

  /// H, from steps of length above 0, nearest first; 0 without steps, `nil` where numbers are not finite.
  /// About 20 d³ operations.
  mutating func fit(
    dimension d: Int, steps: [(step: [Double], change: [Double])]
  ) -> SymmetricMatrix? {
    var hessian = SymmetricMatrix(count: d, capacity: d)
    guard let nearest = steps.first else { return hessian }
    let unit = Self.dot(nearest.step, nearest.step)
    let along = Self.dot(nearest.step, nearest.change).magnitude
    let curvature = along > 0 ? Self.dot(nearest.change, nearest.change) / along : 0
    var a = SymmetricMatrix(count: d, capacity: d)
    var c = a
    for i in 0..<d {
      a[i, i] = Self.regularization
      c[i, i] = 2 * Self.regularization * curvature
    }
    for (step, change) in steps {
      let square = Self.dot(step, step)
      let weight = max(unit / square, Self.leastWeight) / square
      for i in 0..<d {
        for j in 0...i {
          a[i, j] += weight * step[i] * step[j]
          c[i, j] += weight * (change[i] * step[j] + step[i] * change[j])
        }
      }
    }
    guard eigen.decompose(a) == .decomposed else { return nil }
    // Among the eigenvectors every element stands alone.
    let (rows, columns) = (
      Self.square(d) { eigen.vector($0, $1) }, Self.square(d) { eigen.vector($1, $0) }
    )
    let inner = Self.product(Self.product(rows, Self.square(d) { c[$0, $1] }, d), columns, d)
    let turned = Self.square(d) { i, j in
      inner[i * d + j] / max(eigen.values[i] + eigen.values[j], 2 * Self.regularization)
    }
    let outer = Self.product(Self.product(columns, turned, d), rows, d)
    guard outer.allSatisfy(\.isFinite) else { return nil }
    for i in 0..<d {
      for j in 0...i { hessian[i, j] = 0.5 * (outer[i * d + j] + outer[j * d + i]) }
    }
    return hessian
  }

  private static func square(_ d: Int, _ element: (Int, Int) -> Double) -> [Double] {
    (0..<(d * d)).map { element($0 / d, $0 % d) }
  }

  private static func product(_ a: [Double], _ b: [Double], _ d: Int) -> [Double] {
    var result = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for k in 0..<d {
        let factor = a[i * d + k]
        for j in 0..<d { result[i * d + j] += factor * b[k * d + j] }
      }
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
