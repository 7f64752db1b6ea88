import AttuneCore
import AttuneStrategies
import Testing

/// What every strategy promises, whatever its method: one joins by being in the catalog.
struct StrategyLawTests {
  /// Options under which the laws are tried besides the defaults.
  static let variants: [(name: String, options: [(key: String, value: Value)])] =
    StrategyCatalog.names.map { ($0, []) } + [
      ("grid", [("order", .string("shuffled")), ("points", .int(3))]),
      ("grid", [("order", .string("coarse_to_fine")), ("points", .int(5))]),
      ("grid", [("repeats", .int(3)), ("points", .int(1))]),
      ("sobol", [("scramble", .bool(false)), ("skip", .int(5))]),
      ("tpe", [("n_startup_trials", .int(0)), ("prior_weight", .float(0)), ("gamma", .float(1))]),
      ("tpe", [("noisy", .bool(true)), ("random_share", .float(0.5))]),
      ("cmaes", [("population_size", .int(2)), ("sigma0", .float(2))]),
      ("cmaes", [("population_size", .int(3)), ("noisy", .bool(true))]),
    ]

  /// How many trials a law is tried with: many parameters take their time in a debug build.
  static func trialCount(_ law: LawSpace) -> Int { law == .wide ? 14 : 30 }

  /// What a strategy may refuse: a grid has to be able to number its points.
  static func refuses(_ name: String, _ law: LawSpace) -> Bool { name == "grid" && !law.isSmall }

  @Test(
    "stopping and reopening a study at any moment changes nothing, and every point is valid",
    arguments: variants.indices, LawSpace.allCases)
  func replay(variant: Int, law: LawSpace) throws {
    let (name, options) = Self.variants[variant]
    let space = try law.space()
    guard !Self.refuses(name, law) else {
      let error = #expect(throws: AttuneError.self) {
        try StrategyCatalog.make(
          named: name, space: space, directions: [.minimize], options: options)
      }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("wanted at most") == true)
      return
    }
    let make = {
      try StrategyCatalog.make(
        named: name, space: space, directions: [.minimize], options: options)
    }
    let count = Self.trialCount(law)
    let first = try StrategyLaws.replay(space, seed: 7, count: count, make: make)
    #expect(first.violations == [])
    #expect(!first.points.isEmpty)
    let second = try StrategyLaws.replay(space, seed: 7, count: count, make: make)
    #expect(second.points == first.points)
  }

  @Test("another seed gives other points", arguments: ["random", "sobol", "tpe", "cmaes"])
  func seeds(name: String) throws {
    let space = try LawSpace.mixed.space()
    let make = { try StrategyCatalog.make(named: name, space: space, directions: [.minimize]) }
    let first = try StrategyLaws.replay(space, seed: 7, count: 30, make: make).points
    let second = try StrategyLaws.replay(space, seed: 8, count: 30, make: make).points
    #expect(first.count == 30)
    #expect(zip(first, second).allSatisfy { $0 != $1 })
  }

  @Test("a strategy serves many objectives and both directions", arguments: StrategyCatalog.names)
  func directions(name: String) throws {
    let space = try LawSpace.nested.space()
    let servesSeveral = try StrategyCatalog.description(named: name).supportsSeveralObjectives
    let several: [[Direction]] = servesSeveral ? [[.minimize, .maximize, .minimize]] : []
    for directions in [[Direction.maximize]] + several {
      let result = try StrategyLaws.replay(
        space, seed: 3, count: 20, valueCount: directions.count
      ) {
        try StrategyCatalog.make(named: name, space: space, directions: directions)
      }
      #expect(result.violations == [])
    }
  }

  @Test("a strategy with a hidden counter is found out")
  func cheat() throws {
    struct Counting: Strategy {
      static let description = StrategyDescription(
        name: "counting", summary: "breaks the law", supportsSeveralObjectives: true,
        supportsConditions: true, supportsDefineByRun: true)
      let space: Space
      var count: UInt64 = 0

      init(space: Space, directions: [Direction], options: Options) { self.space = space }

      mutating func propose(_ request: Request, given history: History) -> Point? {
        count += 1
        return space.point { space.parameters[$0].distribution.slot(atRandom: count << 60) }
      }
    }
    let space = try LawSpace.oneFloat.space()
    let result = try StrategyLaws.replay(space, seed: 7, count: 10) {
      Counting(space: space, directions: [.minimize], options: .none)
    }
    #expect(result.violations.contains { $0.contains("made anew") })
    #expect(result.violations.contains { $0.contains("asked again") })
  }

  @Test("a point outside the space, or without a given value, is found out")
  func faults() throws {
    let space = try LawSpace.nested.space()
    let plain = Request(seed: 1, number: 0, ordinal: 0)
    let all = Point(slots: [UInt64](repeating: 0, count: space.count), active: ActiveSet())
    #expect(StrategyLaws.faults(of: all, plain, in: space) != [])
    let good = space.point { space.parameters[$0].distribution.slot(atUnit: 0.9) }
    #expect(StrategyLaws.faults(of: good, plain, in: space) == [])
    var slots = [UInt64?](repeating: nil, count: space.count)
    slots[6] = 0
    let given = Request(seed: 1, number: 0, ordinal: 0, given: PartialPoint(slots: slots))
    #expect(StrategyLaws.faults(of: good, given, in: space).count == 1)
  }
}
