import AttuneCore
import Testing

@testable import AttuneStrategies

/// That the model-based strategies keep their promises in studies of several kinds.
struct PortfolioTests {
  static let names = ["gp", "bayesian"]

  private static func plane() throws -> Space {
    try Space([LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1)])
  }

  private static func bowl(_ x: [Double?]) -> Double {
    let (a, b) = ((x[0] ?? 0) - 0.3, (x[1] ?? 0) - 0.6)
    return a * a + 2 * b * b
  }

  @Test("16 trials asked at once are all different and spread", arguments: names, [0, 10])
  func batch(name: String, told: Int) throws {
    var study = try BareStudy(try Self.plane(), seed: 3, strategy: name)
    // Rough enough that promise is not in one place.
    try study.run(told) { x in
      let (a, b) = (6 * (x[0] ?? 0), 6 * (x[1] ?? 0))
      return (a - a.rounded()).magnitude + (b - b.rounded()).magnitude
    }
    var points: [Point] = []
    for _ in 0..<16 {
      let point = try study.proposal()
      points.append(point)
      try study.start(point)
    }
    #expect(Set(points).count == 16)
    let places = points.map(study.numbers).map { ($0[0] ?? 0, $0[1] ?? 0) }
    let crowded = places.indices.filter { index in
      places[..<index].contains { other in
        max((other.0 - places[index].0).magnitude, (other.1 - places[index].1).magnitude) < 0.005
      }
    }
    #expect(crowded.count <= 2)
    // Before anything is told the points fill the space; later they lie where promise is.
    guard told == 0 else { return }
    #expect(Set(places.map { Int(4 * $0.0) * 8 + Int(4 * $0.1) }).count >= 8)
  }

  @Test("batches that finish in another order than they were asked find the minimum too")
  func batches() throws {
    var study = try BareStudy(try Self.plane(), seed: 4, strategy: "bayesian")
    for _ in 0..<6 {
      let numbers = try (0..<5).map { _ in try study.start() }
      for number in numbers.reversed() { study.finish(number, Self.bowl) }
    }
    #expect(study.best < 1e-3)
  }

  @Test("values given are kept, before and after the first fit", arguments: names)
  func given(name: String) throws {
    let space = try LawSpace.nested.space()
    var study = try BareStudy(space, seed: 6, strategy: name)
    var slots = [UInt64?](repeating: nil, count: space.count)
    (slots[1], slots[2], slots[0]) = (0, 0, 0.75.bitPattern)
    let given = PartialPoint(slots: slots)
    for _ in 0..<4 {
      let point = try study.proposal(given: given)
      #expect(point[1] == 0 && point[2] == 0 && point[0] == 0.75.bitPattern)
      let request = Request(seed: 6, number: 0, ordinal: 0, given: given)
      #expect(StrategyLaws.faults(of: point, request, in: space) == [])
      try study.run(6) { ($0[0] ?? 3) + ($0[3] ?? 0) }
    }
  }

  /// Which of 36 trials lie left of 0.45, where `end` hits them; the minimum lies at the right.
  private func left(
    _ name: String, end: (inout BareStudy, Int) -> Void
  ) throws -> (first: Int, last: Int) {
    var study = try BareStudy(try Self.plane(), seed: 5, strategy: name)
    var isLeft: [Bool] = []
    for _ in 0..<36 {
      let number = try study.start()
      let x = study.numbers(study.log.snapshot.point(number))[0] ?? 0
      isLeft.append(x < 0.45)
      if x < 0.45 {
        end(&study, number)
      } else {
        study.finish(number) { x in
          let (a, b) = ((x[0] ?? 0) - 0.7, (x[1] ?? 0) - 0.4)
          return a * a + b * b
        }
      }
    }
    return (isLeft.prefix(18).filter { $0 }.count, isLeft.suffix(18).filter { $0 }.count)
  }

  @Test("a half where trials fail is avoided more and more", arguments: names)
  func failures(name: String) throws {
    let left = try left(name) { study, number in
      study.log.finish(number, .fail, values: [], at: 1)
    }
    #expect(left.first >= 2 && left.last < left.first && left.last <= 5, "\(left)")
  }

  @Test(
    "a half where a constraint is violated is avoided, though its values are better",
    arguments: names)
  func violations(name: String) throws {
    let left = try left(name) { study, number in
      study.log.finish(number, .complete, values: [-0.2], violation: 1, at: 1)
    }
    #expect(left.first >= 2 && left.last < left.first, "\(left)")
  }

  @Test(
    "maximising proposes the points that minimising proposes for negated values", arguments: names)
  func mirror(name: String) throws {
    let space = try LawSpace.mixed.space()
    var low = try BareStudy(space, seed: 2, strategy: name)
    var high = try BareStudy(space, seed: 2, strategy: name, directions: [.maximize])
    func objective(_ x: [Double?]) -> Double {
      let (rate, number) = ((x[0] ?? 0) * 20 - 1, (x[1] ?? 0) - 2)
      return rate * rate + number * number + (x[3] ?? 0) + (x[5] == 2 ? 0 : 1)
    }
    for number in 0..<24 {
      let (a, b) = (try low.proposal(), try high.proposal())
      #expect(a == b, "trial \(number)")
      low.finish(try low.start(a), objective)
      high.finish(try high.start(b)) { -objective($0) }
    }
  }

  @Test("no point of a discrete space comes twice before all have come", arguments: names)
  func discrete(name: String) throws {
    let space = try Space([
      LawSpace.int("i", 1, 5), LawSpace.choice("c", [.string("a"), .string("b"), .string("c")]),
      LawSpace.choice("o", [.int(1), .int(2), .int(4), .int(8)], ordered: true),
    ])
    var study = try BareStudy(space, seed: 8, strategy: name)
    var points: Set<Point> = []
    for number in 0..<60 {
      let point = try study.proposal()
      #expect(points.insert(point).inserted, "trial \(number)")
      study.finish(try study.start(point)) {
        ($0[0] ?? 0) * ($0[2] ?? 0) + ($0[1] == 1 ? 0 : 2)
      }
    }
    // With nothing left a point is proposed all the same.
    _ = try study.proposal()
    #expect(points.count == 60)
  }

  /// A study of `count` told trials at drawn points, led along by a proposal now and then.
  private func long(_ name: String, _ space: Space, _ count: Int, every: Int) throws -> BareStudy {
    var study = try BareStudy(space, seed: 9, strategy: name)
    for number in 0..<count {
      try study.start(study.drawn(number))
      if number % 5 == 3 {
        study.log.finish(number, .fail, values: [], at: 1)
      } else {
        study.finish(number) { ($0[0] ?? 0) * 3 - ($0[1] ?? 0) }
      }
      if number % every == every - 1 { _ = try study.proposal() }
    }
    return study
  }

  @Test("a study with more trials than a model takes is as one made anew")
  func subset() throws {
    let name = "bayesian"
    var study = try long(name, try Self.plane(), 330, every: 70)
    let point = try study.proposal()
    var anew = try BareStudy(try Self.plane(), seed: 9, strategy: name)
    anew.log = study.log
    let again = try anew.proposal()
    #expect(again == point)
  }

  @Test("a model that takes some of many trials has the one that violates least among them")
  func leastViolation() throws {
    let space = try Self.plane()
    let model = ModelSpace(space)
    let study = try BareStudy(space)
    var log = HistoryLog(valueCount: 1, width: 2)
    var observations = Observations(model: model, directions: [.minimize])
    // All violate a constraint; the worse the value, the less.
    for number in 0..<258 {
      let claimed = log.claim(.added, at: 0)
      log.fill(claimed, study.drawn(number))
      let x = study.numbers(study.drawn(number))[0] ?? 0
      log.finish(claimed, .complete, values: [x], violation: 2 - x, at: 1)
      for event in [2 * number, 2 * number + 1] {
        observations.follow(log.snapshot.event(event), in: log.snapshot)
      }
    }
    var surrogate = Surrogate(model: model, noise: .none)
    surrogate.follow(observations)
    let best = try #require(observations.best)
    #expect(surrogate.members.count == Surrogate.pointLimit && surrogate.members.contains(best))
  }

  @Test("a point whose parameters changed while it ran counts as what it became", arguments: names)
  func changedPoint(name: String) throws {
    let space = try LawSpace.mixed.space()
    var study = try BareStudy(space, seed: 4, strategy: name)
    for number in 0..<16 {
      try study.start()
      _ = try study.proposal()
      study.log.finish(
        number, .complete, values: [Double(number % 9)], at: 1,
        point: number % 3 == 0 ? study.drawn(number + 1000) : nil)
      var anew = try BareStudy(space, seed: 4, strategy: name)
      anew.log = study.log
      let (again, point) = (try anew.proposal(), try study.proposal())
      #expect(again == point, "trial \(number)")
    }
  }

  @Test("a point that a trial left for another can be proposed", arguments: names)
  func leftPoint(name: String) throws {
    let space = try Space([LawSpace.int("i", 0, 5)])
    var study = try BareStudy(space, seed: 4, strategy: name)
    func point(_ value: UInt64) -> Point { space.point { _ in value } }
    for value in [0, 1, 2, 3, 5] as [UInt64] {
      study.finish(try study.start(point(value))) { $0[0] ?? 0 }
    }
    let number = try study.start(point(4))
    _ = try study.proposal()
    study.log.finish(number, .complete, values: [9], at: 1, point: point(5))
    let again = try study.proposal()
    #expect(again == point(4))
  }

  @Test("an earlier history gives what it gave then", arguments: names)
  func backwards(name: String) throws {
    var study = try BareStudy(try LawSpace.nested.space(), seed: 5, strategy: name)
    try study.run(14) { ($0[6] ?? 0) + ($0[0] ?? 1) }
    let (early, number) = (study.log.snapshot, study.log.trialCount)
    let point = try study.proposal()
    try study.run(6) { ($0[6] ?? 0) + ($0[0] ?? 1) }
    let request = Request(seed: 5, number: number, ordinal: number)
    let again = study.strategy.propose(request, given: early)
    #expect(again == point)
  }

  @Test("noise, warps and startup trials can be set, and every choice serves", arguments: names)
  func options(name: String) throws {
    for options: [(key: String, value: Value)] in [
      [("noisy", .bool(true)), ("warp", .string("none"))],
      [("noisy", .bool(false)), ("warp", .string("log"))], [("n_startup_trials", .int(1))],
      [("n_startup_trials", .int(1 << 20))],
    ] {
      var study = try BareStudy(try Self.plane(), seed: 7, strategy: name, options: options)
      try study.run(16, Self.bowl)
      var sobol = try BareStudy(try Self.plane(), seed: 7, strategy: "sobol")
      try sobol.run(16, Self.bowl)
      let isDesign = study.log.snapshot.point(15) == sobol.log.snapshot.point(15)
      #expect(isDesign == (options[0].value == .int(1 << 20)))
    }
  }

  @Test("a smooth function of four numbers is near its minimum after 40 trials", arguments: names)
  func smooth(name: String) throws {
    let space = try Space((0..<4).map { try LawSpace.float("x\($0)", -2, 3) })
    var study = try BareStudy(space, seed: 1, strategy: name)
    try study.run(40) { x in
      x.enumerated().reduce(0) { sum, next in
        let d = (next.element ?? 0) - 0.2 * Double(next.offset)
        return sum + d * d
      }
    }
    #expect(study.best < (name == "gp" ? 0.05 : 1e-3))
  }
}
