import AttuneCore
import Glibc

/// Logarithmic floats and ints, and grids of ints.
enum ScaledFamilies {
  static let all: [ProblemFamily] = [
    rateValley, intGrid(3), intGrid(8), logEllipsoid(3), logEllipsoid(6), logInts, manyScales(10),
  ]

  /// A valley in a learning rate with divergence beyond a critical rate that the batch size moves.
  static let rateValley = ProblemFamily("rate-valley-4", .scaled) { random in
    var draft = SpaceDraft()
    try draft.float("rate", 1e-6, 1, log: true)
    try draft.float("decay", 1e-8, 1e-1, log: true)
    try draft.float("epsilon", 1e-10, 1e-3, log: true)
    try draft.int("batch", 8, 1024, log: true)
    let bestBatch = log10(Double(random.int(12...600)))
    let critical = random.uniform(-3, -1)
    let (margin, bestDecay) = (random.uniform(0.3, 1.2), random.uniform(-6, -2.5))
    let (slope, bestEpsilon) = (random.uniform(-0.6, 0.6), random.uniform(-9, -4))
    let weights = [0.3, 0.12, 0.02, 0.15].map { $0 * random.uniform(0.5, 2) }
    let plateau = random.uniform(2, 6)
    return BenchProblem(try draft.space(), optimum: 0) { x in
      let (rate, batch) = (log10(x[0]), log10(x[3]))
      let cliff = critical + 0.5 * (batch - bestBatch)
      let off = rate - (cliff - margin)
      // Where rates are best the decay is best at `bestDecay`.
      let decay = log10(x[1]) - bestDecay + slope * (rate - (critical - margin))
      let epsilon = log10(x[2]) - bestEpsilon
      let first = rate < cliff ? weights[0] * off * off : plateau + 0.1 * (rate - cliff)
      return first + weights[1] * decay * decay + weights[2] * epsilon * epsilon
        + weights[3] * (batch - bestBatch) * (batch - bestBatch)
    }
  }

  /// A turned bowl on whole numbers.
  private static func intGrid(_ count: Int) -> ProblemFamily {
    ProblemFamily("int-grid-\(count)", .scaled) { random in
      var draft = SpaceDraft()
      for index in 0..<count { try draft.int("k\(index)", 0, random.int(5...60)) }
      return bowl(try draft.space(), &random, condition: 30, power: 1)
    }
  }

  private static func logEllipsoid(_ count: Int) -> ProblemFamily {
    ProblemFamily("log-ellipsoid-\(count)", .scaled) { random in
      var draft = SpaceDraft()
      for index in 0..<count {
        let low = random.uniform(-8, -2)
        let width = random.uniform(2, 7)
        try draft.float("x\(index)", pow(10, low), pow(10, low + width), log: true)
      }
      return bowl(try draft.space(), &random, condition: 1000, power: 0.5)
    }
  }

  private static let logInts = ProblemFamily("log-ints-4", .scaled) { random in
    var draft = SpaceDraft()
    for index in 0..<4 { try draft.int("k\(index)", 1, 1 << random.int(4...12), log: true) }
    return bowl(try draft.space(), &random, condition: 10, power: 1)
  }

  private static func manyScales(_ count: Int) -> ProblemFamily {
    ProblemFamily("many-scales-\(count)", .scaled) { random in
      var draft = SpaceDraft()
      for index in 0..<count {
        switch index % 4 {
        case 0: try draft.float("x\(index)", -1, random.uniform(0, 4))
        case 1: try draft.float("x\(index)", 1e-5, random.uniform(0.01, 10), log: true)
        case 2: try draft.int("x\(index)", 1, random.int(6...40))
        default: try draft.int("x\(index)", 2, random.int(100...2000), log: true)
        }
      }
      return bowl(try draft.space(), &random, condition: 100, power: 0.5)
    }
  }

  /// A turned ellipsoid in unit coordinates around an attainable place, to some power.
  private static func bowl(
    _ space: Space, _ random: inout InstanceRandom, condition: Double, power: Double
  ) -> BenchProblem {
    let units = UnitMap(space)
    let centre = units.attainable(&random)
    let rotation = random.rotation(space.count)
    let offset = random.uniform(-2, 2)
    return BenchProblem(space, optimum: offset) { x in
      let z = rotation(zip(units(x), centre).map { $0 - $1 })
      var sum = 0.0
      for index in z.indices {
        sum += pow(condition, NumericFunction.place(index, z.count)) * z[index] * z[index]
      }
      return offset + pow(sum, power)
    }
  }
}
