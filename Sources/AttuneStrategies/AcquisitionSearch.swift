import AttuneCore
import AttuneNumerics

/// Finds the point that an acquisition values most, in a space of any kind.
///
/// A pool of points all over the box, around the best trials and one step from the best is valued at
/// once; the best of them are improved by turns of L-BFGS-B over continuous axes and trying the
/// levels and choices of the others one axis at a time. Small finite spaces are searched whole.
struct AcquisitionSearch {
  let model: ModelSpace
  let process: GaussianProcess
  let acquisition: Acquisition
  /// The model of which points succeed, +1 and −1; `nil` while none failed.
  let feasibility: GaussianProcess?
  /// Where to search, per axis.
  let box: [ClosedRange<Double>]
  /// Coordinates of the best trials, best first.
  let elite: [[Double]]
  let given: PartialPoint?
  let stream: RandomStream
  let isTaken: (Point) -> Bool

  struct Candidate {
    var coordinates: [Double]
    var value: Double
  }

  static let poolSize = 384
  static let exhaustiveLimit = 4096
  static let startCount = 4

  /// The best point found that is not taken; `nil` when all candidates are.
  func best() -> Point? {
    let isWhole = model.pointCount.map { $0 <= Self.exhaustiveLimit } ?? false
    let pool = isWhole ? allPoints().filter(isNew) : pool()
    let valued = valued(pool, solving: isWhole ? 512 : 160)
    var candidates = isWhole ? [] : improved(valued)
    candidates += valued
    for candidate in candidates {
      if let point = point(at: candidate.coordinates), !isTaken(point) { return point }
    }
    return nil
  }

  private func isNew(_ coordinates: [Double]) -> Bool {
    point(at: coordinates).map { !isTaken($0) } ?? false
  }

  // MARK: - Valuing

  /// The candidates worth looking at, best first: only those whose bounds are best are solved.
  private func valued(_ pool: [[Double]], solving limit: Int) -> [Candidate] {
    var batch = process.batch(pool.flatMap { $0 })
    let fit = feasibility.map { $0.batch(pool.flatMap { $0 }) }
    var order = Array(pool.indices)
    if pool.count > limit {
      let bounds = pool.indices.map { index in
        acquisition.value(mean: batch.means[index], variance: max(batch.variances[index], 1e-12))
          + (fit.map { logFeasible($0.means[index], 1) } ?? 0)
      }
      order.sort { bounds[$0] != bounds[$1] ? bounds[$0] > bounds[$1] : $0 < $1 }
      order.removeLast(order.count - limit)
    }
    batch = selected(batch, order)
    process.solve(&batch, first: order.count)
    var feasible = [Double](repeating: 0, count: order.count)
    if let feasibility, let fit {
      var chosen = selected(fit, order)
      feasibility.solve(&chosen, first: order.count)
      feasible = order.indices.map { logFeasible(chosen.means[$0], chosen.variances[$0]) }
    }
    var result: [Candidate] = []
    for (place, index) in order.enumerated() {
      let value =
        acquisition.value(mean: batch.means[place], variance: batch.variances[place])
        + feasible[place]
      if value > -.infinity { result.append(Candidate(coordinates: pool[index], value: value)) }
    }
    let sorted = result.indices.sorted {
      result[$0].value != result[$1].value ? result[$0].value > result[$1].value : $0 < $1
    }
    return sorted.map { result[$0] }
  }

  private func selected(_ batch: GaussianProcess.Batch, _ order: [Int]) -> GaussianProcess.Batch {
    guard order.count < batch.means.count || order != Array(order.indices) else { return batch }
    var rows: [Double] = []
    rows.reserveCapacity(order.count * batch.stride)
    for index in order {
      rows += batch.rows[(index * batch.stride)..<((index + 1) * batch.stride)]
    }
    return GaussianProcess.Batch(
      stride: batch.stride, rows: rows, means: order.map { batch.means[$0] },
      variances: order.map { batch.variances[$0] })
  }

  /// What is added to the variance of feasibility, and the least logarithm of its probability, so that
  /// nothing is ruled out. An expected improvement falls without end as the best is approached: with
  /// a floor near 0, points known to fail would win in the end.
  private static let (feasibleNoise, leastFeasible) = (0.02, -30.0)

  /// ln of the probability that a point succeeds.
  private func logFeasible(_ mean: Double, _ variance: Double) -> Double {
    max(
      StandardNormal.logCumulative(mean / (variance + Self.feasibleNoise).squareRoot()),
      Self.leastFeasible)
  }

  /// The value at one point.
  private func value(at coordinates: [Double]) -> Double {
    let (mean, variance) = process.posterior(at: coordinates)
    var value = acquisition.value(mean: mean, variance: variance)
    if let feasibility {
      let (mean, variance) = feasibility.posterior(at: coordinates)
      value += logFeasible(mean, variance)
    }
    return value
  }

