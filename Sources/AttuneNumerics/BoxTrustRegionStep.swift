/// The step that minimises a quadratic function over a box, convex or not.
///
/// Up to three variables every face of the box is examined, so the minimum is global. Beyond, an
/// active set method goes down from 0, and where H is not positive definite also from the box's
/// boundary along −g and along both ends of H's lowest eigenvector: a Newton step on the free
/// variables where their block of H is positive definite, else along a direction of negative
/// curvature to the boundary. Each ends where no free variable can improve the value to first or
/// second order; the best is returned. In the convex case it is the global minimum.
///
/// Convex 2 µs for five variables and 10 µs for twenty, else 6 µs and 0.12 ms. A value can be used
/// again and again.
public struct BoxTrustRegionStep: Sendable {
  /// The step found last.
  public private(set) var step: [Double] = []
  var low: [Double] = []
  var high: [Double] = []
  private var slope: [Double] = []
  private var move: [Double] = []
  private var free: [Int] = []
  private var best: [Double] = []
  private var block = SymmetricMatrix()
  private var cholesky = CholeskyFactor()
  private var eigen = SymmetricEigen()

  /// Creates a solver with no room yet.
  public init() {}

  /// Minimises gᵀp + ½ pᵀH p over `lower` ≤ p ≤ `upper` and |pᵢ| ≤ `radius`; the minimum, at most 0.
  ///
  /// p = 0 is always allowed: bounds on its wrong side count as 0. Nil if lengths do not match, the
  /// radius is not positive and finite, or a number (bounds apart: those may be infinite) is not
  /// finite.
  public mutating func minimize(
    gradient: [Double], hessian: SymmetricMatrix, lower: [Double], upper: [Double], radius: Double
  ) -> Double? {
    let d = gradient.count
    guard hessian.count == d, lower.count == d, upper.count == d, radius > 0, radius < .infinity,
      gradient.allSatisfy(\.isFinite)
    else { return nil }
    for i in 0..<d {
      guard !lower[i].isNaN, !upper[i].isNaN else { return nil }
      for j in 0...i where !hessian[i, j].isFinite { return nil }
    }
    low = (0..<d).map { Swift.min(Swift.max(lower[$0], -radius), 0) }
    high = (0..<d).map { Swift.max(Swift.min(upper[$0], radius), 0) }
    step = Array(repeating: 0, count: d)
    best = step
    slope = step
    move = step
    var least = 0.0
    if d <= 3 {
      tryFaces(gradient, hessian, &least)
    } else {
      descendAndKeep(gradient, hessian, &least)
      if cholesky.factor(hessian) != .factored { tryBoundary(gradient, hessian, &least) }
    }
    step = best
    return least
  }

  /// gᵀp + ½ pᵀH p at the step.
  private func value(_ g: [Double], _ h: SymmetricMatrix) -> Double {
    var sum = 0.0
    for i in step.indices {
      var image = 0.0
      for j in step.indices { image += h[i, j] * step[j] }
      sum += step[i] * (g[i] + 0.5 * image)
    }
    return sum
  }

  private mutating func keepIfBetter(_ g: [Double], _ h: SymmetricMatrix, _ least: inout Double) {
    let found = value(g, h)
    guard found < least else { return }
    least = found
    for i in step.indices { best[i] = step[i] }
  }

  /// Tries the stationary point of each of the 3ᵈ faces, the corners among them.
  private mutating func tryFaces(_ g: [Double], _ h: SymmetricMatrix, _ least: inout Double) {
    let faces = (0..<step.count).reduce(1) { count, _ in 3 * count }
    for face in 0..<faces {
      var code = face
      free.removeAll(keepingCapacity: true)
      for i in step.indices {
        step[i] = code % 3 == 0 ? 0 : code % 3 == 1 ? low[i] : high[i]
        if code % 3 == 0 { free.append(i) }
        code /= 3
      }
      if !free.isEmpty {
        fillBlock(h)
        guard cholesky.factor(block) == .factored else { continue }
        updateSlope(g, h)
        solveNewton()
        for (k, i) in free.enumerated() { step[i] = Swift.min(Swift.max(move[k], low[i]), high[i]) }
      }
      keepIfBetter(g, h, &least)
    }
  }

  private mutating func tryBoundary(_ g: [Double], _ h: SymmetricMatrix, _ least: inout Double) {
    startAtBoundary { -g[$0] }
    descendAndKeep(g, h, &least)
    guard eigen.decompose(h) == .decomposed, let lowest = eigen.values.first, lowest < 0
    else { return }
    let vector = (0..<step.count).map { eigen.vector(0, $0) }
    for sign in [1.0, -1.0] {
      startAtBoundary { sign * vector[$0] }
      descendAndKeep(g, h, &least)
    }
  }

