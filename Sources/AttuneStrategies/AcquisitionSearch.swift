import AttuneCore
import AttuneNumerics

/// Finds the point that an acquisition values most, in a space of any kind.
///
/// A pool of points all over the box, around the best trials and one step from the best is valued at
/// once; the best of them are improved by turns of L-BFGS-B over continuous axes and trying the
/// levels and choices of the others one axis at a time. Small finite spaces are searched whole.
struct AcquisitionSearch<Criterion: SearchCriterion> {
  let model: ModelSpace
  let criterion: Criterion
  /// The model of which points succeed, +1 and −1; `nil` while none failed.
  let feasibility: GaussianProcess?
  /// Where to search, per axis.
  let box: [ClosedRange<Double>]
  /// Coordinates of the best trials, best first.
  let elite: [[Double]]
  let given: PartialPoint?
  let stream: RandomStream
  let isTaken: (Point) -> Bool

  /// Room for the rows of the points that are being valued.
  var room = Room()

  struct Candidate {
    var coordinates: [Double]
    var value: Double
  }

  static var poolSize: Int { 384 }
  static var exhaustiveLimit: Int { 4096 }
  static var startCount: Int { 4 }
  /// How many points of a pool that constraints forbid are repaired.
  static var repairLimit: UInt64 { 128 }

  /// The best point found that is not taken; `nil` when all candidates are.
  mutating func best() -> Point? {
    if isWhole {
      var all = allPoints()
      all.filter(isNew)
      let best = valued(all, solving: 512, wanted: 1)
      return firstNew(best)
    }
    let pool = pool()
    let starts = valued(pool, solving: 160, wanted: Self.startCount)
    // Not as an argument: the search whose method is called would be copied before, and its room with it
    // when it is next filled.
    let ends = improved(starts)
    if let point = firstNew(ends) { return point }
    let others = valued(pool, solving: 160, wanted: nil)
    return firstNew(others)
  }

  /// The largest value found, of points that are taken or not.
  mutating func maximum() -> Double? {
    if isWhole { return valued(allPoints(), solving: 512, wanted: 1).first?.value }
    return improved(valued(pool(), solving: 160, wanted: Self.startCount)).first?.value
  }

  /// Whether the space is small enough to try all of its points.
  private var isWhole: Bool { model.pointCount.map { $0 <= Self.exhaustiveLimit } ?? false }

  private func firstNew(_ candidates: [Candidate]) -> Point? {
    for candidate in candidates {
      if let point = point(at: candidate.coordinates), model.space.allows(point), !isTaken(point) {
        return point
      }
    }
    return nil
  }

  private func isNew(_ coordinates: UnsafePointer<Double>) -> Bool {
    let point = model.point(at: coordinates, given: given)
    return model.space.allows(point) && !isTaken(point)
  }

  /// Whether constraints allow a place.
  func allows(_ coordinates: [Double]) -> Bool {
    guard model.space.isConstrained else { return true }
    return point(at: coordinates).map(model.space.allows) ?? false
  }

  // MARK: - Improving

  private mutating func improved(_ starts: [Candidate]) -> [Candidate] {
    var ends: [Candidate] = []
    var visited: [Candidate] = []
    for start in starts { ends.append(climb(from: start, &visited)) }
    let order = ends.indices.sorted {
      ends[$0].value != ends[$1].value ? ends[$0].value > ends[$1].value : $0 < $1
    }
    return order.map { ends[$0] }
  }

  /// `visited` are the tops that climbs came to: one that comes to the same as another ends there.
  private mutating func climb(from start: Candidate, _ visited: inout [Candidate]) -> Candidate {
    var current = start
    for turn in 0..<3 {
      let before = current.value
      climbSmooth(&current)
      if visited.contains(where: { isSameTop($0, current) }) { break }
      visited.append(current)
      guard !model.steppedAxes.isEmpty, stepDiscrete(&current) || turn == 0 else { break }
      if current.value <= before + 1e-6 { break }
    }
    return current
  }

  /// Whether two tops differ by no more than where a climb stops, the first being no worse.
  private func isSameTop(_ old: Candidate, _ new: Candidate) -> Bool {
    old.value >= new.value - 1e-4
      && model.axes.indices.allSatisfy { axis in
        let distance = (old.coordinates[axis] - new.coordinates[axis]).magnitude
        return model.smoothAxes.contains(axis) ? distance < 0.02 : distance == 0
      }
  }

  /// Those of `axes` that may move from a point: of active parameters that are not given.
  private func freeAxes(_ axes: [Int], at coordinates: [Double]) -> [Int] {
    guard model.space.isConditional || given != nil else { return axes }
    guard let point = point(at: coordinates) else { return [] }
    return axes.filter { axis in
      let parameter = model.axes[axis].parameter
      guard point.active[parameter] else { return false }
      guard let slots = given?.slots, parameter < slots.count else { return true }
      return slots[parameter] == nil
    }
  }

