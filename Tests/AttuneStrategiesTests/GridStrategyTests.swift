import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

struct GridStrategyTests {
  static let orders = GridOrder.allCases.map(\.rawValue)

  private func grid(
    _ space: Space, _ order: String = "ordered", points: Int64 = 3, repeats: Int64 = 1
  ) throws -> GridStrategy {
    let options: [(key: String, value: Value)] = [
      ("order", .string(order)), ("points", .int(points)), ("repeats", .int(repeats)),
    ]
    return try GridStrategy(
      space: space, directions: [.minimize],
      options: Options(options, known: GridStrategy.description.options, owner: "strategy grid"))
  }

  /// All points, by trying every combination and leaving out what conditions close and constraints forbid.
  private func bruteForce(_ space: Space, points: Int) throws -> Set<Point> {
    let slots = try space.parameters.map { parameter in
      let levels = try GridLevels(parameter, points: points)
      return (0..<levels.count).map { levels.slot(at: $0) }
    }
    var found: Set<Point> = []
    var digits = [Int](repeating: 0, count: space.count)
    while true {
      let point = space.point { slots[$0][digits[$0]] }
      if space.allows(point) { found.insert(point) }
      var place = space.count - 1
      while place >= 0, digits[place] + 1 == slots[place].count {
        digits[place] = 0
        place -= 1
      }
      guard place >= 0 else { return found }
      digits[place] += 1
    }
  }

  /// What a study without failures and enqueued trials gets, to the end.
  private func visited(_ strategy: GridStrategy, _ space: Space, seed: UInt64 = 1) -> [Point] {
    var strategy = strategy
    var log = HistoryLog(valueCount: 1, width: space.count)
    var points: [Point] = []
    while let point = strategy.propose(
      Request(seed: seed, number: points.count, ordinal: points.count), given: log.snapshot)
    {
      let number = log.claim(.strategy, at: 0)
      log.fill(number, point)
      log.finish(number, .complete, values: [1], at: 1)
      points.append(point)
    }
    return points
  }

  @Test(
    "every point is visited exactly once, in every order", arguments: orders,
    LawSpace.allCases.filter(\.isSmall))
  func exhaustion(order: String, law: LawSpace) throws {
    let space = try law.space()
    let strategy = try grid(space, order)
    let wanted = try bruteForce(space, points: 3)
    let points = visited(strategy, space)
    #expect(points.count == wanted.count)
    #expect(Set(points) == wanted)
    #expect(strategy.pointCount == UInt64(wanted.count))
    for (index, point) in points.enumerated() {
      #expect(strategy.index(of: point, seed: 1) == UInt64(index))
      #expect(strategy.point(at: UInt64(index), seed: 1) == point)
    }
    #expect(strategy.point(at: UInt64(points.count), seed: 1) == nil)
  }

  @Test("whatever conditions a space has, counts and places are exact", arguments: 0..<150)
  func randomSpaces(seed: Int) throws {
    let space = try randomSpace(seed)
    let wanted = try bruteForce(space, points: 3)
    for order in Self.orders {
      let strategy = try grid(space, order)
      let count = try #require(strategy.pointCount)
      #expect(count == UInt64(wanted.count))
      var found: Set<Point> = []
      for index in 0..<count {
        let point = try #require(strategy.point(at: index, seed: 9))
        #expect(strategy.index(of: point, seed: 9) == index)
        found.insert(point)
      }
      #expect(found == wanted)
    }
  }

  @Test("whatever constraints a space has, counts and places are exact", arguments: 0..<150)
  func randomConstraints(seed: Int) throws {
    let free = try randomSpace(seed)
    var stream = RandomStream(seed: UInt64(seed), trial: 1, stream: 0)
    var constraints: [SpaceConstraint] = []
    for _ in 0..<(1 + stream.nextBelow(3)) {
      let members = free.parameters.filter { _ in stream.nextBelow(2) == 0 }
      let numeric = members.filter { $0.distribution.kindName != "categorical" }
      if stream.nextBelow(2) == 0, !numeric.isEmpty {
        let terms = numeric.map {
          SpaceConstraint.Term($0.name, factor: [1, -1, 0.5, 0.3][Int(stream.nextBelow(4))])
        }
        let bound = Double(stream.nextBelow(5)) - 1
        let isBand = stream.nextBelow(3) == 0
        constraints.append(
          .linear(terms, atLeast: isBand ? bound - 1 : nil, atMost: bound))
      } else if !members.isEmpty {
        constraints.append(
          .forbidden(members.map { .init($0.name, .choices([.int(1)])) }))
      }
    }
    let space: Space
    do throws(AttuneError) {
      space = try Space(free.parameters, constraints: constraints)
    } catch {
      // Drawn so that no point is left: then a brute force finds none either.
      #expect(error.code == .invalidArgument)
      return
    }
    let wanted = try bruteForce(space, points: 3)
    for order in Self.orders {
      guard !wanted.isEmpty else {
        let error = #expect(throws: AttuneError.self) { try grid(space, order) }
        #expect(error?.message.contains("allow none of its points") == true)
        continue
      }
      let strategy = try grid(space, order)
      let count = try #require(strategy.pointCount)
      #expect(count == UInt64(wanted.count))
      var found: Set<Point> = []
      for index in 0..<count {
        let point = try #require(strategy.point(at: index, seed: 9))
        #expect(strategy.index(of: point, seed: 9) == index)
        found.insert(point)
      }
      #expect(found == wanted)
      for point in try bruteForce(free, points: 3).subtracting(wanted).prefix(50) {
        #expect(strategy.index(of: point, seed: 9) == nil)
      }
    }
  }