  /// Goes from 0 along a direction until every variable that moves is at a bound.
  private mutating func startAtBoundary(_ direction: (Int) -> Double) {
    var largest = 0.0
    for i in step.indices { largest = Swift.max(largest, direction(i).magnitude) }
    for i in step.indices {
      let share = largest > 0 ? direction(i) / largest : 0
      step[i] = share >= 0 ? share * high[i] : -share * low[i]
    }
  }

  private mutating func descendAndKeep(
    _ g: [Double], _ h: SymmetricMatrix, _ least: inout Double
  ) {
    var before = value(g, h)
    for _ in 0..<(10 * step.count + 50) {
      updateSlope(g, h)
      findFree()
      moveFree(h)
      var after = value(g, h)
      if !(after < before) {
        sweep(g, h)
        after = value(g, h)
        if !(after < before) { break }
      }
      before = after
    }
    keepIfBetter(g, h, &least)
  }

  /// Moves the free variables, leaving out those at a bound that would leave the box.
  private mutating func moveFree(_ h: SymmetricMatrix) {
    while !free.isEmpty {
      fillBlock(h)
      var longest = 1.0
      switch cholesky.factor(block) {
      case .factored:
        solveNewton()
      case .notPositiveDefinite(let row):
        findNegativeCurvature(row)
        longest = .infinity
      }
      let before = free.count
      var kept = 0
      for (k, i) in free.enumerated() {
        if move[k] > 0 ? step[i] >= high[i] : move[k] < 0 && step[i] <= low[i] { continue }
        free[kept] = i
        kept += 1
      }
      free.removeLast(before - kept)
      if kept == before { return advance(to: longest) }
    }
  }

  /// Minimises over one variable after the other.
  private mutating func sweep(_ g: [Double], _ h: SymmetricMatrix) {
    for i in step.indices where low[i] < high[i] {
      var sum = g[i]
      for j in step.indices { sum += h[i, j] * step[j] }
      let rest = sum - h[i, i] * step[i]
      if h[i, i] > 0 {
        step[i] = Swift.min(Swift.max(-rest / h[i, i], low[i]), high[i])
      } else {
        let curvature = 0.5 * h[i, i]
        let (atLow, atHigh) = (
          low[i] * (rest + curvature * low[i]), high[i] * (rest + curvature * high[i])
        )
        step[i] = atLow < atHigh ? low[i] : high[i]
      }
    }
  }

  private mutating func updateSlope(_ g: [Double], _ h: SymmetricMatrix) {
    for i in step.indices {
      var sum = g[i]
      for j in step.indices { sum += h[i, j] * step[j] }
      slope[i] = sum
    }
  }

  /// Lists the variables that are inside or whose slope leads inside.
  private mutating func findFree() {
    free.removeAll(keepingCapacity: true)
    for i in step.indices where low[i] < high[i] {
      let isHeld = step[i] <= low[i] && slope[i] >= 0 || step[i] >= high[i] && slope[i] <= 0
      if !isHeld { free.append(i) }
    }
  }

  private mutating func fillBlock(_ h: SymmetricMatrix) {
    block.resize(to: free.count)
    for (row, i) in free.enumerated() {
      for column in 0...row { block[row, column] = h[i, free[column]] }
    }
  }

  /// Writes the Newton step of the free variables into the first elements of `move`.
  private mutating func solveNewton() {
    for (k, i) in free.enumerated() { move[k] = -slope[i] }
    move.withUnsafeMutableBufferPointer { buffer in
      cholesky.solve(UnsafeMutableBufferPointer(rebasing: buffer[..<free.count]))
    }
  }

  /// A downhill direction v of the free variables with vᵀH v ≤ 0.
  ///
  /// The factor stands for the rows before the one that failed: v solves them against it.
  private mutating func findNegativeCurvature(_ row: Int) {
    for k in free.indices { move[k] = k < row ? -block[row, k] : k == row ? 1 : 0 }
    move.withUnsafeMutableBufferPointer { buffer in
      cholesky.solve(UnsafeMutableBufferPointer(rebasing: buffer[..<row]))
    }
    var along = 0.0
    for (k, i) in free.enumerated() { along += move[k] * slope[i] }
    if along > 0 { for k in free.indices { move[k] = -move[k] } }
  }

  /// Follows `move` up to `longest` times its length, or to the first bound, which is then met.
  private mutating func advance(to longest: Double) {
    var (fraction, blocking) = (longest, -1)
    for (k, i) in free.enumerated() where move[k] != 0 {
      let room = (move[k] > 0 ? high[i] - step[i] : step[i] - low[i]) / move[k].magnitude
      if room < fraction { (fraction, blocking) = (Swift.max(room, 0), k) }
    }
    guard fraction < .infinity else { return }
    for (k, i) in free.enumerated() {
      let bound = move[k] > 0 ? high[i] : low[i]
      let next = k == blocking ? bound : step[i] + fraction * move[k]
      step[i] = Swift.min(Swift.max(next, low[i]), high[i])
    }
  }
}
