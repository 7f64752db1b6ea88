/// Trials with several values in fronts: nothing in a front is better in every way than its mates.
///
/// A trial goes into the first front in which none dominates it, and pushes those that it dominates
/// one front down, and these others (K. Li, K. Deb, Q. Zhang, "Efficient non-domination level
/// update method", IEEE Trans. Cybernetics 47, 2017). Fronts behind the wanted best are forgotten;
/// should better fronts ever shrink below that, trials that came from behind are missed. An add
/// costs the sizes of the fronts it passes.
struct TPEFronts: Sendable {
  private struct Member: Sendable {
    let trial: Int32
    let values: [Double]

    func dominates(_ other: Member) -> Bool {
      var isBetter = false
      for index in values.indices {
        if values[index] > other.values[index] { return false }
        if values[index] < other.values[index] { isBetter = true }
      }
      return isBetter
    }
  }

  private var fronts: [[Member]] = []
  /// The last answer of `best`, while it holds: for how many, and the front that it ends in.
  private var chosen: (wanted: Int, level: Int, trials: [Int32])?

  mutating func add(_ trial: Int, _ values: [Double]) {
    let member = Member(trial: Int32(trial), values: values)
    var level = 0
    while level < fronts.count, fronts[level].contains(where: { $0.dominates(member) }) {
      level += 1
    }
    if let known = chosen, level <= known.level { chosen = nil }
    var moving = [member]
    while level < fronts.count, !moving.isEmpty {
      let displaced = fronts[level].filter { member in moving.contains { $0.dominates(member) } }
      if !displaced.isEmpty {
        fronts[level].removeAll { member in moving.contains { $0.dominates(member) } }
      }
      fronts[level] += moving
      moving = displaced
      level += 1
    }
    if !moving.isEmpty { fronts.append(moving) }
    trim()
  }

  private mutating func trim() {
    var count = 0
    for level in fronts.indices {
      if count > TPERanking.limit {
        fronts.removeLast(fronts.count - level)
        return
      }
      count += fronts[level].count
    }
  }

  /// The best `wanted` trials: whole fronts, then those of the next that together dominate most.
  ///
  /// With more than four objectives, those that stand most apart.
  mutating func best(_ wanted: Int) -> [Int32] {
    if let chosen, chosen.wanted == wanted { return chosen.trials }
    var trials: [Int32] = []
    var level = 0
    while level < fronts.count, trials.count + fronts[level].count <= wanted {
      trials += fronts[level].map(\.trial)
      level += 1
    }
    if level < fronts.count, trials.count < wanted {
      trials += Self.choose(wanted - trials.count, from: fronts[level])
    }
    chosen = (wanted, level, trials)
    return trials
  }

  private static func choose(_ wanted: Int, from front: [Member]) -> [Int32] {
    guard let first = front.first, first.values.count <= 4 else {
      return leastCrowded(front, wanted)
    }
    // The order in a front depends on how it came about.
    let members = front.sorted { $0.trial < $1.trial }
    return HypervolumeSubset.choose(wanted, from: members.map(\.values)).map { members[$0].trial }
  }

  /// The members with the largest crowding distances (K. Deb et al., "A fast and elitist
  /// multiobjective genetic algorithm: NSGA-II", IEEE Trans. Evol. Comp. 6, 2002); ties by number.
  private static func leastCrowded(_ front: [Member], _ wanted: Int) -> [Int32] {
    guard wanted > 0, let first = front.first else { return [] }
    var distances = [Double](repeating: 0, count: front.count)
    for objective in first.values.indices {
      let order = front.indices.sorted {
        let (a, b) = (front[$0].values[objective], front[$1].values[objective])
        return a < b || (a == b && front[$0].trial < front[$1].trial)
      }
      let values = order.map { front[$0].values[objective] / 4 }
      let range = values[values.count - 1] - values[0]
      for place in order.indices {
        let isEnd = place == 0 || place == order.count - 1
        let share = isEnd ? .infinity : (values[place + 1] - values[place - 1]) / range
        // Equal or infinite values have no distance to speak of.
        distances[order[place]] += share.isNaN ? 0 : share
      }
    }
    return front.indices.sorted {
      distances[$0] > distances[$1]
        || (distances[$0] == distances[$1] && front[$0].trial < front[$1].trial)
    }
    .prefix(wanted).map { front[$0].trial }
  }
}
