import AttuneCore
import AttuneStrategies
import Testing

/// A study without an engine: one trial after another, and histories made up.
struct BareStudy {
  let space: Space
  let directions: [Direction]
  var strategy: any Strategy
  var log: HistoryLog
  let seed: UInt64
  private(set) var best = Double.infinity

  init(
    _ space: Space, seed: UInt64 = 1, strategy name: String = "tpe",
    directions: [Direction] = [.minimize], options: [(key: String, value: Value)] = []
  ) throws {
    self.space = space
    self.directions = directions
    self.seed = seed
    strategy = try StrategyCatalog.make(
      named: name, space: space, directions: directions, options: options)
    log = HistoryLog(valueCount: directions.count, width: space.count)
  }

  /// The next proposal, which no trial is claimed for.
  mutating func proposal(attempt: Int = 0, given: PartialPoint? = nil) throws -> Point {
    let request = Request(
      seed: seed, number: log.trialCount, ordinal: log.trialCount, attempt: attempt, given: given)
    let point = strategy.propose(request, given: log.snapshot)
    return try #require(point)
  }

  /// Claims a trial and fills in a point: the strategy's unless one is given. It runs from here on.
  @discardableResult
  mutating func start(_ point: Point? = nil) throws -> Int {
    let chosen = try point ?? proposal()
    let number = log.claim(.strategy, at: 0)
    log.fill(number, chosen)
    return number
  }

  /// Evaluates a trial to its end; `objective` sees the numbers of the parameters, `nil` =
  /// inactive.
  mutating func finish(_ number: Int, _ objective: ([Double?]) -> Double) {
    let value = objective(numbers(log.snapshot.point(number)))
    best = min(best, directions[0] == .minimize ? value : -value)
    log.finish(number, .complete, values: [value], at: 1)
  }

  func numbers(_ point: Point) -> [Double?] {
    space.parameters.indices.map { index in
      point[index].map { space.parameters[index].distribution.number(ofSlot: $0) }
    }
  }

  mutating func run(_ count: Int, _ objective: ([Double?]) -> Double) throws {
    for _ in 0..<count { finish(try start(), objective) }
  }

  /// A point that depends on `number` alone.
  func drawn(_ number: Int) -> Point {
    space.point { index in
      IndependentSampler.slot(of: space.parameters[index], seed: 77, trial: number)
    }
  }
}
