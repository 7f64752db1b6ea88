import AttuneNumerics

/// Trials with several values in fronts: nothing in a front is better in every way than its mates.
///
/// A trial goes into the first front in which none dominates it, and pushes those that it dominates
/// one front down, and these others (K. Li, K. Deb, Q. Zhang, "Efficient non-domination level
/// update method", IEEE Trans. Cybernetics 47, 2017). Fronts behind the wanted best are forgotten;
/// should better fronts ever shrink below that, trials that came from behind are missed. An add
/// costs the sizes of the fronts it passes.
struct TPEFronts: Sendable {
  /// Trials, and their values one after another.
  private struct Front: Sendable {
    var trials: [Int32] = []
    var values: [Double] = []

    mutating func append(_ trial: Int32, _ point: ArraySlice<Double>) {
      trials.append(trial)
      values.append(contentsOf: point)
    }

    mutating func append(_ other: Front) {
      trials += other.trials
      values += other.values
    }

    func point(_ index: Int, _ width: Int) -> ArraySlice<Double> {
      values[(index * width)..<((index + 1) * width)]
    }

    private mutating func move(_ index: Int, to target: Int, _ width: Int) {
      trials[target] = trials[index]
      for offset in 0..<width { values[target * width + offset] = values[index * width + offset] }
    }

    /// Whether a member dominates the first of `other`.
    func dominates(_ other: Front, _ width: Int) -> Bool {
      for index in trials.indices
      where Dominance.dominates(values, at: index * width, other.values, width: width) {
        return true
      }
      return false
    }

    /// Takes out the members that one of `others` dominates.
    mutating func removeDominated(by others: Front, _ width: Int) -> Front {
      var removed = Front()
      var kept = 0
      for index in trials.indices {
        var isDominated = false
        for other in others.trials.indices where !isDominated {
          isDominated = Dominance.dominates(
            others.values, at: other * width, values, from: index * width, width: width)
        }
        if isDominated {
          removed.append(trials[index], point(index, width))
        } else {
          if kept < index { move(index, to: kept, width) }
          kept += 1
        }
      }
      trials.removeLast(trials.count - kept)
      values.removeLast(values.count - kept * width)
      return removed
    }
  }

  private let width: Int
  private var fronts: [Front] = []

  /// For so many objectives.
  init(width: Int) {
    self.width = width
  }

  /// Adds a trial; `values` has one number for each objective.
  mutating func add(_ trial: Int, _ values: [Double]) {
    var moving = Front(trials: [Int32(trial)], values: values)
    var level = 0
    while level < fronts.count, fronts[level].dominates(moving, width) { level += 1 }
    while level < fronts.count, !moving.trials.isEmpty {
      let displaced = fronts[level].removeDominated(by: moving, width)
      fronts[level].append(moving)
      moving = displaced
      level += 1
    }
    if !moving.trials.isEmpty { fronts.append(moving) }
    trim()
  }

  private mutating func trim() {
    var count = 0
    for level in fronts.indices {
      if count > TPERanking.limit {
        fronts.removeLast(fronts.count - level)
        return
      }
      count += fronts[level].trials.count
    }
  }

  /// The best `wanted` trials: whole fronts, then those of the next that together dominate most.
  ///
  /// With more than four objectives, those that stand most apart.
  func best(_ wanted: Int) -> [Int32] {
    var best: [Int32] = []
    for front in fronts {
      guard best.count < wanted else { break }
      let rest = wanted - best.count
      best += front.trials.count <= rest ? front.trials : choose(rest, from: front)
    }
    return best
  }

  private func choose(_ wanted: Int, from front: Front) -> [Int32] {
    // The order in a front depends on how it came about.
    let order = front.trials.indices.sorted { front.trials[$0] < front.trials[$1] }
    let values = order.flatMap { front.point($0, width) }
    let chosen =
      width <= 4
      ? HypervolumeSubset.choose(wanted, from: values, width: width)
      : Self.leastCrowded(wanted, values, width)
    return chosen.map { front.trials[order[$0]] }
  }

  /// The points with the largest crowding distances; ties to the first.
  private static func leastCrowded(_ wanted: Int, _ values: [Double], _ width: Int) -> [Int] {
    let distances = CrowdingDistance.distances(of: values, width: width)
    let order = distances.indices.sorted {
      distances[$0] > distances[$1] || (distances[$0] == distances[$1] && $0 < $1)
    }
    return Array(order.prefix(wanted))
  }
}
