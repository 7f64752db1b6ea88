import AttuneCore
import Testing

@testable import AttuneStrategies

@Suite("Conditions that trials show")
struct DiscoveredConditionsTests {
  /// kind: a, b, c; x under a; layers 1...4 under b; units under b with 2 layers or more; z always.
  private static func space() throws -> Space {
    let unit = Distribution.float(try FloatDistribution(low: 0, high: 1, name: "x"))
    return try Space([
      Parameter(
        "kind",
        .categorical(
          try CategoricalDistribution(
            choices: [.string("a"), .string("b"), .string("c")], name: "kind"))),
      Parameter("x", unit),
      Parameter("layers", .int(try IntDistribution(low: 1, high: 4, name: "layers"))),
      Parameter("units", unit),
      Parameter("z", unit),
    ])
  }

  /// The conditional space after COMPLETE trials with these slots; `nil` where nothing was asked for.
  private static func learned(
    _ trials: [[UInt64?]], state: TrialState = .complete
  ) throws -> Space {
    let space = try space()
    var log = HistoryLog(valueCount: 1, width: space.count)
    var conditions = DiscoveredConditions(space)
    for slots in trials {
      var active = ActiveSet()
      for index in slots.indices where slots[index] != nil { active[index] = true }
      let number = log.claim(.strategy, at: 0)
      log.fill(number, Point(slots: slots.map { $0 ?? 0 }, active: active))
      log.finish(number, state, values: [1], at: 0)
      _ = conditions.follow(log.snapshot)
    }
    return try conditions.conditionalSpace()
  }

  private static func condition(_ space: Space, _ name: String) throws -> Condition? {
    space.parameters[try space.index(of: name)].conditions.first
  }

  private static let half = (0.5).bitPattern

  @Test("branches, and branches of branches, become conditions; what nobody tried stays open")
  func branches() throws {
    let half = Self.half
    let space = try Self.learned([
      [0, half, nil, nil, half], [1, nil, 1, nil, half], [1, nil, 4, half, half],
    ])
    #expect(
      try Self.condition(space, "x")
        == Condition(parent: "kind", .choices([.string("a"), .string("c")])))
    #expect(
      try Self.condition(space, "layers")
        == Condition(parent: "kind", .choices([.string("b"), .string("c")])))
    #expect(
      try Self.condition(space, "units")
        == Condition(parent: "layers", .choices([.int(3), .int(4)])))
    #expect(try Self.condition(space, "z") == nil)
  }

  @Test("a trial that contradicts a guess drops it")
  func contradiction() throws {
    let half = Self.half
    let first: [[UInt64?]] = [[0, half, nil, nil, half], [1, nil, 1, nil, half]]
    #expect(try Self.condition(Self.learned(first), "x") != nil)
    #expect(try Self.condition(Self.learned(first + [[1, half, 1, nil, half]]), "x") == nil)
  }

  @Test("trials that are not COMPLETE tell nothing")
  func unfinished() throws {
    let half = Self.half
    for state in [TrialState.fail, .pruned] {
      let space = try Self.learned(
        [[0, half, nil, nil, half], [1, nil, 1, nil, half]], state: state)
      #expect(!space.isConditional)
    }
  }
}
