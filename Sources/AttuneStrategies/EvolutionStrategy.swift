public import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  /// The tournament and the changes of `EvolutionStrategy`.
  static let evolution: UInt32 = 0x4556_4F01
}

/// Evolves the newest trials: the best of a sample has a child that differs in one gene.
///
/// For: architectures, and other spaces of choices, conditions and a few numbers, at hundreds to
/// thousands of trials and any number of workers. Regularized (aging) evolution (E. Real, A. Aggarwal,
/// Y. Huang, Q. Le, "Regularized evolution for image classifier architecture search", AAAI 2019):
/// the population is what finished last, so that every trial dies of age, however good it was.
///
/// After a Sobol design, of `sample_size` members drawn without replacement the best one is the parent. Its
/// child changes one gene, one that others depend on twice as likely: a choice to any other; an ordered
/// level to a neighbour (0.7) or any other; a number by a normal step of `mutation_scale`, or a third
/// or a ninth of it, thrown back at its bounds. Where a change makes a parameter active, half the time
/// the newest member that has it gives its value, else it is drawn. A child that was evaluated or is
/// running changes once more, up to ten times (unless `noisy`, which repeats a parent 1 in 20).
///
/// Workers need not wait: a trial joins the population when it finishes, and pending ones are no
/// parents. Pruned trials count as the median or worse, trials that break constraints as worse than all
/// others by how far, failed ones are never members. One objective.
///
/// Options: `population_size` = 2 or more (an eighth of the trials so far, 16 to 100); `sample_size` =
/// 1 or more (a quarter of the population); `n_startup_trials` = 1 or more (the population, at first
/// 16); `mutation_scale` = above 0 to 1 (0.15); `noisy` (false).
///
/// An ask and a tell together take 3 µs with ten parameters.
public struct EvolutionStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "evolution",
    summary: "aging evolution: the best of the newest trials, changed; for architectures",
    supportsSeveralObjectives: false, supportsConditions: true, supportsDefineByRun: true,
    options: [
      OptionDescription(
        "population_size", .int(low: 2, high: 1 << 20), default: .null,
        "how many of the newest trials may be parents; without, an eighth of all, 16 to 100"),
      OptionDescription(
        "sample_size", .int(low: 1, high: 1 << 20), default: .null,
        "how many are drawn, of which the best is the parent; without, a quarter of them"),
      OptionDescription(
        "n_startup_trials", .int(low: 1, high: 1 << 20), default: .null,
        "values before the first child; without, population_size or 16"),
      OptionDescription(
        "mutation_scale", .float(low: 1e-6, high: 1), default: .float(0.15),
        "the largest deviation of a change of a number, as a share of its range"),
      OptionDescription(
        "noisy", .bool, default: .bool(false),
        "values differ when repeated: a parent is evaluated again now and then"),
    ])

  private let genes: Genes
  private let direction: Direction
  private let populationSize: Int?
  private let sampleSize: Int?
  private let startupCount: Int
  private let scale: Double
  private let isNoisy: Bool
  private var design: SobolStrategy
  private var observations: Observations
  /// How many events are read.
  private var eventCount = 0

  private static let retryLimit = 10

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    genes = Genes(space)
    direction = directions.first ?? .minimize
    populationSize = options.int("population_size")
    sampleSize = options.int("sample_size")
    startupCount = options.int("n_startup_trials") ?? populationSize ?? 16
    scale = options.float("mutation_scale") ?? 0.15
    isNoisy = options.bool("noisy") ?? false
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    observations = Observations(model: ModelSpace(space), directions: [direction])
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    read(history)
    guard observations.count >= startupCount else {
      return design.propose(request, given: history)
    }
    var stream = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.evolution, salt: UInt64(request.attempt))
    let parent = history.point(observations.trials[selectParent(&stream)])
    if isNoisy, stream.nextUnit() < 0.05 { return genes.point(request) { parent[$0] ?? 0 } }
    var child = mutated(parent, request, history, &stream)
    for _ in 0..<Genes.allowedLimit where !genes.space.allows(child) {
      child = mutated(parent, request, history, &stream)
    }
    for _ in 0..<Self.retryLimit where !isNoisy && observations.hasSeen(child) {
      let next = mutated(child, request, history, &stream)
      if genes.space.allows(next) { child = next }
    }
    return child
  }

  private mutating func read(_ history: History) {
    if history.eventCount < eventCount {
      // An earlier moment than the last: what is known since must be forgotten.
      observations = Observations(model: observations.model, directions: [direction])
      eventCount = 0
    }
    while eventCount < history.eventCount {
      observations.follow(history.event(eventCount), in: history)
      eventCount += 1
    }
  }

  /// The members: indexes of observations, oldest first.
  private var population: Range<Int> {
    let count = observations.count
    let size = populationSize ?? min(max(count / 8, 16), 100)
    return max(count - size, 0)..<count
  }

  /// The best of a sample without replacement.
  private func selectParent(_ stream: inout RandomStream) -> Int {
    let population = population
    let wanted = min(sampleSize ?? max(population.count / 4, 2), population.count)
    var members = Array(population)
    var best = -1
    for place in 0..<wanted {
      members.swapAt(place, place + Int(stream.nextBelow(UInt64(members.count - place))))
      if best < 0 || observations.isBetter(members[place], than: best) { best = members[place] }
    }
    return best
  }

  /// `parent` with one gene changed, and what this makes active.
  private func mutated(
    _ parent: Point, _ request: Request, _ history: History, _ stream: inout RandomStream
  ) -> Point {
    let free = genes.free(parent, request)
    let total = free.reduce(0) { $0 + weight($1) }
    var rest = free.isEmpty ? 0 : Int(stream.nextBelow(UInt64(total)))
    let changed =
      free.first { gene in
        defer { rest -= weight(gene) }
        return rest < weight(gene)
      } ?? -1
    return genes.point(request) { index in
      guard let slot = parent[index] else { return revived(index, history, &stream) }
      guard index == changed else { return slot }
      return genes.changed(index, slot, &stream) { unit, stream in
        let deviation = [scale, scale / 3, scale / 9][Int(stream.nextBelow(3))]
        return Genes.reflected(unit, deviation: deviation, &stream)
      }
    }
  }

  private func weight(_ gene: Int) -> Int { genes.isStructural[gene] ? 2 : 1 }

  /// The value of a parameter that the parent lacks.
  private func revived(
    _ index: Int, _ history: History, _ stream: inout RandomStream
  ) -> UInt64 {
    let fresh = genes.drawn(index, &stream)
    guard stream.next() & 1 == 0 else { return fresh }
    for member in population.reversed() {
      if let slot = history.slot(observations.trials[member], index) { return slot }
    }
    return fresh
  }
}
