import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That steps to the minimum of a quadratic model find it, and stop where there is nothing to find.
struct QuadraticArmTests {
  /// A study whose trials are the arm's plans, or random points where it has none.
  private struct Steps {
    let space: Space
    var log: HistoryLog
    var arm: QuadraticArm
    var observations: Observations

    init(_ space: Space) {
      self.space = space
      log = HistoryLog(valueCount: 1, width: space.count)
      let model = ModelSpace(space)
      arm = QuadraticArm(model: model)
      observations = Observations(model: model, directions: [.minimize])
    }

    mutating func plan() -> QuadraticArm.Plan? { arm.plan(observations, quantum: 0) }

    mutating func evaluate(_ point: Point, isPlan: Bool, _ objective: ([Double]) -> Double?) {
      let number = log.claim(.strategy, at: 0)
      log.fill(number, point)
      if isPlan { arm.asked(number, observations, quantum: 0, in: log.snapshot) }
      observations.follow(.asked(number), in: log.snapshot)
      let numbers = space.parameters.indices.map {
        point[$0].map(space.parameters[$0].distribution.number(ofSlot:)) ?? .nan
      }
      if let value = objective(numbers) {
        log.finish(number, .complete, values: [value], at: 1)
      } else {
        log.finish(number, .fail, values: [], at: 1)
      }
      let index = observations.follow(.finished(number), in: log.snapshot)
      arm.finished(number, value: index.map { observations.values[$0] }, observations)
    }

    mutating func random(_ count: Int, _ objective: ([Double]) -> Double?) {
      for _ in 0..<count {
        let point = space.point {
          IndependentSampler.slot(of: space.parameters[$0], seed: 11, trial: log.trialCount)
        }
        evaluate(point, isPlan: false, objective)
      }
    }

    /// Evaluates plans until there is none; how many there were.
    mutating func follow(atMost count: Int, _ objective: ([Double]) -> Double?) -> Int {
      for number in 0..<count {
        guard let plan = arm.plan(observations, quantum: 0) else { return number }
        evaluate(plan.point, isPlan: true, objective)
      }
      return count
    }
  }

  private func expectPlan(
    _ isWanted: Bool, _ steps: inout Steps, at location: SourceLocation = #_sourceLocation
  ) {
    let plan = steps.plan()
    #expect((plan != nil) == isWanted, sourceLocation: location)
  }

  private func planned(_ steps: inout Steps) throws -> QuadraticArm.Plan {
    let plan = steps.plan()
    return try #require(plan)
  }

  private static func box(_ dimension: Int) throws -> Space {
    try Space((0..<dimension).map { try LawSpace.float("x\($0)", -2, 3) })
  }

  private static func bowl(_ x: [Double]) -> Double {
    let (a, b, c, d) = (x[0] - 0.7, x[1] + 0.4, x[2] - 1.1, x[3] + 1.3)
    return 3 * a * a + b * b + 2 * c * c + 0.5 * d * d + a * b - 0.6 * c * d + 0.3 * a * d - 4
  }

  @Test("a quadratic function of four variables is at its minimum to 1e-8 within 25 trials")
  func quadratic() throws {
    var steps = Steps(try Self.box(4))
    steps.random(15, Self.bowl)
    _ = steps.follow(atMost: 10, Self.bowl)
    let best = try #require(steps.observations.best)
    #expect(steps.observations.values[best] + 4 < 1e-8)
  }

  @Test("a minimum at a bound is found there")
  func bound() throws {
    var steps = Steps(try Self.box(3))
    let objective = { (x: [Double]) -> Double in
      (x[0] - 9) * (x[0] - 9) + x[1] * x[1] + (x[2] + 4) * (x[2] + 4)
    }
    steps.random(10, objective)
    _ = steps.follow(atMost: 12, objective)
    let best = try #require(steps.observations.best)
    #expect(ModelSamples.isClose(steps.observations.values[best], 36 + 4, relative: 1e-8))
  }

