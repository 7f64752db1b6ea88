import AttuneCore
import AttuneNumerics

/// Steps to the minimum of a quadratic model around the best trial, within a trust region.
///
/// The model interpolates the trials nearest to the best one, with the least Hessian while they are
/// fewer than its coefficients (M. J. D. Powell, "The NEWUOA software for unconstrained optimization
/// without derivatives", 2006); the region grows while the model foretells well and shrinks while
/// not. It moves continuous axes alone and learns from the trials that share all else with the best. Where
/// these gave derivatives, the model has the best one's gradient and the curvature that differences of
/// gradients tell of (`SecantHessian`): a quasi-Newton step from what all arms found.
struct QuadraticArm: Sendable {
  struct Plan: Sendable {
    let point: Point
    /// By how much the value should fall.
    let predicted: Double
    let radius: Double
    let spread: Double
  }

  let model: ModelSpace
  /// Half the side of the region; `nil` when the spread of the points is to decide.
  private var radius: Double?
  private var isLocked = false
  /// Steps in a row that did not bring a new best value.
  private(set) var failureCount = 0
  private var credit = ArmCredit()
  private var outstanding: [Int: (plan: Plan, base: Double)] = [:]
  private var made: (count: Int, radius: Double?, plan: Plan?)?
  private var lastBest: [Double] = []
  private var fit = QuadraticFit()
  private var secants = SecantHessian()
  private var step = BoxTrustRegionStep()

  static let pointLimit = 256

  /// How many times as rare its turns should be: 1, 2 or 4, while steps fail in a row, or other arms
  /// find new best values more often. Among other axes it is rare anyway, and what it refines counts.
  var rarity: Int {
    let byFailures = failureCount >= 6 ? 4 : failureCount >= 3 ? 2 : 1
    guard model.smoothAxes.count == model.axes.count else { return byFailures }
    return max(byFailures, credit.ratio < 0.5 ? 4 : credit.ratio < 1 ? 2 : 1)
  }

  init(model: ModelSpace) { self.model = model }

  /// Takes in that a trial was asked: whether it is the step planned.
  mutating func asked(
    _ trial: Int, _ observations: Observations, quantum: Double, in history: History
  ) {
    guard let plan = plan(observations, quantum: quantum), let best = observations.best,
      plan.point == history.point(trial)
    else { return }
    outstanding[trial] = (plan, observations.values[best])
    radius = plan.radius
  }

  /// Takes in that a trial finished, after its value is among the observations.
  mutating func finished(_ trial: Int, value: Double?, _ observations: Observations) {
    let mine = outstanding.removeValue(forKey: trial)
    let isBest = observations.best.map { observations.trials[$0] == trial } ?? false
    credit.follow(isOwn: mine != nil, isWin: isBest)
    defer {
      if let best = observations.best { lastBest = Array(observations.coordinates(of: best)) }
    }
    if let (plan, base) = mine {
      let ratio = value.map { (base - $0) / plan.predicted } ?? -1
      failureCount = ratio > 0 ? 0 : failureCount + 1
      if ratio > 0.75 { radius = min(2 * plan.radius, 1) }
      if !(ratio >= 0.25) { radius = plan.radius / 2 }
      if let radius, radius < 1e-9 {
        isLocked = true
        self.radius = nil
      }
    } else if isBest, let best = observations.best, !lastBest.isEmpty {
      let distance = zip(observations.coordinates(of: best), lastBest).map { ($0 - $1).magnitude }
      let furthest = distance.max() ?? 0
      if furthest > 1.001 * (radius ?? 0) { radius = nil }
      if furthest > 0.1 { isLocked = false }
      failureCount = 0
    }
  }

  /// The step from the best trial, or `nil` when the model promises nothing.
  ///
  /// `quantum` is the least step by which values can improve: less is no promise.
  mutating func plan(_ observations: Observations, quantum: Double) -> Plan? {
    if let made, made.count == observations.count, made.radius == radius { return made.plan }
    let plan = makePlan(observations).flatMap { $0.predicted > quantum ? $0 : nil }
    made = (observations.count, radius, plan)
    return plan
  }