  func point(at coordinates: [Double]) -> Point? {
    coordinates.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { model.point(at: $0, given: given) }
    }
  }

  /// Moves the continuous coordinates up along the gradient, in units of their lengths.
  private func climbSmooth(_ candidate: inout Candidate) {
    let axes = freeAxes(model.smoothAxes, at: candidate.coordinates)
    guard !axes.isEmpty else { return }
    let lengths = axes.map { criterion.lengths[$0] }
    var options = LBFGSB.Options()
    options.evaluationLimit = 24
    options.gradientTolerance = 1e-4
    options.relativeDecrease = 1e-6
    var search = LBFGSB(
      start: axes.indices.map { candidate.coordinates[axes[$0]] / lengths[$0] },
      lower: axes.indices.map { box[axes[$0]].lowerBound / lengths[$0] },
      upper: axes.indices.map { box[axes[$0]].upperBound / lengths[$0] }, options: options)
    var coordinates = candidate.coordinates
    var gradient = [Double](repeating: 0, count: axes.count)
    var feasibleGradient = gradient
    while search.stop == nil {
      for index in axes.indices { coordinates[axes[index]] = search.point[index] * lengths[index] }
      var total = criterion.value(at: coordinates, along: axes, gradient: &gradient)
      if feasibility != nil {
        total += feasibleSlopes(at: coordinates, along: axes, &feasibleGradient)
        for index in axes.indices { gradient[index] += feasibleGradient[index] }
      }
      for index in axes.indices { gradient[index] *= -lengths[index] }
      search.tell(value: -total, gradient: gradient)
    }
    for index in axes.indices {
      coordinates[axes[index]] = search.best[index] * lengths[index]
    }
    snap(&coordinates)
    retreat(&coordinates, to: candidate.coordinates)
    let value = value(at: coordinates)
    if value > candidate.value { candidate = Candidate(coordinates: coordinates, value: value) }
  }

  /// Moves a place that constraints forbid back along the way from an allowed one, no farther than it must.
  private func retreat(_ coordinates: inout [Double], to start: [Double]) {
    guard model.space.isConstrained, !allows(coordinates) else { return }
    let end = coordinates
    var (good, bad) = (0.0, 1.0)
    coordinates = start
    for _ in 0..<20 {
      let share = 0.5 * (good + bad)
      var middle = start
      for axis in middle.indices { middle[axis] += share * (end[axis] - start[axis]) }
      snap(&middle)
      if allows(middle) { (good, coordinates) = (share, middle) } else { bad = share }
    }
  }

  private func feasibleSlopes(
    at coordinates: [Double], along axes: [Int], _ gradient: inout [Double]
  ) -> Double {
    guard let feasibility else { return 0 }
    var byMean = [Double](repeating: 0, count: axes.count)
    var byVariance = byMean
    let (mean, variance) = feasibility.posterior(
      at: coordinates, along: axes, meanSlopes: &byMean, varianceSlopes: &byVariance)
    let deviation = (variance + Self.feasibleNoise).squareRoot()
    let u = mean / deviation
    let value = StandardNormal.logCumulative(u)
    let slope =
      value > Self.leastFeasible ? Elementary.exp(StandardNormal.logDensity(u) - value) : 0
    for index in axes.indices {
      gradient[index] =
        slope * (byMean[index] - 0.5 * u * byVariance[index] / deviation) / deviation
    }
    return max(value, Self.leastFeasible)
  }

  func snap(_ coordinates: inout [Double]) {
    coordinates.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { model.snap(base, given: given) }
    }
  }

  /// Tries the levels of each stepped axis in turn, until none helps; whether any did.
  private mutating func stepDiscrete(_ candidate: inout Candidate) -> Bool {
    var hasMoved = false
    // When all axes were tried from the same point, another round would try the same again.
    var triedCount = 0
    for _ in 0..<4 {
      for axis in model.steppedAxes {
        if triedCount == model.steppedAxes.count { return hasMoved }
        triedCount += 1
        guard !freeAxes([axis], at: candidate.coordinates).isEmpty else { continue }
        guard let best = bestStep(candidate, along: axis) else { continue }
        candidate = best
        hasMoved = true
        triedCount = 0
      }
    }
    return hasMoved
  }

  /// The same point at another level of one axis, if any is worth more: all levels of a short axis are
  /// tried, else near ones.
  private mutating func bestStep(_ candidate: Candidate, along axis: Int) -> Candidate? {
    let count = model.levelCount(axis: axis)
    let own = model.level(of: candidate.coordinates[axis], axis: axis)
    let levels =
      count <= ModelSpace.levelLimit
      ? Array(0..<count) : [-8, -4, -2, -1, 1, 2, 4, 8].map { own + $0 }
    var places: [Double] = []
    for level in levels where level != own && level >= 0 && level < count {
      let place = model.coordinate(ofLevel: level, axis: axis)
      guard axis >= model.orderedCount || box[axis].contains(place) else { continue }
      if model.space.isConstrained {
        var moved = candidate.coordinates
        moved[axis] = place
        guard allows(moved) else { continue }
      }
      places.append(place)
    }
    return best(of: candidate, along: axis, at: places)
  }
}
