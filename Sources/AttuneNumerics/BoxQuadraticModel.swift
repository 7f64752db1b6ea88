/// The step that minimises a limited-memory quadratic model over a box, nearly.
///
/// First along the projected steepest descent path to its first minimum, the generalised Cauchy
/// point; then over the variables that are not at a bound there, cut back to the box.
struct BoxQuadraticModel: Sendable {
  private var cauchy: [Double]
  private var breaks: [Double]
  private var order: [Int]
  private var isFree: [Bool]
  private var reduced: [Double]
  private var p: [Double]
  private var c: [Double]
  private var middle: [Double]
  private var row: [Double]

  init(dimension: Int, memory: Int) {
    cauchy = Array(repeating: 0, count: dimension)
    breaks = cauchy
    reduced = cauchy
    order = []
    order.reserveCapacity(dimension)
    isFree = Array(repeating: true, count: dimension)
    p = Array(repeating: 0, count: 2 * memory)
    c = p
    middle = p
    row = p
  }

  /// Writes the step from x to the model's minimum into `step`.
  mutating func findStep(
    from x: [Double], gradient g: [Double], lower: [Double], upper: [Double],
    hessian: inout CompactHessian, into step: inout [Double]
  ) {
    findCauchyPoint(x, g, lower, upper, hessian, &step)
    for i in x.indices { isFree[i] = cauchy[i] > lower[i] && cauchy[i] < upper[i] }
    if hessian.count > 0 && isFree.contains(true) && minimizeFree(x, g, &hessian) {
      moveInside(x, g, lower, upper)
    }
    for i in x.indices { step[i] = cauchy[i] - x[i] }
  }

  /// Follows the projected gradient; `d` serves as the path's direction.
  private mutating func findCauchyPoint(
    _ x: [Double], _ g: [Double], _ lower: [Double], _ upper: [Double],
    _ hessian: CompactHessian, _ d: inout [Double]
  ) {
    order.removeAll(keepingCapacity: true)
    for j in 0..<(2 * hessian.count) { (p[j], c[j]) = (0, 0) }
    var slope = 0.0
    for i in x.indices {
      cauchy[i] = x[i]
      let room = g[i] < 0 ? upper[i] - x[i] : x[i] - lower[i]
      breaks[i] = g[i] == 0 ? .infinity : room / g[i].magnitude
      d[i] = breaks[i] > 0 ? -g[i] : 0
      guard d[i] != 0 else { continue }
      slope -= g[i] * g[i]
      hessian.addRow(i, times: d[i], to: &p)
      if breaks[i] < .infinity { order.append(i) }
    }
    let first = -hessian.theta * slope
    var curvature = first - middleProduct(p, hessian)
    order.sort { (breaks[$0], $0) < (breaks[$1], $1) }
    var (t, wanted, next) = (0.0, -slope / curvature, 0)
    while next < order.count {
      let i = order[next]
      let interval = breaks[i] - t
      if wanted < interval { break }
      t = breaks[i]
      next += 1
      cauchy[i] = d[i] > 0 ? upper[i] : lower[i]
      let moved = cauchy[i] - x[i]
      for j in 0..<(2 * hessian.count) { c[j] += interval * p[j] }
      let gi = g[i]
      slope += interval * curvature + gi * gi + hessian.theta * gi * moved
      curvature -= hessian.theta * gi * gi
      if hessian.count > 0 { passBreak(i, gi, hessian, &slope, &curvature) }
      curvature = Swift.max(curvature, 0x1p-52 * first)
      d[i] = 0
      wanted = next == order.count && slope >= 0 ? 0 : -slope / curvature
      if slope >= 0 {
        wanted = 0
        break
      }
    }
    if next == order.count && !d.contains(where: { $0 != 0 }) { wanted = 0 }
    let last = wanted > 0 && wanted < .infinity ? wanted : 0
    for j in 0..<(2 * hessian.count) { c[j] += last * p[j] }
    for i in x.indices where d[i] != 0 {
      cauchy[i] = Swift.min(Swift.max(x[i] + (t + last) * d[i], lower[i]), upper[i])
    }
  }

  /// What the middle matrix adds to the slope and curvature when variable i stops at its bound.
  private mutating func passBreak(
    _ i: Int, _ gi: Double, _ hessian: CompactHessian, _ slope: inout Double,
    _ curvature: inout Double
  ) {
    for j in 0..<(2 * hessian.count) { middle[j] = 0 }
    hessian.addRow(i, times: 1, to: &middle)
    for j in 0..<(2 * hessian.count) { row[j] = middle[j] }
    hessian.multiplyMiddle(&middle)
    var (withC, withP, withRow) = (0.0, 0.0, 0.0)
    for j in 0..<(2 * hessian.count) {
      withC += middle[j] * c[j]
      withP += middle[j] * p[j]
      withRow += middle[j] * row[j]
    }
    slope -= gi * withC
    curvature -= 2 * gi * withP + gi * gi * withRow
    for j in 0..<(2 * hessian.count) { p[j] += gi * row[j] }
  }

  private mutating func middleProduct(_ v: [Double], _ hessian: CompactHessian) -> Double {
    for j in 0..<(2 * hessian.count) { middle[j] = v[j] }
    hessian.multiplyMiddle(&middle)
    var sum = 0.0
    for j in 0..<(2 * hessian.count) { sum += v[j] * middle[j] }
    return sum
  }

  /// Finds in `reduced` the unbounded minimum over the free variables; false if that breaks down.
  private mutating func minimizeFree(
    _ x: [Double], _ g: [Double], _ hessian: inout CompactHessian
  ) -> Bool {
    let theta = hessian.theta
    for j in 0..<(2 * hessian.count) { (middle[j], p[j]) = (c[j], 0) }
    hessian.multiplyMiddle(&middle)
    for i in x.indices where isFree[i] {
      reduced[i] = g[i] + theta * (cauchy[i] - x[i]) - hessian.rowProduct(i, middle)
      hessian.addRow(i, times: reduced[i], to: &p)
    }
    guard hessian.solveReduced(free: isFree, &p) else { return false }
    for i in x.indices where isFree[i] {
      reduced[i] = -(reduced[i] + hessian.rowProduct(i, p) / theta) / theta
      guard reduced[i].isFinite else { return false }
    }
    return true
  }

  /// Adds the reduced step to the Cauchy point: projected if that goes downhill, else cut short.
  private mutating func moveInside(
    _ x: [Double], _ g: [Double], _ lower: [Double], _ upper: [Double]
  ) {
    var (slope, fraction) = (0.0, 1.0)
    for i in x.indices {
      var target = cauchy[i]
      if isFree[i] {
        target = Swift.min(Swift.max(cauchy[i] + reduced[i], lower[i]), upper[i])
        let room = reduced[i] > 0 ? upper[i] - cauchy[i] : cauchy[i] - lower[i]
        if reduced[i].magnitude > room {
          fraction = Swift.min(fraction, room / reduced[i].magnitude)
        }
      }
      slope += (target - x[i]) * g[i]
    }
    for i in x.indices where isFree[i] {
      let change = slope < 0 ? reduced[i] : fraction * reduced[i]
      cauchy[i] = Swift.min(Swift.max(cauchy[i] + change, lower[i]), upper[i])
    }
  }
}
