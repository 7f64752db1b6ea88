import AttuneNumerics

/// The best trials of several objectives so far, at most so many: who may be a parent.
///
/// Trials stand in fronts (K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, "A fast and elitist
/// multiobjective genetic algorithm: NSGA-II", IEEE Trans. Evol. Comp. 6, 2002): complete ones before
/// pruned ones, and behind both those that break constraints, by how far. When there are too many, one
/// of the last front goes: the most crowded one, the one that adds least volume, or of the fullest
/// niche the one farthest from its direction (NSGA-III). Values are to be small. An add costs
/// O(limit² · objectives).
struct FrontPopulation: Sendable {
  /// Who of the last front goes.
  enum Survival: Sendable {
    case crowding
    case hypervolume
    case directions(ReferenceDirections)
  }

  /// What comes before values: complete, pruned, then infeasible by its violation.
  struct Class: Sendable, Comparable {
    let tier: Int
    let violation: Double

    static func < (a: Class, b: Class) -> Bool {
      a.tier != b.tier ? a.tier < b.tier : a.violation < b.violation
    }
  }

  let width: Int
  /// How many members there may be; where it grows, room for all that come until it is full.
  var limit: Int
  private let survival: Survival
  private(set) var trials: [Int] = []
  private var classes: [Class] = []
  /// One member after the other; finite.
  private var values: [Double] = []
  /// The front of each member, from 0.
  private(set) var ranks: [Int] = []
  /// How much room each member has in its front.
  private(set) var room: [Double] = []

  init(width: Int, limit: Int, survival: Survival) {
    self.width = width
    self.limit = limit
    self.survival = survival
  }

  var count: Int { trials.count }

  /// Whether niches, whose number is fixed, decide who stays.
  var hasDirections: Bool {
    if case .directions = survival { true } else { false }
  }

  /// Adds a trial; `point` may hold −∞, but no +∞ and no NaN.
  mutating func add(_ trial: Int, _ point: [Double], _ standing: Class) {
    trials.append(trial)
    classes.append(standing)
    values += point.map { max($0, -.greatestFiniteMagnitude) }
    rank()
    if count > limit {
      remove(leaving())
      rank()
    }
    measureRoom()
  }

  private mutating func remove(_ index: Int) {
    trials.remove(at: index)
    classes.remove(at: index)
    values.removeSubrange((index * width)..<((index + 1) * width))
  }

  private func dominates(_ a: Int, _ b: Int) -> Bool {
    if classes[a] != classes[b] { return classes[a] < classes[b] }
    return Dominance.dominates(values, at: a * width, values, from: b * width, width: width)
  }

  private mutating func rank() {
    var dominators = [Int](repeating: 0, count: count)
    for a in 0..<count {
      for b in 0..<count where a != b && dominates(a, b) { dominators[b] += 1 }
    }
    ranks = Array(repeating: -1, count: count)
    var front = (0..<count).filter { dominators[$0] == 0 }
    var rank = 0
    while !front.isEmpty {
      for member in front { ranks[member] = rank }
      var next: [Int] = []
      for member in front {
        for other in 0..<count where ranks[other] < 0 && dominates(member, other) {
          dominators[other] -= 1
          if dominators[other] == 0 { next.append(other) }
        }
      }
      front = next.sorted()
      rank += 1
    }
  }

  /// The members of the last front, in their order.
  private var lastFront: [Int] {
    let last = ranks.max() ?? 0
    return trials.indices.filter { ranks[$0] == last }
  }

  /// The member that there is no room for; of equals the newest.
  private func leaving() -> Int {
    let front = lastFront
    switch survival {
    case .crowding:
      let room = crowding(front)
      return front[least(room)]
    case .hypervolume:
      return front[least(contributions(front))]
    case .directions(let directions):
      let best = trials.indices.filter { ranks[$0] == 0 }
      let niches = directions.niches(values.map { $0 / 4 }, front: best)
      var sizes = [Int](repeating: 0, count: directions.count)
      for niche in niches { sizes[niche.direction] += 1 }
      let fullest = front.map { sizes[niches[$0].direction] }.max() ?? 0
      var chosen = front[0]
      var farthest = -1.0
      for member in front where sizes[niches[member].direction] == fullest {
        if niches[member].distance >= farthest {
          (chosen, farthest) = (member, niches[member].distance)
        }
      }
      return chosen
    }
  }

  /// The place of the least value, the last of equal ones.
  private func least(_ values: [Double]) -> Int {
    var best = 0
    for index in values.indices where values[index] <= values[best] { best = index }
    return best
  }

  private mutating func measureRoom() {
    room = Array(repeating: 0, count: count)
    // Niches have no room to compare: parents of one front are drawn.
    if case .directions = survival { return }
    for rank in 0...(ranks.max() ?? 0) {
      let front = trials.indices.filter { ranks[$0] == rank }
      for (member, distance) in zip(front, crowding(front)) { room[member] = distance }
    }
  }

  /// The crowding distances of the members of a front.
  private func crowding(_ front: [Int]) -> [Double] {
    var rows: [Double] = []
    for member in front { rows += values[(member * width)..<((member + 1) * width)] }
    return CrowdingDistance.distances(of: rows, width: width)
  }

  /// The volume that each member of a front adds to the others', up to a tenth behind the worst.
  private func contributions(_ front: [Int]) -> [Double] {
    var rows: [Double] = []
    for member in front { rows += values[(member * width)..<((member + 1) * width)].map { $0 / 4 } }
    let ends = (0..<width).map { offset in
      let column = stride(from: offset, to: rows.count, by: width).map { rows[$0] }
      return (low: column.min() ?? 0, high: column.max() ?? 0)
    }
    for index in rows.indices {
      let end = ends[index % width]
      rows[index] = end.high > end.low ? (rows[index] - end.low) / (end.high - end.low) : 0
    }
    // The ends of a front stay: a reference this far behind lets them add most.
    let reference = [Double](repeating: 2, count: width)
    return front.indices.map { place in
      var others = rows
      others.removeSubrange((place * width)..<((place + 1) * width))
      return Hypervolume.gain(
        of: Array(rows[(place * width)..<((place + 1) * width)]), among: others,
        reference: reference)
    }
  }
}
