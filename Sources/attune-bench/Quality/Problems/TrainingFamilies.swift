import AttuneCore
import AttuneNumerics
import Glibc

/// Imitates what training a model answers: an error that no setting removes, failure on one side,
/// effects that multiply, luck that belongs to the setting, and accuracies of small test sets.
enum TrainingFamilies {
  static let all: [ProblemFamily] = [
    svm("svm-2"), counted(svm("svm-accuracy-2")), svr, network("network-6"),
    counted(network("network-accuracy-6")), forest, boosting("boosting-8"),
    counted(boosting("boosting-accuracy-8")), tuning(6), tuning(10), tuning(15),
  ]

  static let small = [boosting("boosting-8"), tuning(6)]

  /// The error as a count of wrong answers of a small test set: many ties.
  private static func counted(_ family: ProblemFamily) -> ProblemFamily {
    ProblemFamily(family.name, .hpo) { random in
      let tests = Double(random.int(60...400))
      let problem = try family.recipe(&random)
      return BenchProblem(
        problem.space, optimum: problem.optimum.map { ($0 * tests).rounded() / tests }
      ) { x in (min(1, problem.value(x)) * tests).rounded() / tests }
    }
  }

  /// How unlucky a setting is: at least 1.
  private struct Luck: Sendable {
    let salt: UInt64
    let spread: Double

    init(_ random: inout InstanceRandom) {
      salt = random.bits()
      spread = random.uniform(0, 0.03)
    }

    func callAsFunction(_ x: [Double]) -> Double {
      var key = salt
      for number in x { key = splitMix64(key ^ number.bitPattern) }
      return 1 + spread * Double(key >> 11) * 0x1p-53
    }
  }

  private static func square(_ x: Double) -> Double { x * x }
  private static func above(_ x: Double, _ limit: Double) -> Double { square(max(0, x - limit)) }

  /// A wedge: the kernel must not be too narrow, nor the penalty too weak for its width.
  private static func svm(_ name: String) -> ProblemFamily {
    ProblemFamily(name, .hpo) { random in
      var draft = SpaceDraft()
      try draft.float("C", 1e-2, 1e4, log: true)
      try draft.float("gamma", 1e-6, 1, log: true)
      let (narrow, weak) = (random.uniform(-3.5, -1), random.uniform(-2.5, -1))
      let (floor, base) = (random.uniform(0.01, 0.2), random.uniform(0.5, 0.9))
      let steep = random.uniforms(2, 0.5, 3)
      let luck = Luck(&random)
      return BenchProblem(try draft.space(), optimum: floor) { x in
        let (penalty, gamma) = (log10(x[0]), log10(x[1]))
        let badness =
          steep[0] * above(gamma, narrow) + steep[1] * above(weak, penalty + gamma)
          + 0.02 * square(gamma - narrow + 0.5) + 0.02 * square(penalty + gamma - weak - 1)
        return min(base, (base - (base - floor) * exp(-badness)) * luck(x))
      }
    }
  }

  /// Four parameters with a choice of kernel; wide tubes predict a constant, narrow kernels explode.
  private static let svr = ProblemFamily("svr-4", .hpo) { random in
    var draft = SpaceDraft()
    try draft.float("C", 1e-2, 1e4, log: true)
    try draft.float("gamma", 1e-5, 10, log: true)
    try draft.float("epsilon", 1e-3, 1e2, log: true)
    try draft.choice("kernel", 3)
    let effects = ChoiceEffects(&random, [3], scale: 0.4)
    let narrow = random.uniforms(3, -3, 0)
    let weak = random.uniforms(3, -2, 0)
    let (tube, floor) = (random.uniform(-0.5, 1.5), random.uniform(0.2, 0.6))
    let luck = Luck(&random)
    return BenchProblem(try draft.space(), optimum: floor) { x in
      let (gamma, width, kernel) = (log10(x[1]), log10(x[2]), Int(x[3]))
      let sum = log10(x[0]) + gamma
      if width > tube + 0.4 { return 1 }
      let value =
        floor * (1 + effects([kernel]))
        * exp(
          0.3 * above(weak[kernel], sum) + 2 * above(gamma, narrow[kernel])
            + 0.05 * square(sum - weak[kernel] - 0.5) + 0.3 * above(width, tube - 0.5))
      return min(10, value * luck(x))
    }
  }

  /// A learning rate that diverges beyond what batch size and activation allow.
  private static func network(_ name: String) -> ProblemFamily {
    ProblemFamily(name, .hpo) { random in
      var draft = SpaceDraft()
      try draft.int("width", 4, 128, log: true)
      try draft.float("alpha", 1e-6, 10, log: true)
      try draft.float("rate", 1e-4, 1e-1, log: true)
      try draft.int("batch", 16, 256, log: true)
      try draft.float("beta", 0.5, 0.99)
      try draft.choice("activation", 3)
      let effects = ChoiceEffects(&random, [3], scale: 0.3)
      let critical = random.uniforms(3, -2.8, -1.7)
      let (margin, floor) = (random.uniform(0.2, 0.8), random.uniform(0.05, 0.4))
      let width = log2(Double(random.int(8...100)))
      let (alpha, beta) = (random.uniform(-3, 0), random.uniform(0.6, 0.95))
      let weights = [0.25, 0.5, 0.04, 0.3].map { $0 * random.uniform(0.4, 2) }
      let luck = Luck(&random)
      return BenchProblem(try draft.space(), optimum: floor) { x in
        let kind = Int(x[5])
        let limit = critical[kind] + 0.5 * (log10(x[3]) - 1.8)
        let rate = log10(x[2])
        if rate > limit { return 10 }
        return floor * (1 + effects([kind])) * (1 + weights[0] * square(rate - limit + margin))
          * (1 + weights[1] * above(log10(x[1]), alpha))
          * (1 + weights[2] * square(log2(x[0]) - width))
          * (1 + weights[3] * square(x[4] - beta)) * luck(x)
      }
    }
  }