  @Test("sums over large ranges are counted without visiting them")
  func largeConstraints() throws {
    // Of n x n points with x + y <= n - 1 there are n (n + 1) / 2.
    let n: Int64 = 20_000
    let space = try Space(
      [
        LawSpace.int("x", 0, n - 1), LawSpace.int("y", 0, n - 1), LawSpace.int("z", 0, 999_999),
        LawSpace.int("w", 1, 1 << 40),
      ],
      constraints: [
        .linear(
          [.init("x", factor: 1), .init("y", factor: 1)], atLeast: nil, atMost: Double(n - 1)),
        .linear([.init("w", factor: 1)], atLeast: nil, atMost: 8),
        .forbidden([.init("z", .range(low: 10, high: .infinity))]),
      ])
    let strategy = try grid(space)
    let count = UInt64(n) * UInt64(n + 1) / 2 * 10 * 8
    #expect(strategy.pointCount == count)
    for index in [0, count / 3, count - 1] {
      let point = try #require(strategy.point(at: index, seed: 1))
      #expect(space.allows(point))
      #expect(strategy.index(of: point, seed: 1) == index)
    }
  }

  /// Six parameters of every kind with up to two parents each.
  private func randomSpace(_ seed: Int) throws -> Space {
    var stream = RandomStream(seed: UInt64(seed), trial: 0, stream: 0)
    var parameters: [Parameter] = []
    for index in 0..<6 {
      var conditions: [Condition] = []
      for _ in 0..<stream.nextBelow(3) where index > 0 {
        let parent = parameters[Int(stream.nextBelow(UInt64(index)))]
        let low = Double(stream.nextBelow(3))
        switch parent.distribution {
        case .categorical, .fixed:
          conditions.append(Condition(parent: parent.name, .choices([.int(Int64(low))])))
        case .int, .float:
          let range = Condition.Test.range(low: low, high: low + Double(stream.nextBelow(3)))
          let some = Condition.Test.choices([.int(0), .float(low)])
          conditions.append(Condition(parent: parent.name, stream.nextBelow(2) == 0 ? range : some))
        }
      }
      let name = "p\(index)"
      let parameter =
        switch stream.nextBelow(5) {
        case 0: try LawSpace.choice(name, [.int(0), .int(1), .int(2)], when: conditions)
        case 1: try LawSpace.int(name, 0, 3, when: conditions)
        case 2: try LawSpace.float(name, 0, 2, step: 0.5, when: conditions)
        case 3: try LawSpace.float(name, 0, 2, when: conditions)
        default: Parameter(name, .fixed(.int(1)), when: conditions)
        }
      parameters.append(parameter)
    }
    // Children may be declared before their parents.
    return try Space(seed % 2 == 0 ? parameters : parameters.reversed())
  }

  @Test("the last-declared parameter turns fastest, and a conditional one with its parent")
  func ordered() throws {
    let space = try Space([
      LawSpace.int("a", 0, 1),
      LawSpace.int("b", 5, 6, when: [.init(parent: "a", .choices([.int(1)]))]),
      LawSpace.choice("c", [.string("x"), .string("y")]),
    ])
    let texts = visited(try grid(space), space).map { point in
      space.parameters.indices.map { space.value($0, in: point)?.text ?? "-" }.joined()
    }
    #expect(texts == ["0-x", "0-y", "15x", "15y", "16x", "16y"])
  }

