import AttuneCore
import Glibc

/// Choices and counts that bring parameters of their own.
enum ConditionalFamilies {
  static let all: [ProblemFamily] = [modelChoice, layers, optimizerChoice]

  private static func square(_ x: Double) -> Double { x * x }

  /// The sum of weighted squares of what is active, in unit coordinates.
  private struct Wells: Sendable {
    let units: UnitMap
    let centre: [Double]
    let weights: [Double]

    init(_ space: Space, _ random: inout InstanceRandom, _ low: Double, _ high: Double) {
      units = UnitMap(space)
      centre = units.attainable(&random)
      weights = centre.map { _ in exp(random.uniform(log(low), log(high))) }
    }

    func callAsFunction(_ x: [Double], _ index: Int) -> Double {
      guard !x[index].isNaN else { return 0 }
      let gap = units(x)[index] - centre[index]
      if case .categorical = units.space.parameters[index].distribution {
        return gap == 0 ? 0 : 0.2 * weights[index]
      }
      return weights[index] * gap * gap
    }
  }

  /// One of three models, each with parameters of its own, and two that all share.
  private static let modelChoice = ProblemFamily("model-choice-10", .conditional) { random in
    var draft = SpaceDraft()
    try draft.choice("model", 3)
    try draft.float("rate", 1e-4, 1, log: true, when: SpaceDraft.when("model", 0))
    try draft.int("depth", 1, 12, when: SpaceDraft.when("model", 0))
    try draft.float("C", 1e-3, 1e4, log: true, when: SpaceDraft.when("model", 1))
    try draft.float("gamma", 1e-5, 10, log: true, when: SpaceDraft.when("model", 1))
    try draft.choice("kernel", 2, when: SpaceDraft.when("model", 1))
    try draft.int("neighbours", 1, 50, log: true, when: SpaceDraft.when("model", 2))
    try draft.choice("weights", 3, when: SpaceDraft.when("model", 2))
    try draft.float("selected", 0, 1)
    try draft.float("noise", 0, 1)
    let space = try draft.space()
    let wells = Wells(space, &random, 0.5, 8)
    let effects = ChoiceEffects(&random, [3], scale: 0.5)
    return BenchProblem(space, optimum: 0) { x in
      var sum = effects([Int(x[0])])
      for index in 1..<space.count { sum += wells(x, index) }
      return sum
    }
  }

  /// One to four layers with a width and a dropout each; the rate suits their number.
  private static let layers = ProblemFamily("layers-10", .conditional) { random in
    var draft = SpaceDraft()
    try draft.int("layers", 1, 4)
    try draft.float("rate", 1e-5, 1e-1, log: true)
    for layer in 1...4 {
      let when =
        layer == 1
        ? [] : [Condition(parent: "layers", .range(low: Double(layer), high: 4))]
      try draft.int("width\(layer)", 8, 512, log: true, when: when)
      try draft.float("dropout\(layer)", 0, 0.7, when: when)
    }
    let space = try draft.space()
    let wells = Wells(space, &random, 0.3, 3)
    let (best, floor) = (random.int(1...4), random.uniform(0.05, 0.3))
    let (rate, slope) = (random.uniform(-3.5, -2.2), random.uniform(-0.3, 0.1))
    return BenchProblem(space, optimum: floor) { x in
      let off = x[0] - Double(best)
      var sum = 0.0
      for index in 2..<space.count { sum += wells(x, index) }
      return floor
        * exp(
          sum / x[0] + 0.12 * off * off
            + 0.5 * square(log10(x[1]) - rate - slope * (x[0] - Double(best))))
    }
  }

  /// An optimizer and a schedule with parameters of their own; a choice below a choice.
  private static let optimizerChoice = ProblemFamily("optimizer-choice-10", .conditional) {
    random in
    var draft = SpaceDraft()
    try draft.choice("optimizer", 3)
    try draft.float("rate", 1e-5, 1, log: true)
    try draft.float("momentum", 0, 0.99, when: SpaceDraft.when("optimizer", 0))
    try draft.float("beta", 0.8, 0.999, when: SpaceDraft.when("optimizer", 1, 2))
    try draft.float("decay", 1e-6, 1e-1, log: true)
    try draft.choice("schedule", 3)
    try draft.int("steps", 2, 10, when: SpaceDraft.when("schedule", 1))
    try draft.float("factor", 0.05, 0.9, log: true, when: SpaceDraft.when("schedule", 1))
    try draft.choice("warmup", 2, when: SpaceDraft.when("schedule", 2))
    try draft.float(
      "warmup-share", 0.01, 0.3, log: true, when: SpaceDraft.when("warmup", 1))
    let space = try draft.space()
    let wells = Wells(space, &random, 0.3, 4)
    let effects = ChoiceEffects(&random, [3, 3], scale: 0.4)
    let rates = random.uniforms(3, -3.5, -0.5)
    let (floor, width) = (random.uniform(0.05, 0.4), random.uniform(0.15, 0.6))
    return BenchProblem(space, optimum: floor) { x in
      let kind = Int(x[0])
      let rate = log10(x[1]) - rates[kind]
      if rate > 1.2 { return 5 }
      var sum = effects([kind, Int(x[5])]) + width * rate * rate
      for index in 2..<space.count where index != 5 { sum += wells(x, index) }
      return floor * exp(sum)
    }
  }
}
