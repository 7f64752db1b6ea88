import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That `gp` and `bayesian` find fronts of several objectives, whatever their trials meet.
struct FrontPortfolioTests {
  static let names = ["gp", "bayesian"]

  private static func cube(_ count: Int) throws -> Space {
    try Space(try (0..<count).map { try LawSpace.float("x\($0)", 0, 1) })
  }

  /// The numbers of a trial's parameters; all are active.
  private static func numbers(_ study: BareStudy, _ number: Int) -> [Double] {
    study.numbers(study.log.snapshot.point(number)).map { $0 ?? 0 }
  }

  /// ZDT1: E. Zitzler, K. Deb, L. Thiele, Evolutionary Computation 8, 2000.
  private static func zdt1(_ x: [Double]) -> [Double] {
    let g = 1 + 9 * x.dropFirst().reduce(0, +) / Double(x.count - 1)
    return [x[0], g * (1 - (x[0] / g).squareRoot())]
  }

  private static func volume(
    _ study: inout BareStudy, _ count: Int, _ objective: ([Double]) -> [Double]
  ) throws -> Double {
    var found: [Double] = []
    for _ in 0..<count {
      let number = try study.start()
      let values = objective(numbers(study, number))
      found += values
      study.log.finish(number, .complete, values: values, at: 1)
    }
    return Hypervolume.volume(of: found, reference: [1.1, 1.1])
  }

  @Test("50 trials find the front of five parameters", arguments: names)
  func converges(name: String) throws {
    var study = try BareStudy(
      try Self.cube(5), seed: 3, strategy: name, directions: [.minimize, .minimize])
    // The whole front has 0.8767.
    #expect(try Self.volume(&study, 50, Self.zdt1) > 0.84)
  }

  @Test("what is made large is found as what is made small is")
  func directions() throws {
    var small = try BareStudy(
      try Self.cube(3), seed: 4, strategy: "gp", directions: [.minimize, .minimize])
    var large = try BareStudy(
      try Self.cube(3), seed: 4, strategy: "gp", directions: [.minimize, .maximize])
    for _ in 0..<30 {
      let (a, b) = (try small.start(), try large.start())
      #expect(small.log.snapshot.point(a) == large.log.snapshot.point(b))
      let values = Self.zdt1(Self.numbers(small, a))
      small.log.finish(a, .complete, values: values, at: 1)
      large.log.finish(b, .complete, values: [values[0], -values[1]], at: 1)
    }
  }

  @Test("constraints are learnt: most trials hold them in the end", arguments: names)
  func constraints(name: String) throws {
    var study = try BareStudy(
      try Self.cube(2), seed: 5, strategy: name, directions: [.minimize, .minimize])
    var held = 0
    for number in 0..<60 {
      try study.start()
      let x = Self.numbers(study, number)
      // Both values are best where the constraint forbids it: the front is the circle.
      let violation = max(0.49 - x[0] * x[0] - x[1] * x[1], 0)
      if number >= 40, violation < 0.02 { held += 1 }
      study.log.finish(number, .complete, values: x, violation: violation, at: 1)
    }
    #expect(held >= 15)
  }

  @Test("trials that run are not asked again nearby, and spread along the front", arguments: names)
  func pending(name: String) throws {
    var study = try BareStudy(
      try Self.cube(2), seed: 6, strategy: name, directions: [.minimize, .minimize])
    _ = try Self.volume(&study, 20, Self.zdt1)
    let waiting = try (0..<6).map { _ in try study.start() }.map { Self.numbers(study, $0) }
    for (place, a) in waiting.enumerated() {
      for b in waiting[..<place] {
        #expect(zip(a, b).contains { ($0 - $1).magnitude > 0.004 })
      }
    }
  }

  /// How the trials of a long study end.
  enum End: String, CaseIterable { case equal, infinite, failed, infeasible }

  @Test(
    "300 trials of a kind break nothing, and the last is proposed again by one made anew",
    arguments: names, End.allCases)
  func hardship(name: String, end: End) throws {
    var study = try BareStudy(
      try LawSpace.mixed.space(), seed: 7, strategy: name, directions: [.minimize, .maximize])
    for number in 0..<300 {
      // A model of each trial takes long in a debug build: most are added.
      if number < 290 { try study.start(study.drawn(number)) } else { try study.start() }
      let easy = Double(number % 17)
      switch end {
      case .equal: study.log.finish(number, .complete, values: [1, 1], at: 1)
      case .infinite:
        let values = [number % 3 == 0 ? -.infinity : easy, number % 5 == 0 ? .infinity : easy]
        study.log.finish(number, .complete, values: values, at: 1)
      case .failed:
        let state: TrialState = number % 2 == 0 ? .fail : .complete
        study.log.finish(number, state, values: state == .fail ? [] : [easy, -easy], at: 1)
      case .infeasible:
        study.log.finish(
          number, .complete, values: [easy, easy],
          violation: number % 4 == 0 ? .infinity : 1 + easy, at: 1)
      }
    }
    var anew = try BareStudy(
      try LawSpace.mixed.space(), seed: 7, strategy: name, directions: [.minimize, .maximize])
    anew.log = study.log
    let (kept, again) = (try study.proposal(), try anew.proposal())
    #expect(kept == again)
  }

  @Test(
    "three and four objectives are replayed bit by bit, five are served", arguments: names,
    [3, 4, 5])
  func several(name: String, count: Int) throws {
    let space = try LawSpace.mixed.space()
    let directions = (0..<count).map { $0 % 2 == 0 ? Direction.minimize : .maximize }
    var study = try BareStudy(space, seed: 8, strategy: name, directions: directions)
    for number in 0..<24 {
      try study.start()
      let x = study.numbers(study.log.snapshot.point(number)).map { $0 ?? 0 }
      let values = (0..<count).map { x[$0 % x.count] - x[($0 + 1) % x.count] }
      study.log.finish(number, .complete, values: values, at: 1)
      var anew = try BareStudy(space, seed: 8, strategy: name, directions: directions)
      anew.log = study.log
      let (kept, again) = (try study.proposal(), try anew.proposal())
      #expect(kept == again, "trial \(number)")
    }
  }

  @Test("observations of several objectives are ranked by how many are better in every way")
  func ranking() throws {
    let space = try Self.cube(1)
    var study = try BareStudy(space, strategy: "random", directions: [.minimize, .maximize])
    var observations = Observations(
      model: ModelSpace(space), directions: [.minimize, .maximize])
    let values: [[Double]] = [[3, 1], [1, 1], [2, 2], [1, 3], [.infinity, 0], [2, 3]]
    for (number, row) in values.enumerated() {
      try study.start(study.drawn(number))
      study.log.finish(number, .complete, values: row, violation: number == 3 ? 1 : 0, at: 1)
    }
    let history = study.log.snapshot
    for event in 0..<history.eventCount { observations.follow(history.event(event), in: history) }
    #expect(observations.count == 5 && observations.failureCount == 2)
    #expect(observations.row(of: 3) == [1, -3])
    // Trial 3 breaks a constraint and is last; 0 is dominated by all others.
    #expect(observations.ranked(first: 5) == [1, 4, 2, 0, 3])
    #expect(observations.ranked(first: 3) == [1, 2, 0])
  }
}