  @Test("continuous floats take evenly spaced values with both ends; one point is the middle")
  func spacing() throws {
    func values(_ parameter: Parameter, points: Int) throws -> [Double] {
      let levels = try GridLevels(parameter, points: points)
      return (0..<levels.count).map { Double(bitPattern: levels.slot(at: $0)) }
    }
    #expect(try values(LawSpace.float("x", -1, 1), points: 5) == [-1, -0.5, 0, 0.5, 1])
    #expect(try values(LawSpace.float("x", -1, 2), points: 1) == [0.5])
    let log = try values(LawSpace.float("x", 1e-4, 10, log: true), points: 6)
    for (value, wanted) in zip(log, [1e-4, 1e-3, 1e-2, 1e-1, 1, 10]) {
      #expect((value / wanted - 1).magnitude < 1e-12)
    }
    #expect(log.first == 1e-4)
    #expect(log.last == 10)
    #expect(try values(LawSpace.float("x", 1, 1.0.nextUp), points: 10) == [1, 1.0.nextUp])
    #expect(try values(LawSpace.float("x", 0, 0.3, step: 0.1), points: 2).count == 4)
  }

  @Test("coarse to fine begins in the middle and completes each coarser grid first")
  func coarseToFine() throws {
    let space = try Space([LawSpace.int("a", 0, 8), LawSpace.int("b", 0, 8)])
    let points = visited(try grid(space, "coarse_to_fine"), space)
    #expect(points[0].slots == [4, 4])
    let coarse: [UInt64] = [0, 4, 8]
    #expect(Set(points[..<9]) == Set(points.filter { $0.slots.allSatisfy(coarse.contains) }))
    #expect(Set(points[..<25]) == Set(points.filter { $0.slots.allSatisfy { $0 % 2 == 0 } }))
    let choices = try Space([
      LawSpace.choice("c", [.string("x"), .string("y"), .string("z")]), LawSpace.int("a", 0, 8),
    ])
    let first = visited(try grid(choices, "coarse_to_fine"), choices)[..<3]
    #expect(Set(first.map { $0.slots[0] }) == [0, 1, 2])
    #expect(first.allSatisfy { $0.slots[1] == 4 })
  }

  @Test("shuffled depends on the seed, ordered does not")
  func seeds() throws {
    let space = try LawSpace.mixed.space()
    let shuffled = try grid(space, "shuffled")
    let ordered = try grid(space)
    let one = (0..<50).map { shuffled.point(at: $0, seed: 1) }
    #expect(one != (0..<50).map { shuffled.point(at: $0, seed: 2) })
    #expect(one != (0..<50).map { ordered.point(at: $0, seed: 1) })
    #expect(ordered.point(at: 7, seed: 1) == ordered.point(at: 7, seed: 2))
  }

  @Test("a grid of 10^15 points starts at once, and places and points invert", arguments: orders)
  func huge(order: String) throws {
    let space = try Space((0..<15).map { try LawSpace.int("p\($0)", 0, 9) })
    let strategy = try grid(space, order)
    #expect(strategy.pointCount == 1_000_000_000_000_000)
    var stream = RandomStream(seed: 1, trial: 0, stream: 0)
    for _ in 0..<2_000 {
      let index = stream.nextBelow(1_000_000_000_000_000)
      let point = try #require(strategy.point(at: index, seed: 3))
      #expect(strategy.index(of: point, seed: 3) == index)
    }
  }

  @Test("grids up to 2^64 - 1 points are numbered, larger ones refused by name", arguments: orders)
  func largest(order: String) throws {
    // 2^64 - 1 = (2^32 - 1) · (2^32 + 1)
    let space = try Space([
      LawSpace.int("a", 0, 4_294_967_294), LawSpace.int("b", 0, 4_294_967_296),
    ])
    let strategy = try grid(space, order)
    #expect(strategy.pointCount == .max)
    for index in [0, 1, 1 << 63, UInt64.max - 2, UInt64.max - 1] {
      let point = try #require(strategy.point(at: index, seed: 3))
      #expect(strategy.index(of: point, seed: 3) == index)
    }
    let larger = try Space([
      LawSpace.int("a", 0, 4_294_967_295), LawSpace.int("b", 0, 4_294_967_295),
    ])
    let error = #expect(throws: AttuneError.self) { try grid(larger, order) }
    #expect(error?.message.contains("a 4294967296, b 4294967296") == true)
    let repeated = #expect(throws: AttuneError.self) { try grid(space, order, repeats: 2) }
    #expect(repeated?.message.contains("option \"repeats\" is 2, wanted at most 1") == true)
    let whole = try Space([LawSpace.int("a", .min, .max)])
    let wide = #expect(throws: AttuneError.self) { try grid(whole, order) }
    #expect(wide?.message.contains("\"a\" has 18446744073709551616 values") == true)
    let most = try Space([LawSpace.int("a", .min, .max - 1)])
    #expect(try grid(most, order).pointCount == .max)
  }

