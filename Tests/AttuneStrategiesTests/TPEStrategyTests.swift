import AttuneCore
import AttuneStrategies
import Testing

/// That TPE stands whatever a study may meet, and comes to the same state however it got there.
struct TPEStrategyTests {
  private func check(_ point: Point, _ space: Space, _ comment: Comment) {
    let request = Request(seed: 1, number: 0, ordinal: 0)
    #expect(StrategyLaws.faults(of: point, request, in: space) == [], comment)
  }

  /// Fills a study with `count` drawn trials that end as `end` says, then takes three proposals.
  private func proposals(
    _ space: Space, _ count: Int, directions: [Direction] = [.minimize],
    _ end: (Int) -> (TrialState, [Double])
  ) throws -> [Point] {
    var study = try TPEStudy(space, directions: directions)
    for number in 0..<count {
      try study.start(study.drawn(number))
      let (state, values) = end(number)
      study.log.finish(number, state, values: values, at: 1)
    }
    return try (0..<3).map { attempt in
      let point = try study.proposal(attempt: attempt)
      check(point, space, "attempt \(attempt)")
      return point
    }
  }

  @Test(
    "all failed, all equal, one finite among infinities and huge values give valid points",
    arguments: [LawSpace.mixed, .nested, .extremes, .oneFloat, .wide])
  func extremes(law: LawSpace) throws {
    let space = try law.space()
    let ends: [(Int) -> (TrialState, [Double])] = [
      { _ in (.fail, []) }, { _ in (.complete, [.nan]) }, { _ in (.complete, [.infinity]) },
      { _ in (.complete, [-.infinity]) }, { _ in (.complete, [2.5]) },
      { $0 == 7 ? (.complete, [1]) : (.complete, [$0 % 2 == 0 ? .infinity : -.infinity]) },
      { (.complete, [($0 % 2 == 0 ? 1e300 : -1e300) * Double($0)]) },
      { (.complete, [$0 % 3 == 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude]) },
      { (.complete, [1e-300 * Double($0)]) },
      { (.complete, [.leastNonzeroMagnitude * Double($0)]) },
      { $0 % 2 == 0 ? (.pruned, [Double($0)]) : (.pruned, [.nan]) },
      { $0 < 5 ? (.complete, [Double($0)]) : (.pruned, [0]) },
    ]
    for end in ends {
      let points = try proposals(space, law == .wide ? 15 : 40, end)
      #expect(Set(points).count >= 2)
    }
    for directions in [[Direction.minimize, .maximize], [.maximize, .maximize, .minimize]] {
      for value in [0, 1, 1e300, -.infinity, .infinity, .nan] {
        _ = try proposals(space, 15, directions: directions) { number in
          (.complete, directions.indices.map { number % 4 == $0 ? value : Double(number % 7) })
        }
      }
    }
  }

