import AttuneCore
import Testing

@testable import AttuneStrategies

/// That the portfolio goes over to CMA-ES in long studies, starts it from what is known, and stays a function of the log.
struct CMAESArmTests {
  private static func cube(_ count: Int = 3) throws -> Space {
    try Space(try (0..<count).map { try LawSpace.float("x\($0)", -2, 3) })
  }

  /// Rises in steps, which neither a Gaussian process nor a quadratic model follows.
  private static func stairs(_ x: [Double?]) -> Double {
    var sum = 0.0
    for (axis, coordinate) in x.enumerated() {
      let difference = (coordinate ?? 0) - 0.4
      sum += Double(1 + 9 * axis) * difference * difference
    }
    return (sum * 1000).rounded(.up) / 1000 + 1e-9 * (x[0] ?? 0).magnitude
  }

  @Test("cmaes has no turn before the hand-over, and most of them four times as late")
  func turns() throws {
    let model = ModelSpace(try Self.cube())
    let schedule = Schedule(Schedule.Settings(), model: model)
    func share(_ valueCount: Int, rarity: Int = 1) -> Double {
      let first = (0..<64).map {
        schedule.arms(
          ordinal: valueCount + $0, attempt: 0, valueCount: valueCount, staleCount: 0,
          quadraticRarity: rarity, adaptationRarity: rarity
        ).first
      }
      return Double(first.count { $0 == .cmaes }) / 64
    }
    #expect(schedule.handOver == 150)
    #expect(share(149) == 0)
    #expect(share(150) == 0.25)
    #expect(share(150, rarity: 4) < 0.25)
    #expect(share(300) == 0.625)
    #expect(share(600) == 0.75)
    // Where the process has no turn any more.
    #expect(share(2000) == 1)
  }

  @Test("spaces with whole numbers or choices keep their densities")
  func mixed() throws {
    let space = try Space([
      try LawSpace.float("x", 0, 1), try LawSpace.float("y", 0, 1), try LawSpace.int("n", 1, 3),
    ])
    let schedule = Schedule(Schedule.Settings(), model: ModelSpace(space))
    let arms = (0..<64).flatMap {
      schedule.arms(
        ordinal: 900 + $0, attempt: 0, valueCount: 900, staleCount: 0, quadraticRarity: 1,
        adaptationRarity: 1)
    }
    #expect(!arms.contains(.cmaes) && arms.contains(.tpe))
  }

  @Test(
    "a portfolio made anew proposes what one that was kept does, whatever runs and in any order")
  func replay() throws {
    var study = try BareStudy(try Self.cube(), seed: 8, strategy: "bayesian")
    try study.run(160, Self.stairs)
    var running: [Int] = []
    for round in 0..<120 {
      running.append(try study.start())
      if round % 7 == 3 { running.append(try study.start(study.drawn(round))) }
      if running.count > 4 { study.finish(running.remove(at: round % 4), Self.stairs) }
      guard round % 15 == 0 else { continue }
      var fresh = study
      fresh.strategy = try BareStudy(study.space, seed: 8, strategy: "bayesian").strategy
      let proposal = try study.proposal()
      #expect(try fresh.proposal() == proposal)
    }
  }

  @Test("the search starts around the best trial, as wide as the best tenth lie and a little more")
  func start() throws {
    let space = try Self.cube(2)
    var study = try BareStudy(space, seed: 2)
    for number in 0..<40 { study.finish(try study.start(study.drawn(number)), Self.stairs) }
    let history = study.log.snapshot
    var observations = Observations(model: ModelSpace(space), directions: [.minimize])
    var arm = CMAESArm(space, direction: .minimize, isNoisy: false, startCount: 40)
    for event in 0..<history.eventCount {
      let index = observations.follow(history.event(event), in: history)
      switch history.event(event) {
      case .asked(let trial): arm.asked(trial, isOwn: false, in: history)
      case .finished(let trial):
        let early = arm.propose(Request(seed: 2, number: 40, ordinal: 40))
        #expect(early == nil && index != nil)
        arm.finished(trial, event: event, observations, in: history, seed: 2)
      }
    }
    let best = study.numbers(history.point(observations.trials[try #require(observations.best)]))
    var draws: [[Double?]] = []
    for number in 40..<440 {
      let point = arm.propose(Request(seed: 2, number: number, ordinal: number))
      draws.append(study.numbers(try #require(point)))
    }
    for axis in 0..<2 {
      let offsets = draws.map { ($0[axis] ?? 0) - (best[axis] ?? 0) }
      let mean = offsets.reduce(0, +) / 400
      let deviation = (offsets.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
      // The width added is a tenth of the range of 5.
      #expect(mean.magnitude < 0.3 && deviation > 0.4 && deviation < 1.7)
    }
  }

  @Test("in long studies it goes on where models of the values are stuck")
  func stairsAreClimbed() throws {
    var study = try BareStudy(try Self.cube(), seed: 5, strategy: "bayesian")
    try study.run(700, Self.stairs)
    #expect(study.best < 0.0011)
  }
}