  @Test("steps finer than a double are merged, or refused where there are too many")
  func fineSteps() throws {
    let few = try LawSpace.float("x", 1e16, 1e16 + 8, step: 0.5)
    let levels = try GridLevels(few, points: 3)
    #expect(levels.count == 5)
    #expect((0..<5).allSatisfy { levels.level(of: levels.slot(at: $0)) == $0 })
    let many = try LawSpace.float("x", 1e16, 1e16 + 2e6, step: 0.5)
    let error = #expect(throws: AttuneError.self) { try GridLevels(many, points: 3) }
    #expect(error?.message.contains("\"x\" has step 0.5, wanted at least 4.0") == true)
  }

  @Test("a thousand parameters on one parent, in pairs or in a long chain are counted exactly")
  func manyConditions() throws {
    let chain = try Space(
      (0..<60).map { index in
        try LawSpace.int(
          "p\(index)", 0, 1,
          when: index == 0 ? [] : [.init(parent: "p\(index - 1)", .choices([.int(0)]))])
      })
    #expect(try grid(chain).pointCount == 61)
    let star = try Space(
      [LawSpace.int("root", 0, 1_000_000)]
        + (0..<1_000).map { index in
          try LawSpace.int(
            "p\(index)", 0, 1, when: [.init(parent: "root", .choices([.int(index)]))])
        })
    #expect(try grid(star).pointCount == 1_001_001)
    let pairs = try Space(
      (0..<500).flatMap { index in
        [
          try LawSpace.choice("a\(index)", [.int(0)]),
          try LawSpace.int(
            "b\(index)", 0, 0,
            when: index == 0 ? [] : [.init(parent: "a\(index - 1)", .choices([.int(0)]))]),
        ]
      })
    #expect(try grid(pairs).pointCount == 1)
  }

  @Test("conditions that interlock in too many ways are refused, not counted for ever")
  func interlocked() throws {
    let parents = try (0..<40).map { try LawSpace.int("a\($0)", 0, 1) }
    let children = try (0..<40).flatMap { index in
      try [7, 11, 17].map { distance in
        try LawSpace.int(
          "b\(index)_\(distance)", 0, 1,
          when: [
            .init(parent: "a\(index)", .choices([.int(0)])),
            .init(parent: "a\((index + distance) % 40)", .choices([.int(0)])),
          ])
      }
    }
    let space = try Space(parents + children)
    let error = #expect(throws: AttuneError.self) { try grid(space) }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("interlock") == true)
  }

  @Test("repeats visit the whole grid again, also after reopening")
  func repeats() throws {
    let space = try LawSpace.ranges.space()
    let once = visited(try grid(space, "shuffled"), space)
    let strategy = try grid(space, "shuffled", repeats: 3)
    let points = visited(strategy, space)
    #expect(points == once + once + once)
    #expect(strategy.pointCount == UInt64(points.count))
    let replay = try StrategyLaws.replay(space, seed: 1, count: 2 * points.count) {
      try self.grid(space, "shuffled", repeats: 3)
    }
    #expect(replay.violations == [])
  }

  @Test("enqueued and added trials do not move the grid, nor does how trials end")
  func undisturbed() throws {
    let space = try LawSpace.nested.space()
    let wanted = visited(try grid(space), space)
    var story = StrategyLaws.Story(space, seed: 1)
    var strategy = try grid(space)
    var points: [Point] = []
    while true {
      let request = story.claim()
      let plain = Request(
        seed: request.seed, number: request.number, ordinal: request.ordinal, given: request.given)
      guard let point = strategy.propose(plain, given: story.log.snapshot) else { break }
      story.log.fill(request.number, point)
      story.finish(request.number)
      if request.given == nil { points.append(point) }
      if request.number % 6 == 1 { story.add(point) }
    }
    #expect(points == wanted)
  }