  @Test("10,000 running trials are no burden, and workers spread")
  func pending() throws {
    let space = try Space([LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1)])
    var study = try TPEStudy(space, seed: 9)
    try study.run(30) { ($0[0] ?? 0) + ($0[1] ?? 0) }
    for _ in 0..<300 { try study.start() }
    for number in 0..<9_700 { try study.start(study.drawn(number)) }
    let point = try study.proposal()
    check(point, space, "10,000 pending")
    var anew = try TPEStudy(space, seed: 9)
    anew.log = study.log
    #expect(try anew.proposal() == point)
    // Pending trials count as bad, so 300 asks without a tell are not all at one place.
    let history = study.log.snapshot
    let places = (30..<330).map { study.numbers(history.point($0))[0] ?? 0 }
    #expect(Set(places.map { Int($0 * 20) }).count >= 15)
    for number in stride(from: 30, to: 10_030, by: 7) {
      study.finish(number) { $0[0] ?? 0 }
    }
    anew.log = study.log
    #expect(try anew.proposal() == study.proposal())
  }

  @Test(
    "a strategy led along and one made anew agree beyond the number of trials that is sampled",
    arguments: [LawSpace.mixed, .nested], [1, 2])
  func replay(law: LawSpace, objectives: Int) throws {
    let space = try law.space()
    let directions = [Direction](repeating: .minimize, count: objectives)
    var study = try TPEStudy(space, directions: directions)
    for number in 0..<2_700 {
      try study.start(study.drawn(number))
      // Trials end in another order than they began, some never.
      guard number >= 8 else { continue }
      let ending = (number - 8) ^ 5
      guard ending % 10 != 9 else { continue }
      let value = Double((ending &* 7919) % 2003)
      switch ending % 13 {
      case 3: study.log.finish(ending, .fail, values: [], at: 1)
      case 4: study.log.finish(ending, .pruned, values: [value], at: 1)
      case 5: break
      default:
        study.log.finish(
          ending, .complete, values: objectives == 1 ? [value] : [value, -value / 2], at: 1)
      }
      guard number % 397 == 0 || number % 1_000 < 4 else { continue }
      let point = try study.proposal()
      if number % 397 == 0 {
        var anew = try TPEStudy(space, directions: directions)
        anew.log = study.log
        #expect(try anew.proposal() == point, "trial \(number)")
      }
    }
  }

  @Test("a point whose parameters changed while it ran counts as what it became")
  func changedPoint() throws {
    let space = try LawSpace.mixed.space()
    var study = try TPEStudy(space, seed: 4)
    for number in 0..<60 {
      try study.start(study.drawn(number))
      _ = try study.proposal()
      study.log.finish(
        number, .complete, values: [Double(number % 9)], at: 1,
        point: number % 3 == 0 ? study.drawn(number + 1000) : nil)
      var anew = try TPEStudy(space, seed: 4)
      anew.log = study.log
      #expect(try anew.proposal() == study.proposal())
    }
  }

  @Test("an earlier history gives what it gave then")
  func backwards() throws {
    let space = try LawSpace.nested.space()
    var study = try TPEStudy(space, seed: 5)
    try study.run(30) { $0[6] ?? 0 }
    let (early, number) = (study.log.snapshot, study.log.trialCount)
    let point = try study.proposal()
    try study.run(30) { $0[6] ?? 0 }
    let request = Request(seed: 5, number: number, ordinal: number)
    #expect(study.strategy.propose(request, given: early) == point)
  }

  @Test("a discrete space is visited whole before a point comes twice; noisy studies may repeat")
  func duplicates() throws {
    let space = try Space([
      LawSpace.int("i", 1, 6), LawSpace.choice("c", [.string("a"), .string("b"), .string("c")]),
      LawSpace.choice("f", [.bool(false), .bool(true)]),
    ])
    func distinct(_ options: [(key: String, value: Value)]) throws -> Int {
      var study = try TPEStudy(
        space, seed: 8, options: [("n_startup_trials", .int(0))] + options)
      var points: Set<Point> = []
      for _ in 0..<30 {
        let point = try study.proposal()
        points.insert(point)
        study.finish(try study.start(point)) { ($0[0] ?? 0) + ($0[1] ?? 0) }
      }
      return points.count
    }
    #expect(try distinct([]) == 30)
    #expect(try distinct([("noisy", .bool(true))]) < 30)
  }

  @Test("given values are kept, and the others chosen")
  func given() throws {
    let space = try LawSpace.nested.space()
    var study = try TPEStudy(space, seed: 6)
    try study.run(25) { $0[1] ?? 0 }
    var slots = [UInt64?](repeating: nil, count: space.count)
    (slots[1], slots[2]) = (0, 1)
    let point = try study.proposal(given: PartialPoint(slots: slots))
    #expect(point[1] == 0 && point[2] == 1)
    check(point, space, "given")
  }

  @Test("the first trials are the Sobol sequence")
  func startup() throws {
    let space = try LawSpace.mixed.space()
    var (study, sobol) = (try TPEStudy(space), try TPEStudy(space, strategy: "sobol"))
    try study.run(12) { $0[1] ?? 0 }
    try sobol.run(12) { $0[1] ?? 0 }
    let (mine, theirs) = (study.log.snapshot, sobol.log.snapshot)
    #expect((0..<10).allSatisfy { mine.point($0) == theirs.point($0) })
    #expect((10..<12).contains { mine.point($0) != theirs.point($0) })
  }
}