  // MARK: - Improving

  private func improved(_ valued: [Candidate]) -> [Candidate] {
    var starts: [Candidate] = []
    for candidate in valued {
      guard starts.count < Self.startCount else { break }
      let isNear = starts.contains { start in
        zip(start.coordinates, candidate.coordinates).allSatisfy { ($0 - $1).magnitude < 0.02 }
      }
      if !isNear { starts.append(candidate) }
    }
    let ends = starts.map { climb(from: $0) }
    let order = ends.indices.sorted {
      ends[$0].value != ends[$1].value ? ends[$0].value > ends[$1].value : $0 < $1
    }
    return order.map { ends[$0] }
  }

  private func climb(from start: Candidate) -> Candidate {
    var current = start
    for turn in 0..<3 {
      let before = current.value
      climbSmooth(&current)
      guard !model.steppedAxes.isEmpty, stepDiscrete(&current) || turn == 0 else { break }
      if current.value <= before + 1e-6 { break }
    }
    return current
  }

  private func isFree(_ axis: Int, at coordinates: [Double], _ point: Point) -> Bool {
    let parameter = model.axes[axis].parameter
    guard point.active[parameter] else { return false }
    guard let slots = given?.slots, parameter < slots.count else { return true }
    return slots[parameter] == nil
  }

  private func point(at coordinates: [Double]) -> Point? {
    coordinates.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { model.point(at: $0, given: given) }
    }
  }

  /// Moves the continuous coordinates up along the gradient, in units of their lengths.
  private func climbSmooth(_ candidate: inout Candidate) {
    guard let point = point(at: candidate.coordinates) else { return }
    let axes = model.smoothAxes.filter { isFree($0, at: candidate.coordinates, point) }
    guard !axes.isEmpty else { return }
    let lengths = axes.map { process.hyperparameters.lengths[$0] }
    var options = LBFGSB.Options()
    options.evaluationLimit = 24
    options.gradientTolerance = 1e-4
    options.relativeDecrease = 1e-6
    var search = LBFGSB(
      start: axes.indices.map { candidate.coordinates[axes[$0]] / lengths[$0] },
      lower: axes.indices.map { box[axes[$0]].lowerBound / lengths[$0] },
      upper: axes.indices.map { box[axes[$0]].upperBound / lengths[$0] }, options: options)
    var coordinates = candidate.coordinates
    var byMean = [Double](repeating: 0, count: axes.count)
    var byVariance = byMean
    var gradient = byMean
    var feasibleGradient = byMean
    while search.stop == nil {
      for index in axes.indices { coordinates[axes[index]] = search.point[index] * lengths[index] }
      let (mean, variance) = process.posterior(
        at: coordinates, along: axes, meanSlopes: &byMean, varianceSlopes: &byVariance)
      let worth = acquisition.valueAndSlopes(mean: mean, variance: variance)
      var total = worth.value
      for index in axes.indices {
        gradient[index] = worth.byMean * byMean[index] + worth.byVariance * byVariance[index]
      }
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
    let value = value(at: coordinates)
    if value > candidate.value { candidate = Candidate(coordinates: coordinates, value: value) }
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
  private func stepDiscrete(_ candidate: inout Candidate) -> Bool {
    var hasMoved = false
    for _ in 0..<4 {
      var hasMovedNow = false
      for axis in model.steppedAxes {
        guard let point = point(at: candidate.coordinates),
          isFree(axis, at: candidate.coordinates, point)
        else { continue }
        let others = neighbours(of: candidate.coordinates, along: axis)
        guard !others.isEmpty, let best = valued(others, solving: others.count).first,
          best.value > candidate.value + 1e-9
        else { continue }
        candidate = best
        hasMovedNow = true
      }
      if !hasMovedNow { break }
      hasMoved = true
    }
    return hasMoved
  }

  /// The same point with other levels of one axis: all of a short one, else the near ones.
  private func neighbours(of coordinates: [Double], along axis: Int) -> [[Double]] {
    let count = model.levelCount(axis: axis)
    let own = model.level(of: coordinates[axis], axis: axis)
    let levels =
      count <= ModelSpace.levelLimit
      ? Array(0..<count) : [-8, -4, -2, -1, 1, 2, 4, 8].map { own + $0 }
    var result: [[Double]] = []
    for level in levels where level != own && level >= 0 && level < count {
      var moved = coordinates
      moved[axis] = model.coordinate(ofLevel: level, axis: axis)
      snap(&moved)
      if box[axis].contains(moved[axis]) || axis >= model.orderedCount { result.append(moved) }
    }
    return result
  }
}