  @Test("parallel workers get different points, whoever is served first")
  func parallel() throws {
    let space = try LawSpace.mixed.space()
    var log = HistoryLog(valueCount: 1, width: space.count)
    var strategy = try grid(space)
    var points: [Int: Point] = [:]
    for round in 0..<10 {
      let numbers = (0..<4).map { _ in log.claim(.strategy, at: 0) }
      for place in [2, 0, 3, 1].map({ ($0 + round) % 4 }) {
        let number = numbers[place]
        let point = strategy.propose(
          Request(seed: 1, number: number, ordinal: number), given: log.snapshot)
        points[number] = point
        log.fill(number, try #require(point))
      }
    }
    for number in 0..<40 { #expect(points[number] == strategy.point(at: UInt64(number), seed: 1)) }
  }

  @Test("points turned down as duplicates are passed over for good")
  func duplicates() throws {
    let space = try LawSpace.oneFloat.space()
    var log = HistoryLog(valueCount: 1, width: space.count)
    var indexes: [UInt64?] = []
    for number in 0..<3 {
      // Made anew for each trial, as after a restart.
      var strategy = try grid(space, points: 10)
      let request = Request(seed: 1, number: number, ordinal: number, attempt: number == 1 ? 4 : 0)
      let proposal = strategy.propose(request, given: log.snapshot)
      let point = try #require(proposal)
      indexes.append(strategy.index(of: point, seed: 1))
      log.fill(log.claim(.strategy, at: 0), point)
    }
    #expect(indexes == [0, 5, 6])
    var strategy = try grid(space, points: 10)
    func propose(_ attempt: Int) -> Point? {
      strategy.propose(
        Request(seed: 1, number: 3, ordinal: 3, attempt: attempt), given: log.snapshot)
    }
    #expect(propose(2) != nil)
    #expect(propose(3) == nil)
    #expect(propose(.max) == nil)
  }

  @Test("a study that changes to grid from points off the grid gets all of it")
  func change() throws {
    let space = try LawSpace.oneFloat.space()
    var random = try RandomStrategy(space: space, directions: [.minimize], options: .none)
    var log = HistoryLog(valueCount: 1, width: space.count)
    for number in 0..<25 {
      let request = Request(seed: 1, number: number, ordinal: number)
      let proposal = random.propose(request, given: log.snapshot)
      let point = try #require(proposal)
      log.fill(log.claim(.strategy, at: 0), point)
    }
    var strategy = try grid(space, points: 10)
    var count: UInt64 = 0
    while let point = strategy.propose(
      Request(seed: 1, number: log.trialCount, ordinal: log.trialCount), given: log.snapshot)
    {
      #expect(strategy.index(of: point, seed: 1) == count)
      log.fill(log.claim(.strategy, at: 0), point)
      count += 1
    }
    #expect(count == 10)
  }

  @Test("100,000 asks read each event of the history once")
  func linear() throws {
    let space = try Space((0..<6).map { try LawSpace.int("p\($0)", 0, 9) })
    var strategy = try grid(space)
    var log = HistoryLog(valueCount: 1, width: space.count)
    for number in 0..<100_000 {
      let request = Request(seed: 1, number: number, ordinal: number)
      guard let point = strategy.propose(request, given: log.snapshot) else { break }
      log.fill(log.claim(.strategy, at: 0), point)
      log.finish(number, .complete, values: [0], at: 1)
    }
    #expect(log.eventCount == 200_000)
    #expect(strategy.eventReadCount == 199_998)
  }

  @Test("points of a space are counted where they can be")
  func pointCount() throws {
    #expect(GridStrategy.pointCount(of: .empty) == 1)
    #expect(GridStrategy.pointCount(of: try LawSpace.oneBool.space()) == 2)
    let nested = try LawSpace.nested.space().parameters.dropFirst()
    #expect(GridStrategy.pointCount(of: try Space(Array(nested))) == 2 * (1 + 3 + 1 + 1 + 6))
    #expect(GridStrategy.pointCount(of: try LawSpace.oneFloat.space()) == nil)
    #expect(GridStrategy.pointCount(of: try Space([LawSpace.int("a", .min, .max)])) == nil)
  }

  @Test("a point that is not on the grid has no place")
  func offGrid() throws {
    let space = try LawSpace.nested.space()
    let strategy = try grid(space)
    let random = space.point { space.parameters[$0].distribution.slot(atUnit: 0.123) }
    #expect(strategy.index(of: random, seed: 1) == nil)
    let inactive = Point(slots: [UInt64](repeating: 0, count: space.count), active: ActiveSet())
    #expect(strategy.index(of: inactive, seed: 1) == nil)
    var all = ActiveSet()
    for index in 0..<space.count { all[index] = true }
    let first = try #require(strategy.point(at: 0, seed: 1))
    #expect(strategy.index(of: Point(slots: first.slots, active: all), seed: 1) == nil)
    #expect(strategy.index(of: Point(slots: [], active: ActiveSet()), seed: 1) == nil)
  }
}
