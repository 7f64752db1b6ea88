import AttuneCore
import AttuneNumerics

/// What the points of a search are worth: of many, the best are found without solving for most.
///
/// A variance can be no larger than what the nearest trial, or the first of the trials, leave of it. A
/// point that could not be among the best even then is given up, which changes no result.
extension AcquisitionSearch {
  /// Rows of the kernel, of the process and of the model of what succeeds.
  struct Room: Sendable {
    var batch = Criterion.makeRoom()
    var feasible = GaussianProcess.Batch()
    /// The worth of each point, were its variance as large as can be.
    var bounds: [Double] = []
    var found: [(index: Int, value: Double)] = []
  }

  /// The best candidates, best first: `wanted` of them that do not lie near one another, or all.
  ///
  /// No more than `limit` are looked at closely, those whose bounds are best.
  mutating func valued(
    _ pool: CandidateList, solving limit: Int, wanted: Int?
  ) -> [Candidate] {
    criterion.fill(&room.batch, pool.coordinates)
    feasibility?.fill(&room.feasible, pool.coordinates)
    bound()
    var ranks = room.bounds
    if feasibility != nil {
      for index in ranks.indices { ranks[index] += Self.logFeasible(room.feasible.means[index], 1) }
    }
    var order = Array(0..<pool.count)
    if pool.count > limit || wanted != nil {
      order.sort { ranks[$0] != ranks[$1] ? ranks[$0] > ranks[$1] : $0 < $1 }
      order.removeLast(max(order.count - limit, 0))
    }
    guard let wanted else {
      settle(order) { _ in -.infinity }
      return Self.distant(room.found, pool, nil)
    }
    // One that is found may lie near two that were. Then the last of those wanted is worth less than it
    // was, and points that were given up count again.
    var chosen: [Candidate] = []
    var (bar, last) = (Double.infinity, Double.infinity)
    repeat {
      let limit = last
      bar = -.infinity
      settle(order) { found in
        chosen = Self.distant(found, pool, wanted)
        last = chosen.count == wanted ? chosen[wanted - 1].value : -.infinity
        bar = max(bar, min(last, limit))
        return bar
      }
    } while bar > last
    return chosen
  }

  /// The best of the points that `candidate` becomes when one axis is moved to each of `places`, if it is
  /// worth more.
  mutating func best(
    of candidate: Candidate, along axis: Int, at places: [Double]
  ) -> Candidate? {
    let others = moved(candidate, axis, places)
    bound()
    let bounds = room.bounds
    let order = bounds.indices.sorted {
      bounds[$0] != bounds[$1] ? bounds[$0] > bounds[$1] : $0 < $1
    }
    let least = candidate.value + 1e-9
    var best: (index: Int, value: Double)?
    settle(order) { found in
      best = found.max { $0.value != $1.value ? $0.value < $1.value : $0.index > $1.index }
      return max(best?.value ?? least, least)
    }
    guard let best, best.value > least else { return nil }
    if let others { return Candidate(coordinates: Array(others[best.index]), value: best.value) }
    var coordinates = candidate.coordinates
    coordinates[axis] = places[best.index]
    return Candidate(coordinates: coordinates, value: best.value)
  }

  /// Fills the room with a candidate moved along one axis; the points, where that moves other axes too.
  private mutating func moved(
    _ candidate: Candidate, _ axis: Int, _ places: [Double]
  ) -> CandidateList? {
    guard model.space.isConditional || given != nil else {
      criterion.fill(&room.batch, candidate.coordinates, along: axis, to: places)
      feasibility?.fill(&room.feasible, candidate.coordinates, along: axis, to: places)
      return nil
    }
    var others = CandidateList(axisCount: model.axes.count)
    for place in places {
      others.append(candidate.coordinates) { coordinates in
        coordinates[axis] = place
        model.snap(coordinates, given: given)
      }
    }
    criterion.fill(&room.batch, others.coordinates)
    feasibility?.fill(&room.feasible, others.coordinates)
    return others
  }

  /// The best of those found, best first; of those near one another only the first.
  private static func distant(
    _ found: [(index: Int, value: Double)], _ pool: CandidateList, _ wanted: Int?
  ) -> [Candidate] {
    let sorted = found.sorted { $0.value != $1.value ? $0.value > $1.value : $0.index < $1.index }
    var result: [Candidate] = []
    for (index, value) in sorted {
      guard result.count < wanted ?? .max else { break }
      let point = pool[index]
      let isNear =
        wanted != nil
        && result.contains { other in
          zip(other.coordinates, point).allSatisfy { ($0 - $1).magnitude < 0.02 }
        }
      if !isNear { result.append(Candidate(coordinates: Array(point), value: value)) }
    }
    return result
  }

  /// Bounds what the points in the room are worth.
  private mutating func bound() {
    criterion.bound(&room.batch, into: &room.bounds)
  }

  /// Finds the values of points in `order`, but for those that cannot reach what `least` says.
  ///
  /// `least` is asked with all found so far. Rounding may lift a value above its bound by a little.
  private mutating func settle(
    _ order: [Int], least: (_ found: [(index: Int, value: Double)]) -> Double
  ) {
    room.found.removeAll(keepingCapacity: true)
    var bar = least(room.found) - 1e-9
    var next = 0
    while next < order.count {
      var group: [Int] = []
      while next < order.count, group.count < GaussianProcess.groupSize {
        if !(room.bounds[order[next]] < bar) { group.append(order[next]) }
        next += 1
      }
      var solved = criterion.solve(group, of: &room.batch, reaching: bar)
      if feasibility != nil { addFeasibility(&solved) }
      room.found += solved.filter { $0.value > -.infinity }
      bar = least(room.found) - 1e-9
    }
  }

  private mutating func addFeasibility(_ solved: inout [(index: Int, value: Double)]) {
    guard let feasibility else { return }
    let means = room.feasible.means
    var logs: [Double] = []
    feasibility.solve(solved.map(\.index), of: &room.feasible) { _, _ in
      true
    } found: { query, variance in
      logs.append(Self.logFeasible(means[query], variance))
    }
    for place in solved.indices { solved[place].value += logs[place] }
  }

  /// What is added to the variance of feasibility, and the least logarithm of its probability, so that
  /// nothing is ruled out. An expected improvement falls without end as the best is approached: with
  /// a floor near 0, points known to fail would win in the end.
  static var feasibleNoise: Double { 0.02 }
  static var leastFeasible: Double { -30 }

  /// ln of the probability that a point succeeds.
  private static func logFeasible(_ mean: Double, _ variance: Double) -> Double {
    max(
      StandardNormal.logCumulative(mean / (variance + Self.feasibleNoise).squareRoot()),
      Self.leastFeasible)
  }

  /// The value at one point.
  func value(at coordinates: [Double]) -> Double {
    var value = criterion.value(at: coordinates)
    if let feasibility {
      let (mean, variance) = feasibility.posterior(at: coordinates)
      value += Self.logFeasible(mean, variance)
    }
    return value
  }
}
