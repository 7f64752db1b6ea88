import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Testing

struct SobolStrategyTests {
  private func points(
    _ space: Space, seed: UInt64 = 5, _ ordinals: Range<Int>, attempt: Int = 0,
    options: [(key: String, value: Value)] = []
  ) throws -> [Point] {
    var strategy = try StrategyCatalog.make(
      named: "sobol", space: space, directions: [.minimize], options: options)
    let history = HistoryLog(valueCount: 1, width: space.count).snapshot
    return try ordinals.map { ordinal in
      let point = strategy.propose(
        Request(seed: seed, number: ordinal &+ 3, ordinal: ordinal, attempt: attempt),
        given: history)
      return try #require(point)
    }
  }

  @Test("of 2^k points one falls into each of 2^k equal cells of every parameter")
  func stratified() throws {
    let space = try Space((0..<40).map { try LawSpace.float("x\($0)", 0, 1) })
    for seed in UInt64(0)..<4 {
      let points = try points(space, seed: seed, 0..<64)
      for index in 0..<space.count {
        let cells = Set(points.map { Int(Double(bitPattern: $0.slots[index]) * 64) })
        #expect(cells.count == 64)
      }
    }
  }

  @Test("choices and whole numbers come equally often in 2^k points")
  func balanced() throws {
    let space = try Space([
      LawSpace.choice("c", (0..<8).map { .int($0) }), LawSpace.int("i", -2, 1),
    ])
    let points = try points(space, 0..<64)
    for (index, levels) in [(0, 8), (1, 4)] {
      var counts: [UInt64: Int] = [:]
      for point in points { counts[point.slots[index], default: 0] += 1 }
      #expect(counts.count == levels)
      #expect(counts.values.allSatisfy { $0 == 64 / levels })
    }
  }

  @Test("without scrambling the points are the published sequence, whatever the seed")
  func plain() throws {
    let space = try Space((0..<5).map { try LawSpace.float("x\($0)", 0, 1) })
    let options: [(key: String, value: Value)] = [("scramble", .bool(false))]
    let points = try points(space, seed: 1, 0..<16, options: options)
    #expect(points == (try self.points(space, seed: 2, 0..<16, options: options)))
    let sequence = SobolSequence(dimensionCount: 5)
    for (ordinal, point) in points.enumerated() {
      for index in 0..<5 {
        let wanted = sequence.coordinate(index: UInt64(ordinal), dimension: index)
        #expect(Double(bitPattern: point.slots[index]) == wanted)
      }
    }
  }

  @Test("skip leaves out the beginning")
  func skip() throws {
    let space = try LawSpace.mixed.space()
    let all = try points(space, 0..<20)
    #expect(try points(space, 0..<10, options: [("skip", .int(10))]) == Array(all[10...]))
  }

  @Test("parameters with one value take no dimension")
  func singles() throws {
    let float = try LawSpace.float("x", 0, 1)
    let bare = try points(Space([float]), 0..<20)
    let space = try Space([
      Parameter("f", .fixed(.int(1))), LawSpace.int("one", 4, 4), LawSpace.choice("c", [.null]),
      float,
    ])
    #expect(try points(space, 0..<20).map { $0.slots[3] } == bare.map { $0.slots[0] })
  }

  @Test("where the sequence ends, random draws go on")
  func beyond() throws {
    let count = SobolSequence.maximumDimension
    let space = try Space((0..<(count + 2)).map { try LawSpace.float("x\($0)", 0, 1) })
    var random = try RandomStrategy(space: space, directions: [.minimize], options: .none)
    let history = HistoryLog(valueCount: 1, width: space.count).snapshot
    let point = try points(space, 4..<5)[0]
    let drawn = random.propose(Request(seed: 5, number: 7, ordinal: 4), given: history)
    let draw = try #require(drawn)
    #expect(point.slots[count...] == draw.slots[count...])
    #expect(point.slots[count - 1] != draw.slots[count - 1])

    let small = try LawSpace.mixed.space()
    var smallRandom = try RandomStrategy(space: small, directions: [.minimize], options: .none)
    func smallDraw(_ number: Int, attempt: Int) -> Point? {
      smallRandom.propose(
        Request(seed: 5, number: number, ordinal: 0, attempt: attempt), given: history)
    }
    for ordinal in [1 << 32, Int.max - 1] {
      #expect(try points(small, ordinal..<(ordinal + 1))[0] == smallDraw(ordinal &+ 3, attempt: 0))
    }
    #expect(try points(small, 6..<7, attempt: 2)[0] == smallDraw(9, attempt: 2))
    #expect(try points(small, 6..<7)[0] != smallDraw(9, attempt: 0))
  }

  @Test("a seed gives the points it has always given")
  func recorded() throws {
    let space = try LawSpace.mixed.space()
    let point = try points(space, seed: 42, 1000..<1001)[0]
    let values = space.parameters.indices.map { space.value($0, in: point)?.text ?? "-" }
    #expect(values == ["0.03138469830695183", "3.0834564519173", "0.3", "5", "3", "rbf", "2.5"])
  }
}
