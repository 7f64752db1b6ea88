import AttuneCore
import Glibc

/// Floats, ints and choices; a choice moves the best place of the numbers and adds an offset.
enum MixedFamilies {
  static let all: [ProblemFamily] = [
    mixed("mixed-5", floats: 1, logs: 1, ints: 1, choices: [4, 3]),
    mixed("mixed-7", floats: 2, logs: 2, ints: 2, choices: [3]),
    mixed("mixed-many-choices-5", floats: 2, logs: 0, ints: 0, choices: [6, 4, 3]),
    mixed("mixed-rugged-6", floats: 2, logs: 2, ints: 1, choices: [3], waves: 0.15),
    mixed("mixed-12", floats: 4, logs: 3, ints: 2, choices: [2, 3, 5]),
    mixed("mixed-20", floats: 8, logs: 4, ints: 5, choices: [2, 3, 4]),
  ]

  static let small = all[0]

  private static func mixed(
    _ name: String, floats: Int, logs: Int, ints: Int, choices: [Int], waves: Double = 0
  ) -> ProblemFamily {
    ProblemFamily(name, .mixed) { random in
      var draft = SpaceDraft()
      for (index, count) in choices.enumerated() { try draft.choice("c\(index)", count) }
      for index in 0..<floats { try draft.float("x\(index)", -5, 5) }
      for index in 0..<logs {
        try draft.float("l\(index)", 1e-5, random.uniform(0.1, 100), log: true)
      }
      for index in 0..<ints {
        try draft.int("k\(index)", 1, random.int(8...64), log: random.below(3) == 0)
      }
      let space = try draft.space()
      let choice = ChoiceEffects(&random, choices)
      let units = UnitMap(space)
      let numbers = choices.count..<space.count
      // A centre for each level of the first choice; the others push it a little.
      let centres = (0..<choices[0]).map { _ in units.attainable(&random) }
      let pushes = choices.map { count in
        (0..<count).map { _ in numbers.map { _ in random.uniform(-0.12, 0.12) } }
      }
      let weights = numbers.map { _ in exp(random.uniform(log(0.5), log(6))) }
      let bend = random.uniform(1.5, 2)
      return BenchProblem(space, optimum: 0) { x in
        let unit = units(x)
        let levels = choices.indices.map { Int(x[$0]) }
        var sum = choice(levels)
        for (place, index) in numbers.enumerated() {
          var gap = unit[index] - centres[levels[0]][index]
          for other in choices.indices.dropFirst() where levels[other] != choice.best[other] {
            gap += pushes[other][levels[other]][place]
          }
          sum += weights[place] * pow(gap.magnitude, bend)
          if waves > 0 { sum += waves * (1 - cos(12 * .pi * gap)) }
        }
        return sum
      }
    }
  }
}

/// What a combination of choices costs: 0 for the best one, more for every other.
struct ChoiceEffects: Sendable {
  let best: [Int]
  private let offsets: [[Double]]
  /// What pairs of neighbouring choices cost beyond their own offsets.
  private let pairs: [[[Double]]]

  init(_ random: inout InstanceRandom, _ counts: [Int], scale: Double = 1) {
    let best = counts.map { random.below($0) }
    self.best = best
    offsets = counts.indices.map { index in
      (0..<counts[index]).map { level in
        level == best[index] ? 0 : scale * random.uniform(0.05, 1)
      }
    }
    pairs = counts.indices.dropLast().map { index in
      (0..<counts[index]).map { first in
        (0..<counts[index + 1]).map { second in
          first == best[index] && second == best[index + 1]
            ? 0 : scale * max(0, random.uniform(-0.4, 0.5))
        }
      }
    }
  }

  func callAsFunction(_ levels: [Int]) -> Double {
    var sum = 0.0
    for index in levels.indices {
      sum += offsets[index][levels[index]]
      if index + 1 < levels.count { sum += pairs[index][levels[index]][levels[index + 1]] }
    }
    return sum
  }
}
