import AttuneCore
import AttuneStrategies
import Testing

/// That TPE stands whatever a study may meet, and comes to the same state however it got there.
struct TPEStrategyTests {
  private func check(_ point: Point, _ space: Space, _ comment: Comment) {
    let request = Request(seed: 1, number: 0, ordinal: 0)
    #expect(StrategyLaws.faults(of: point, request, in: space) == [], comment)
  }

  @Test("workers that ask before anything is told spread")
  func pending() throws {
    let space = try Space([LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1)])
    var study = try BareStudy(space, seed: 9)
    try study.run(30) { ($0[0] ?? 0) + ($0[1] ?? 0) }
    for _ in 0..<60 { try study.start() }
    let history = study.log.snapshot
    let places = (30..<90).map { study.numbers(history.point($0))[0] ?? 0 }
    #expect(Set(places.map { Int($0 * 20) }).count >= 10)
  }

  @Test(
    "a strategy led along and one made anew agree beyond the number of trials that is sampled",
    arguments: zip([LawSpace.mixed, .nested], [1, 2]))
  func replay(law: LawSpace, objectives: Int) throws {
    let space = try law.space()
    let directions = [Direction](repeating: .minimize, count: objectives)
    var study = try BareStudy(space, directions: directions)
    for number in 0..<1_500 {
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
      case 6:
        study.log.finish(
          ending, .complete, values: .init(repeating: 0, count: objectives), violation: value, at: 1
        )
      default:
        study.log.finish(
          ending, .complete, values: objectives == 1 ? [value] : [value, -value / 2], at: 1)
      }
      guard number % 499 == 0 || number % 700 < 4 else { continue }
      let point = try study.proposal()
      if number % 499 == 0 {
        var anew = try BareStudy(space, directions: directions)
        anew.log = study.log
        #expect(try anew.proposal() == point, "trial \(number)")
      }
    }
  }

  @Test("a point whose parameters changed while it ran counts as what it became")
  func changedPoint() throws {
    let space = try LawSpace.mixed.space()
    var study = try BareStudy(space, seed: 4)
    for number in 0..<60 {
      try study.start(study.drawn(number))
      _ = try study.proposal()
      study.log.finish(
        number, .complete, values: [Double(number % 9)], at: 1,
        point: number % 3 == 0 ? study.drawn(number + 1000) : nil)
      var anew = try BareStudy(space, seed: 4)
      anew.log = study.log
      #expect(try anew.proposal() == study.proposal())
    }
  }

  @Test("an earlier history gives what it gave then")
  func backwards() throws {
    let space = try LawSpace.nested.space()
    var study = try BareStudy(space, seed: 5)
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
      var study = try BareStudy(
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
    var study = try BareStudy(space, seed: 6)
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
    var (study, sobol) = (try BareStudy(space), try BareStudy(space, strategy: "sobol"))
    try study.run(12) { $0[1] ?? 0 }
    try sobol.run(12) { $0[1] ?? 0 }
    let (mine, theirs) = (study.log.snapshot, sobol.log.snapshot)
    #expect((0..<10).allSatisfy { mine.point($0) == theirs.point($0) })
    #expect((10..<12).contains { mine.point($0) != theirs.point($0) })
  }
}
