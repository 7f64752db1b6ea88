extension QuadraticFit {
  /// Solves [A, X; Xᵀ, 0] [λ; c, g] = [y; 0] with A = ½ (Z Zᵀ)∘², X = [1, Z]; then H = Zᵀ diag(λ) Z.
  ///
  /// By X P = Q R: λ = Q₂ μ with (Q₂ᵀ A Q₂) μ = Q₂ᵀ y, where the matrix is positive semidefinite,
  /// and R (c, g) = Q₁ᵀ (y − A λ).
  mutating func fitLeastNorm(
    _ points: [Double], _ d: Int, _ values: [Double], _ ridge: Double
  ) -> Outcome {
    let count = values.count
    target = values
    fillLinear(points, d, count)
    factor.factor()
    fillProducts(points, d, count)
    rotateProducts()
    let rank = factor.rank
    if multipliers.count < count { multipliers = Array(repeating: 0, count: count) }
    for i in 0..<count { multipliers[i] = 0 }
    target.withUnsafeMutableBufferPointer { buffer in
      if let y = buffer.baseAddress { factor.multiplyTransposed(y) }
    }
    if solveReduced(rank, count, ridge) {
      for k in 0..<rank {
        for i in rank..<count { target[k] -= products[k, i] * multipliers[i] }
      }
    }
    if solution.count < d + 1 { solution = Array(repeating: 0, count: d + 1) }
    target.withUnsafeBufferPointer { buffer in
      if let b = buffer.baseAddress { factor.solve(b, into: &solution) }
    }
    multipliers.withUnsafeMutableBufferPointer { buffer in
      if let x = buffer.baseAddress { factor.multiply(x) }
    }
    let model = QuadraticModel(
      constant: solution[0], gradient: Array(solution[1...d]),
      hessian: makeHessian(points, d, count))
    return .leastNorm(model)
  }

  private mutating func fillLinear(_ points: [Double], _ d: Int, _ count: Int) {
    factor.resize(rows: count, columns: d + 1)
    for i in 0..<count {
      factor.elements[i] = 1
      for a in 0..<d { factor.elements[(1 + a) * factor.stride + i] = points[i * d + a] }
    }
  }

  private mutating func fillProducts(_ points: [Double], _ d: Int, _ count: Int) {
    products.resize(to: count)
    let stride = products.stride
    products.withMutableRows { rows in
      points.withUnsafeBufferPointer { buffer in
        guard let z = buffer.baseAddress else { return }
        for i in 0..<count {
          for j in 0...i {
            let product = DotKernel.dot(z + i &* d, z + j &* d, d)
            rows[i &* stride &+ j] = 0.5 * product * product
          }
        }
      }
    }
    products.mirror()
  }

  /// Replaces A by Qᵀ A Q, one reflector at a time from both sides.
  private mutating func rotateProducts() {
    let (count, stride) = (products.count, products.stride)
    let factor = factor
    products.withMutableRows { rows in
      guard let a = rows.baseAddress else { return }
      // Rows first; the transpose of Qᵀ A then takes the same again.
      for _ in 0..<2 {
        for row in 0..<count { factor.multiplyTransposed(a + row &* stride) }
        for row in 0..<count {
          for column in 0..<row {
            let value = a[row &* stride &+ column]
            a[row &* stride &+ column] = a[column &* stride &+ row]
            a[column &* stride &+ row] = value
          }
        }
      }
    }
  }

  /// Solves for μ into the multipliers from `rank` on; false if there is nothing to solve.
  private mutating func solveReduced(_ rank: Int, _ count: Int, _ ridge: Double) -> Bool {
    let free = count - rank
    guard free > 0 else { return false }
    reduced.resize(to: free)
    var mean = 0.0
    for i in 0..<free {
      mean += products[rank + i, rank + i] / Double(free)
      for j in 0...i { reduced[i, j] = products[rank + i, rank + j] }
    }
    guard mean > 0 else { return false }
    for i in 0..<free { reduced[i, i] += ridge * mean }
    guard cholesky.factor(reduced, firstShift: 1e-12 * mean, attempts: 10) != nil else {
      return false
    }
    for i in 0..<free { multipliers[rank + i] = target[rank + i] }
    multipliers.withUnsafeMutableBufferPointer { buffer in
      cholesky.solve(UnsafeMutableBufferPointer(rebasing: buffer[rank..<count]))
    }
    return true
  }

  private func makeHessian(_ points: [Double], _ d: Int, _ count: Int) -> SymmetricMatrix {
    var hessian = SymmetricMatrix(count: d)
    let stride = hessian.stride
    hessian.withMutableRows { rows in
      points.withUnsafeBufferPointer { buffer in
        guard let h = rows.baseAddress, let z = buffer.baseAddress else { return }
        for i in 0..<count {
          let point = z + i &* d
          for a in 0..<d {
            DotKernel.add(multipliers[i] * point[a], point, to: h + a &* stride, a + 1)
          }
        }
      }
    }
    hessian.mirror()
    return hessian
  }
}