  private mutating func makePlan(_ observations: Observations) -> Plan? {
    guard !isLocked, let best = observations.best else { return nil }
    let centre = Array(observations.coordinates(of: best))
    let incumbent = centre.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { model.point(at: $0, given: nil) }
    }
    guard let incumbent else { return nil }
    let axes = model.smoothAxes.filter { incumbent.active[model.axes[$0].parameter] }
    let sloped = axes.filter { observations.slope(best, $0).isFinite }
    if let local = secantModel(observations, best, centre, sloped),
      let plan = plan(local, centre, sloped, observations)
    {
      return plan
    }
    return interpolation(observations, best, centre, axes).flatMap {
      plan($0, centre, axes, observations)
    }
  }

  /// A quadratic model around the best trial, of coordinates less its own over `spread` and values over
  /// `size`; and half the side of a region to begin with.
  private struct Local {
    let gradient: [Double]
    let hessian: SymmetricMatrix
    let spread: Double
    let size: Double
    let radius: Double
    /// Whether the region is to follow the length of the steps taken: a model of exact gradients takes short
    /// ones at once, and what lies far beyond them it knows nothing of.
    let followsStep: Bool
  }

  private mutating func interpolation(
    _ observations: Observations, _ best: Int, _ centre: [Double], _ axes: [Int]
  ) -> Local? {
    let d = axes.count
    guard d > 0 else { return nil }
    let near = nearest(observations, centre, axes, (d + 1) * (d + 2) / 2)
    guard near.count >= d + 2, let spread = near.last?.distance, spread > 0 else { return nil }
    let base = observations.values[best]
    let size = near.reduce(0) { max($0, (observations.values[$1.index] - base).magnitude) }
    guard size > 0, size.isFinite else { return nil }
    var points: [Double] = []
    points.reserveCapacity(near.count * d)
    for (index, _) in near {
      let start = index * model.axes.count
      for axis in axes {
        points.append((observations.coordinates[start + axis] - centre[axis]) / spread)
      }
    }
    let values = near.map { (observations.values[$0.index] - base) / size }
    guard let quadratic = fit.fit(points: points, dimension: d, values: values).model else {
      return nil
    }
    return Local(
      gradient: quadratic.gradient, hessian: quadratic.hessian, spread: spread, size: size,
      radius: 0.95 * spread, followsStep: false)
  }

  /// The best trial's derivatives along `axes`, and what those of the trials near it tell of the second
  /// ones; `nil` where there are none.
  private mutating func secantModel(
    _ observations: Observations, _ best: Int, _ centre: [Double], _ axes: [Int]
  ) -> Local? {
    let d = axes.count
    let slopes = axes.map { observations.slope(best, $0) }
    guard let steepest = slopes.map(\.magnitude).max(), steepest > 0 else { return nil }
    let near = nearest(observations, centre, axes, 2 * d + 2) { index in
      index != best && axes.allSatisfy { observations.slope(index, $0).isFinite }
    }.filter { $0.distance > 0 }
    let spread = near.isEmpty ? 0.1 : near[min(d, near.count) - 1].distance
    let size = steepest * spread
    guard size > 0, size.isFinite else { return nil }
    let steps = near.map { index, _ in
      (
        step: axes.map {
          (observations.coordinates[index * model.axes.count + $0] - centre[$0]) / spread
        },
        change: axes.indices.map {
          (observations.slope(index, axes[$0]) - slopes[$0]) / steepest
        }
      )
    }
    guard let hessian = secants.fit(dimension: d, steps: steps) else { return nil }
    return Local(
      gradient: slopes.map { $0 / steepest }, hessian: hessian, spread: spread, size: size,
      radius: spread, followsStep: true)
  }

  /// The step to the least value of a model within the region.
  private mutating func plan(
    _ local: Local, _ centre: [Double], _ axes: [Int], _ observations: Observations
  ) -> Plan? {
    let spread = local.spread
    let radius = radius ?? local.radius
    let least = step.minimize(
      gradient: local.gradient, hessian: local.hessian,
      lower: axes.map { (0 - centre[$0]) / spread }, upper: axes.map { (1 - centre[$0]) / spread },
      radius: radius / spread)
    guard let least, -least > 1e-12 else { return nil }
    var target = centre
    for (index, axis) in axes.enumerated() {
      target[axis] = min(max(centre[axis] + spread * step.step[index], 0), 1)
    }
    let point = target.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { model.point(at: $0, given: nil) }
    }
    guard let point, model.space.allows(point), !observations.hasSeen(point) else { return nil }
    let length = spread * step.step.reduce(0) { max($0, $1.magnitude) }
    return Plan(
      point: point, predicted: -least * local.size,
      radius: local.followsStep ? min(radius, length) : radius, spread: spread)
  }

  /// The observations that differ from the centre along `axes` alone, nearest first.
  private func nearest(
    _ observations: Observations, _ centre: [Double], _ axes: [Int], _ wanted: Int,
    where isWanted: (Int) -> Bool = { _ in true }
  ) -> [(index: Int, distance: Double)] {
    let isMoved = model.axes.indices.map { axes.contains($0) }
    let axisCount = model.axes.count
    var all: [(index: Int, distance: Double)] = []
    for index in 0..<observations.count {
      var sum = 0.0
      var isSame = true
      for axis in 0..<axisCount {
        let difference = observations.coordinates[index * axisCount + axis] - centre[axis]
        if isMoved[axis] {
          sum += difference * difference
        } else if difference != 0 {
          isSame = false
          break
        }
      }
      if isSame, isWanted(index) { all.append((index, sum.squareRoot())) }
    }
    all.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.index < $1.index }
    return Array(all.prefix(min(wanted, Self.pointLimit)))
  }
}
