import AttuneCore
import AttuneNumerics
import Glibc

/// Small finite spaces whose values are tables, as of published hyperparameter benchmarks.
enum TabularFamilies {
  static let all: [ProblemFamily] = [
    table("table-error-4", ordinals: [10, 8, 6, 10], choices: [], as: .error),
    table("table-error-5", ordinals: [10, 10, 3, 10, 10], choices: [], as: .error),
    table("table-loss-6", ordinals: [6, 4, 5, 6], choices: [3, 2], as: .loss),
    table("table-loss-9", ordinals: [3, 6, 6, 4, 3, 3], choices: [2, 2, 2], as: .loss),
    table("table-choices-5", ordinals: [8], choices: [5, 4, 6, 3], as: .error),
    cell, subset,
  ]

  static let small = all[1]

  private enum Answer { case error, loss }

  /// Smooth in every ordinal, with pairwise effects, moved by choices, and luck in every cell.
  private static func table(
    _ name: String, ordinals: [Int], choices: [Int], as answer: Answer
  ) -> ProblemFamily {
    ProblemFamily(name, .categorical) { random in
      var draft = SpaceDraft()
      for (index, count) in ordinals.enumerated() { try draft.int("k\(index)", 0, count - 1) }
      for (index, count) in choices.enumerated() { try draft.choice("c\(index)", count) }
      let effects = ChoiceEffects(&random, choices.isEmpty ? [1] : choices, scale: 0.7)
      let shifts = (choices.first.map { 0..<$0 } ?? 0..<1).map { _ in
        ordinals.map { _ in random.uniform(-0.2, 0.2) }
      }
      let centres = random.uniforms(ordinals.count, 0, 1)
      let weights = ordinals.map { _ in exp(random.uniform(log(0.1), log(5))) }
      let waves = ordinals.indices.map { _ in
        (random.uniform(-0.5, 0.5), random.uniform(0, 6), random.uniform(0, 6))
      }
      let floor = random.uniform(0.02, 0.3)
      let luck = random.uniform(0.005, 0.03)
      let failure = random.flip() ? random.uniform(0.75, 0.95) : 2
      return TableProblem.make(try draft.space(), &random) { levels, normal in
        let picked = levels[ordinals.count...].map { $0 }
        var sum = picked.isEmpty ? 0 : effects(picked)
        let units = ordinals.indices.map { Double(levels[$0]) / Double(ordinals[$0] - 1) }
        for index in units.indices {
          let gap = units[index] - centres[index] - shifts[picked.first ?? 0][index]
          sum += weights[index] * gap * gap
          let next = units[(index + 1) % units.count]
          let (height, phase, other) = waves[index]
          sum += height * sin(3 * units[index] + phase) * sin(3 * next + other)
        }
        switch answer {
        case .error:
          // One end of the first ordinal trains nothing.
          if units[0] > failure { return 1 - 0.1 * floor }
          return floor + (1 - floor) * (1 - exp(-max(0, 0.3 + sum))) + luck * normal
        case .loss:
          return floor * exp(1.5 * sum + 3 * luck * normal)
        }
      }
    }
  }

  /// Six edges with one of five operations each, as in a network cell that is searched for.
  private static let cell = ProblemFamily("cell-6", .categorical) { random in
    var draft = SpaceDraft()
    for edge in 0..<6 { try draft.choice("edge\(edge)", 5) }
    // An operation is much the same on every edge; operation 0 cuts the edge.
    let quality = [0] + random.uniforms(4, 0.2, 1)
    let importance = random.uniforms(6, 0.3, 1.2)
    let own = (0..<6).map { _ in random.uniforms(5, -0.15, 0.15) }
    let pairs = (0..<36).map { _ in random.uniforms(25, -0.12, 0.12) }
    let (floor, luck) = (random.uniform(0.05, 0.5), random.uniform(0.002, 0.01))
    return TableProblem.make(try draft.space(), &random) { levels, normal in
      // The paths from input to output: 0-3, 0-1-3, 0-2-3, 0-1-2-3.
      let paths = [[3], [0, 4], [1, 5], [0, 2, 5]]
      guard paths.contains(where: { $0.allSatisfy { levels[$0] != 0 } }) else { return 0.9 }
      var sum = 0.0
      for edge in 0..<6 {
        sum += importance[edge] * quality[levels[edge]] + own[edge][levels[edge]]
        for other in edge + 1..<6 {
          sum += pairs[edge * 6 + other][levels[edge] * 5 + levels[other]]
        }
      }
      return floor + (0.9 - floor) * exp(-max(0, sum)) + luck * normal
    }
  }

  /// Twelve switches with pairwise effects, as in choosing features.
  private static let subset = ProblemFamily("subset-12", .categorical) { random in
    var draft = SpaceDraft()
    for index in 0..<12 { try draft.choice("use\(index)", 2) }
    let own = random.normals(12)
    let pairs = random.normals(144).map { 0.4 * $0 }
    return TableProblem.make(try draft.space(), &random) { levels, _ in
      var sum = 0.0
      for index in 0..<12 where levels[index] == 1 {
        sum += own[index]
        for other in index + 1..<12 where levels[other] == 1 { sum += pairs[index * 12 + other] }
      }
      return sum
    }
  }
}

/// A finite space with every value worked out, so that the optimum is known.
enum TableProblem {
  /// `value` gets the levels of a cell and a normal draw that belongs to it.
  static func make(
    _ space: Space, _ random: inout InstanceRandom,
    _ value: (_ levels: [Int], _ normal: Double) -> Double
  ) -> BenchProblem {
    let counts = space.parameters.map { Int($0.distribution.levelCount ?? 1) }
    let lows = space.parameters.map { parameter in
      if case .int(let int) = parameter.distribution { Int(int.low) } else { 0 }
    }
    var table: [Double] = []
    table.reserveCapacity(counts.reduce(1, *))
    var levels = counts.map { _ in 0 }
    var isDone = false
    while !isDone {
      table.append(value(levels, random.normal()))
      isDone = true
      for index in levels.indices.reversed() {
        levels[index] += 1
        if levels[index] < counts[index] {
          isDone = false
          break
        }
        levels[index] = 0
      }
    }
    let values = table
    return BenchProblem(space, optimum: values.min()) { x in
      var cell = 0
      for index in counts.indices { cell = cell * counts[index] + Int(x[index]) - lows[index] }
      return values[cell]
    }
  }
}
