public import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  /// The parents and the changes of `NSGA2Strategy`.
  static let crossing: UInt32 = 0x4556_4F02
}

/// Evolves the best trials of several objectives: fronts, and room within them.
///
/// For: two or more objectives at hundreds to thousands of trials, any space, any number of workers.
/// NSGA-II (`FrontPopulation`) in its steady-state form, which needs no generations: each finished
/// trial joins the population at once, and one of the last front leaves it: with two objectives the most
/// crowded, with three the one that adds least volume, which finds more there; from four on one of the
/// fullest niche of a lattice of directions (NSGA-III, `ReferenceDirections`).
///
/// The population is small at first, so that good trials soon are parents, and grows with the trials.
/// After a Sobol design, two parents win binary tournaments: by front, then by room. Their child mixes
/// them with probability `crossover_prob` (simulated binary crossover of numbers, either parent's
/// choice), and each of its genes changes with probability `mutation_prob` (`Genes`). A child that was
/// evaluated or is running changes one more gene, up to ten times.
///
/// Pending trials are no parents. Trials that break constraints stand behind all others, by how far;
/// pruned ones between; failed ones, and those with +∞ or NaN, are never members. One objective is
/// served too, as a plain genetic algorithm.
///
/// Options: `population_size` = 4 to 10,000 (a tenth of the trials so far, 20 to 100; with directions
/// 50); `n_startup_trials` = 2 or more (10, or the population if that is smaller); `crossover_prob` =
/// 0 to 1 (0.9); `mutation_prob` = 0 to 1 (one by the number of parameters); `survival` = auto,
/// crowding, hypervolume (S-metric selection: M. Emmerich, N. Beume, B. Naujoks, EMO 2005), directions.
///
/// An ask and a tell together take 60 µs with two objectives and 1,000 trials, 250 µs with three.
public struct NSGA2Strategy: Strategy {
  public static let description = StrategyDescription(
    name: "nsga2",
    summary: "genetic search for fronts of several objectives, by directions from four on",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true,
    options: [
      OptionDescription(
        "population_size", .int(low: 4, high: 10_000), default: .null,
        "how many of the best trials may be parents; without, a tenth of all, 20 to 100"),
      OptionDescription(
        "n_startup_trials", .int(low: 2, high: 1 << 20), default: .null,
        "values before the first child; without, 10 or the population if that is smaller"),
      OptionDescription(
        "crossover_prob", .float(low: 0, high: 1), default: .float(0.9),
        "how often a child mixes two parents"),
      OptionDescription(
        "mutation_prob", .float(low: 0, high: 1), default: .null,
        "how often each parameter of a child changes; without, one by their number"),
      OptionDescription(
        "survival", .choice(["auto", "crowding", "hypervolume", "directions"]),
        default: .string("auto"),
        "who of the last front leaves: auto: crowding for 2 objectives, hypervolume for 3, else directions"
      ),
    ])

  private let genes: Genes
  private let directions: [Direction]
  private let populationSize: Int?
  private let startupCount: Int
  private let crossoverRate: Double
  private let mutationRate: Double?
  private var design: SobolStrategy
  private let emptyPopulation: FrontPopulation
  private var population: FrontPopulation
  private var seen = SeenPoints()
  /// How many trials have joined the population, those that left it again among them.
  private var valueCount = 0
  /// How many events are read.
  private var eventCount = 0

  private static let retryLimit = 10

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    genes = Genes(space)
    self.directions = directions
    populationSize = options.int("population_size")
    let size = populationSize ?? 50
    startupCount = options.int("n_startup_trials") ?? min(size, 10)
    crossoverRate = options.float("crossover_prob") ?? 0.9
    mutationRate = options.float("mutation_prob")
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    emptyPopulation = FrontPopulation(
      width: directions.count, limit: size,
      survival: Self.survival(options.string("survival"), directions.count, size))
    population = emptyPopulation
  }

  private static func survival(
    _ name: String?, _ width: Int, _ size: Int
  ) -> FrontPopulation.Survival {
    switch name {
    case "crowding": .crowding
    case "hypervolume": .hypervolume
    case "directions": .directions(ReferenceDirections(width: width, limit: size))
    default:
      switch width {
      case ...2: .crowding
      case 3: .hypervolume
      default: .directions(ReferenceDirections(width: width, limit: size))
      }
    }
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    read(history)
    guard valueCount >= startupCount else {
      return design.propose(request, given: history)
    }
    var stream = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.crossing, salt: UInt64(request.attempt))
    let mother = winner(&stream)
    var father = winner(&stream)
    for _ in 0..<4 where father == mother { father = winner(&stream) }
    let first = history.point(population.trials[mother])
    let crosses = stream.nextUnit() < crossoverRate
    let rate = mutationRate ?? 1 / Double(max(genes.free(first, request).count, 1))
    let second = history.point(population.trials[father])
    var child = genes.child(
      of: first, and: second, crosses: crosses, mutationRate: rate, request, &stream)
    for _ in 0..<Genes.allowedLimit where !genes.space.allows(child) {
      child = genes.child(
        of: first, and: second, crosses: crosses, mutationRate: rate, request, &stream)
    }
    for _ in 0..<Self.retryLimit where seen.contains(child) {
      let next = genes.mutated(child, request, &stream)
      if genes.space.allows(next) { child = next }
    }
    return child
  }

  /// The better of two members, by front, then by room.
  private func winner(_ stream: inout RandomStream) -> Int {
    let a = Int(stream.nextBelow(UInt64(population.count)))
    let b = Int(stream.nextBelow(UInt64(population.count)))
    if population.ranks[a] != population.ranks[b] {
      return population.ranks[a] < population.ranks[b] ? a : b
    }
    return population.room[b] > population.room[a] ? b : a
  }

  private mutating func read(_ history: History) {
    if history.eventCount < eventCount {
      // An earlier moment than the last: what is known since must be forgotten.
      population = emptyPopulation
      seen = SeenPoints()
      (eventCount, valueCount) = (0, 0)
    }
    while eventCount < history.eventCount {
      let event = history.event(eventCount)
      seen.follow(event, in: history)
      if case .finished(let trial) = event { finish(trial, history) }
      eventCount += 1
    }
  }

  private mutating func finish(_ trial: Int, _ history: History) {
    let state = history.state(trial)
    let violation = history.violation(trial)
    let values = directions.enumerated().map { objective, direction in
      let value = history.value(trial, objective: objective)
      return direction == .minimize ? value : -value
    }
    guard state == .complete || state == .pruned, violation < .infinity,
      values.allSatisfy({ $0 < .infinity })
    else { return }
    let tier = violation > 0 ? 2 : state == .pruned ? 1 : 0
    valueCount += 1
    if populationSize == nil, !population.hasDirections {
      population.limit = min(max(valueCount / 10, 20), 100)
    }
    population.add(trial, values, FrontPopulation.Class(tier: tier, violation: violation))
  }
}
