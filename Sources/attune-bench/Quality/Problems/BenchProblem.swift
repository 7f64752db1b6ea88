import AttuneCore

/// One instance of a test problem, to be minimised.
struct BenchProblem: Sendable {
  let space: Space
  /// The least value there is; `nil` where it must be searched for.
  let optimum: Double?
  /// The standard deviation of the noise in what the strategy is told, as a share of what random
  /// search still lacks after 25 trials; 0 for none.
  let noiseShare: Double
  /// The noiseless value of a point, given as `numbers(of:)` gives it.
  let value: @Sendable ([Double]) -> Double

  init(
    _ space: Space, optimum: Double? = nil, noiseShare: Double = 0,
    value: @escaping @Sendable ([Double]) -> Double
  ) {
    self.space = space
    self.optimum = optimum
    self.noiseShare = noiseShare
    self.value = value
  }

  /// A number per parameter: floats and ints as they are, choices by index, NaN where inactive.
  func numbers(of point: Point) -> [Double] {
    (0..<space.count).map { index in
      point[index].map { space.parameters[index].distribution.number(ofSlot: $0) } ?? .nan
    }
  }

  func value(at point: Point) -> Double { value(numbers(of: point)) }

  func with(noiseShare: Double) -> BenchProblem {
    BenchProblem(space, optimum: optimum, noiseShare: noiseShare, value: value)
  }
}

/// The kinds of problems that tables are split by.
enum ProblemGroup: String, CaseIterable, Sendable {
  /// Floats only, up to 6 dimensions.
  case low
  case d10
  case d20
  /// Logarithmic floats and ints, and grids of ints.
  case scaled
  case mixed
  case categorical
  /// Imitates what training a model answers.
  case hpo
  case conditional
  case noisy
}

/// A recipe that makes a problem of any instance seed.
struct ProblemFamily: Sendable {
  let name: String
  let group: ProblemGroup
  let recipe: @Sendable (inout InstanceRandom) throws -> BenchProblem

  init(
    _ name: String, _ group: ProblemGroup,
    _ recipe: @escaping @Sendable (inout InstanceRandom) throws -> BenchProblem
  ) {
    self.name = name
    self.group = group
    self.recipe = recipe
  }

  func instance(seed: Int) throws -> BenchProblem {
    var random = InstanceRandom(name: name, seed: seed)
    return try recipe(&random)
  }

  /// The same recipe with noise, of a strength that is part of the instance.
  func noisy(_ low: Double, _ high: Double) -> ProblemFamily {
    let recipe = recipe
    return ProblemFamily("noisy-" + name, .noisy) { random in
      let share = random.uniform(low, high)
      return try recipe(&random).with(noiseShare: share)
    }
  }
}