  /// Mostly monotone: the best values of some parameters are at their bounds.
  private static let forest = ProblemFamily("forest-6", .hpo) { random in
    var draft = SpaceDraft()
    try draft.int("trees", 3, 100, log: true)
    try draft.int("depth", 1, 12)
    try draft.float("features", 0.05, 1)
    try draft.int("split", 2, 32, log: true)
    try draft.float("impurity", 1e-6, 1e-1, log: true)
    try draft.choice("criterion", 2)
    let effects = ChoiceEffects(&random, [2], scale: 0.05)
    let (floor, features) = (random.uniform(0.02, 0.3), random.uniform(0.1, 0.7))
    let (depth, impurity) = (random.uniform(1, 4), random.uniform(-4, -2))
    let weights = [3, 4, 0.5, 0.02, 1].map { $0 * random.uniform(0.4, 2) }
    let luck = Luck(&random)
    return BenchProblem(try draft.space(), optimum: floor) { x in
      let sum =
        weights[0] * (pow(x[0], -0.7) - pow(100, -0.7))
        + weights[1] * (exp(-x[1] / depth) - exp(-12 / depth))
        + weights[2] * square(log(x[2] / features)) + weights[3] * log(x[3] / 2)
        + weights[4] * above(log10(x[4]), impurity) + effects([Int(x[5])])
      return floor * (1 + sum) * luck(x)
    }
  }

  /// Rounds times rate must be right; the rest is second to that.
  private static func boosting(_ name: String) -> ProblemFamily {
    ProblemFamily(name, .hpo) { random in
      var draft = SpaceDraft()
      try draft.int("rounds", 10, 1000, log: true)
      try draft.float("rate", 1e-3, 1, log: true)
      try draft.int("depth", 1, 12)
      try draft.float("subsample", 0.3, 1)
      try draft.float("columns", 0.3, 1)
      try draft.float("lambda", 1e-4, 100, log: true)
      try draft.int("child", 1, 64, log: true)
      try draft.float("gamma", 0, 5)
      let (work, floor) = (random.uniform(0.3, 1.7), random.uniform(0.03, 0.3))
      let (depth, lambda) = (random.int(2...10), random.uniform(-2, 1))
      let best = random.uniforms(3, 0.4, 1)
      let weights = [0.5, 0.03, 0.4, 0.3, 0.1, 0.15, 0.1].map { $0 * random.uniform(0.3, 2) }
      let luck = Luck(&random)
      return BenchProblem(try draft.space(), optimum: floor) { x in
        let off = log10(x[0] * x[1]) - work
        // Deep trees need less work, and more regularisation.
        let deep = x[2] - Double(depth)
        let sum =
          weights[0] * off * off * (off < 0 ? 3 : 1) + weights[1] * square(deep + 0.7 * off)
          + weights[2] * square(x[3] - best[0]) + weights[3] * square(x[4] - best[1])
          + weights[4] * square(log10(x[5]) - lambda) + weights[5] * above(log2(x[6]), 4 * best[2])
          + weights[6] * max(0, x[7] - 4 * best[2])
        return floor * exp(sum) * luck(x)
      }
    }
  }

  /// Parameters of random kinds, of which few matter: each weighs half of the one before.
  private static func tuning(_ count: Int) -> ProblemFamily {
    ProblemFamily("tuning-\(count)", .hpo) { random in
      var draft = SpaceDraft()
      for index in 0..<count {
        switch random.below(6) {
        case 0, 1: try draft.float("p\(index)", 1e-5, random.uniform(0.1, 10), log: true)
        case 2, 3: try draft.float("p\(index)", 0, 1)
        case 4: try draft.int("p\(index)", 1, random.int(5...200), log: random.flip())
        default: try draft.choice("p\(index)", random.int(2...4))
        }
      }
      let space = try draft.space()
      let units = UnitMap(space)
      let centre = units.attainable(&random, 0, 1)
      let weights = random.shuffled((0..<count).map { 4 * pow(0.5, Double($0)) })
      let offsets = (0..<count).map { _ in random.uniforms(4, 0.1, 0.6) }
      let isOneSided = (0..<count).map { _ in random.below(4) == 0 }
      let (floor, tilt) = (random.uniform(0.05, 0.5), random.uniforms(count, -0.5, 0.5))
      let luck = Luck(&random)
      return BenchProblem(space, optimum: floor) { x in
        let unit = units(x)
        var (sum, carried) = (0.0, 0.0)
        for index in unit.indices {
          let gap = unit[index] - centre[index]
          if case .categorical = space.parameters[index].distribution {
            sum += gap == 0 ? 0 : weights[index] * offsets[index][Int(x[index])]
            continue
          }
          // The best place of one parameter follows the one before.
          let moved = gap + tilt[index] * carried
          sum += weights[index] * (isOneSided[index] ? above(moved, 0) : moved * moved)
          carried = gap
        }
        return floor * exp(sum) * luck(x)
      }
    }
  }
}
