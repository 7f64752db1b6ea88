import AttuneCore

/// Searches for the least value of a problem by brute force: many random points, then the best of
/// them improved by random steps of shrinking size.
struct OptimumSearch {
  /// How many points are drawn.
  var draws = 20_000
  /// How many of the best are improved, and how many steps each.
  var starts = 12
  var steps = 2500

  private let problem: BenchProblem
  private var random: InstanceRandom

  init(_ problem: BenchProblem, seed: Int) {
    self.problem = problem
    random = InstanceRandom(name: "optimum search", seed: seed)
  }

  mutating func run() -> Double {
    let space = problem.space
    var found: [(value: Double, point: Point)] = []
    for _ in 0..<draws {
      let point = space.point { index in
        space.parameters[index].distribution.slot(atRandom: random.bits())
      }
      found.append((problem.value(at: point), point))
    }
    found.sort { $0.value < $1.value }
    return found.prefix(starts).map { improve($0.point, $0.value) }.min() ?? .infinity
  }

  /// An evolution strategy of one parent and one child; steps grow with success (the 1/5 rule).
  private mutating func improve(_ start: Point, _ startValue: Double) -> Double {
    let parameters = problem.space.parameters
    var (point, value, step) = (start, startValue, 0.1)
    for _ in 0..<steps {
      let only = random.flip() ? random.below(parameters.count) : nil
      let child = problem.space.point { index in
        let distribution = parameters[index].distribution
        guard let slot = point[index] else {
          return distribution.slot(atRandom: random.bits())
        }
        if let only, only != index { return slot }
        if case .categorical = distribution {
          return random.unit() < 0.2 ? distribution.slot(atRandom: random.bits()) : slot
        }
        return distribution.slot(atUnit: distribution.unit(ofSlot: slot) + step * random.normal())
      }
      let childValue = problem.value(at: child)
      step = max(1e-12, min(0.5, step * (childValue < value ? 1.5 : 0.92)))
      if childValue <= value { (point, value) = (child, childValue) }
    }
    return value
  }
}