  @Test("a constant function gives no plan, nor do too few trials")
  func constants() throws {
    var steps = Steps(try Self.box(3))
    expectPlan(false, &steps)
    steps.random(3) { _ in 2 }
    expectPlan(false, &steps)
    steps.random(20) { _ in 2 }
    expectPlan(false, &steps)
  }

  @Test("steps that do not help end by themselves, and a better trial far away starts them again")
  func locked() throws {
    var steps = Steps(try Self.box(2))
    var count = 0.0
    // Every later trial is worse, whatever the model foretells.
    let worse = { (x: [Double]) -> Double in
      count += 1
      return count + x[0] + x[1]
    }
    steps.random(8, worse)
    let planned = steps.follow(atMost: 200, worse)
    #expect(planned < 100)
    expectPlan(false, &steps)
    let far = steps.space.point {
      steps.space.parameters[$0].distribution.slot(atUnit: $0 == 0 ? 0.987 : 0.013)
    }
    steps.evaluate(far, isPlan: false) { _ in -1000 }
    expectPlan(true, &steps)
    #expect(steps.arm.failureCount == 0)
  }

  @Test("planned trials that fail count as steps that did not help")
  func failures() throws {
    var steps = Steps(try Self.box(2))
    for number in 0..<8 {
      let units = ModelSamples.units(2, salt: 90 + UInt64(number)).map { 0.45 + 0.1 * $0 }
      let point = steps.space.point {
        steps.space.parameters[$0].distribution.slot(atUnit: units[$0])
      }
      steps.evaluate(point, isPlan: false) { $0[0] + 2 * $0[1] }
    }
    let radius = try planned(&steps).radius
    for number in 1...3 {
      let plan = try planned(&steps)
      steps.evaluate(plan.point, isPlan: true) { _ in nil }
      #expect(steps.arm.failureCount == number)
      #expect(steps.arm.rarity == (number < 3 ? 2 : 4))
    }
    let plan = try planned(&steps)
    #expect(plan.radius == radius / 8)
  }

  @Test("choices stay as in the best trial, and only trials that share them are learnt from")
  func choices() throws {
    let space = try Space([
      LawSpace.float("x", -1, 1), LawSpace.choice("c", [.int(0), .int(1), .int(2)]),
      LawSpace.float("y", -1, 1),
    ])
    var steps = Steps(space)
    let objective = { (x: [Double]) -> Double in
      let far = x[1] == 1 ? 0.0 : 50 - 80 * x[0]
      return (x[0] - 0.3) * (x[0] - 0.3) + (x[2] + 0.2) * (x[2] + 0.2) + far
    }
    steps.random(60, objective)
    let best = try #require(steps.observations.best)
    let choice = steps.observations.coordinates(of: best).last
    let plan = try planned(&steps)
    #expect(plan.point[1].map { Double($0) } == choice)
    _ = steps.follow(atMost: 10, objective)
    let end = try #require(steps.observations.best)
    if choice == 1 { #expect(steps.observations.values[end] < 1e-8) }
  }

  @Test("huge, tiny and infinite values break nothing", arguments: [1e300, 1e-300, 1e155])
  func extremes(scale: Double) throws {
    var steps = Steps(try Self.box(2))
    let objective = { (x: [Double]) -> Double in
      x[0] > 2.5 ? -.infinity : scale * (x[0] * x[0] + x[1] - 1)
    }
    steps.random(12, objective)
    _ = steps.follow(atMost: 12, objective)
    #expect(steps.observations.values.allSatisfy { $0.isFinite })
  }

  @Test(
    "spaces without numbers have no plan",
    arguments: [
      LawSpace.empty, .allFixed, .oneBool, .oneValue,
    ])
  func noNumbers(law: LawSpace) throws {
    var steps = Steps(try law.space())
    steps.random(12) { Double($0.count) }
    expectPlan(false, &steps)
  }
}
