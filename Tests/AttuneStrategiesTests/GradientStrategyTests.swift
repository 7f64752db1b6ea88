import AttuneCore
import AttuneNumerics
import Foundation
import Testing

@testable import AttuneStrategies

@Suite("Gradient descents")
struct GradientStrategyTests {
  /// A value and its derivatives by the parameters, NaN where there is none.
  typealias Function = ([Double?]) -> (value: Double, gradient: [Double])

  private func finish(_ number: Int, in study: inout BareStudy, _ function: Function) -> Double {
    let (value, gradient) = function(study.numbers(study.log.snapshot.point(number)))
    study.log.finish(number, .complete, values: [value], gradient: gradient, at: 1)
    return value
  }

  /// How many trials one after the other reach `target`; `nil` when `limit` do not.
  private func trials(
    to target: Double, of study: inout BareStudy, limit: Int, _ function: Function
  ) throws -> Int? {
    let sign: Double = study.directions[0] == .minimize ? 1 : -1
    for count in 1...limit {
      if sign * finish(try study.start(), in: &study, function) <= target { return count }
    }
    return nil
  }

  private static func box() throws -> Space {
    try Space((0..<2).map { try LawSpace.float("x\($0)", -5, 10) })
  }

  private static func rosenbrock(_ x: [Double?]) -> (value: Double, gradient: [Double]) {
    let (value, gradient) = SmoothValley.rosenbrock(x.map { $0 ?? 0 })
    return (value, gradient)
  }

  @Test("a valley is descended to 1e-12 within 80 trials from any seed, up as well as down")
  func valley() throws {
    for seed in UInt64(1)...8 {
      var study = try BareStudy(Self.box(), seed: seed, strategy: "gradient")
      #expect(try trials(to: 1e-12, of: &study, limit: 80, Self.rosenbrock) != nil, "seed \(seed)")
      var up = try BareStudy(
        Self.box(), seed: seed, strategy: "gradient", directions: [.maximize])
      let found = try trials(to: 1e-12, of: &up, limit: 80) { x in
        let (value, gradient) = Self.rosenbrock(x)
        return (-value, gradient.map { -$0 })
      }
      #expect(found != nil, "seed \(seed)")
    }
  }

  @Test("derivatives by logarithmic parameters are in their own units")
  func logarithms() throws {
    let space = try Space([
      LawSpace.float("lr", 1e-6, 1, log: true), LawSpace.float("decay", 1e-8, 1e2, log: true),
    ])
    var study = try BareStudy(space, seed: 3, strategy: "gradient")
    let found = try trials(to: 1e-12, of: &study, limit: 40) { x in
      let (p, q) = (x[0] ?? 1, x[1] ?? 1)
      let (a, b) = (Elementary.log(p / 3e-4), Elementary.log(q / 2e-3))
      return (a * a + a * b + 2 * b * b, [(2 * a + b) / p, (a + 4 * b) / q])
    }
    #expect(found != nil)
  }

  @Test("a trial that a user gives starts a search at once")
  func given() throws {
    var study = try BareStudy(Self.box(), strategy: "gradient")
    let start = study.space.point { _ in (2.0).bitPattern }
    let number = study.log.claim(.enqueued, at: 0)
    study.log.fill(number, start)
    _ = finish(number, in: &study, Self.rosenbrock)
    // Down the slope, by a fifth of the range.
    let slope = Self.rosenbrock([2, 2]).gradient
    let next = study.numbers(try study.proposal()).map { ($0 ?? 0) - 2 }
    #expect((next[0] * slope[1] - next[1] * slope[0]).magnitude < 1e-9, "\(next)")
    #expect(next[0] < -1 && next[0] > -4, "\(next)")
  }

  @Test("every branch of choices and whole numbers is searched, the best one to full precision")
  func branches() throws {
    let space = try Space([
      LawSpace.choice("c", (0..<4).map { .int($0) }), LawSpace.int("n", 1, 6),
      LawSpace.float("x", -4, 4), LawSpace.float("y", -4, 4),
    ])
    for seed in UInt64(1)...5 {
      var study = try BareStudy(space, seed: seed, strategy: "gradient")
      let found = try trials(to: 1e-9, of: &study, limit: 250) { p in
        let (c, n) = (p[0] ?? 0, p[1] ?? 0)
        let (x, y) = ((p[2] ?? 0) - 0.5 * c, (p[3] ?? 0) + 0.2 * n)
        let rest = 0.3 * (c - 2).magnitude + 0.1 * (n - 4).magnitude
        return (x * x + x * y + 3 * y * y + rest, [.nan, .nan, 2 * x + y, x + 6 * y])
      }
      #expect(found != nil, "seed \(seed)")
    }
  }

  @Test("a parameter without derivative is kept by a search, and found by others")
  func partial() throws {
    let space = try Space((0..<2).map { try LawSpace.float("x\($0)", -1, 1) })
    var study = try BareStudy(space, strategy: "gradient")
    for _ in 0..<4 { study.log.finish(try study.start(), .fail, values: [.nan], at: 1) }
    var kept: Set<Double> = []
    for _ in 0..<30 {
      let number = try study.start()
      let x = study.numbers(study.log.snapshot.point(number)).map { $0 ?? 9 }
      kept.insert(x[1])
      study.log.finish(
        number, .complete, values: [x[0] * x[0] + x[1]], gradient: [2 * x[0], .nan], at: 1)
    }
    #expect(kept.count > 4 && kept.count < 25, "\(kept.count)")
  }

  @Test("trials that fail on the way halve the step, and the minimum is found beside them")
  func failures() throws {
    var study = try BareStudy(Self.box(), seed: 2, strategy: "gradient")
    var best = Double.infinity
    for _ in 0..<150 where best > 1e-10 {
      let number = try study.start()
      let x = study.numbers(study.log.snapshot.point(number))
      // Whatever is far off the valley fails, breaks a constraint or is pruned.
      let (value, gradient) = Self.rosenbrock(x)
      switch value > 5e4 ? number % 3 : 3 {
      case 0: study.log.finish(number, .fail, values: [.nan], at: 1)
      case 1:
        study.log.finish(
          number, .complete, values: [-1], violation: 1, gradient: gradient, at: 1)
      case 2: study.log.finish(number, .pruned, values: [1], at: 1)
      default:
        study.log.finish(number, .complete, values: [value], gradient: gradient, at: 1)
        best = min(best, value)
      }
    }
    #expect(best <= 1e-10)
  }

  @Test("noise ends line searches, not the search: the bowl's floor is reached to the noise")
  func noise() throws {
    for isTold in [false, true] {
      var study = try BareStudy(
        Self.box(), seed: 5, strategy: "gradient", options: [("noisy", .bool(isTold))])
      var least = Double.infinity
      for number in 0..<120 {
        let trial = try study.start()
        var stream = RandomStream(seed: 9, trial: UInt64(number), stream: 3)
        func noise() -> Double { 0.2 * (stream.nextUnit() - 0.5) }
        let x = study.numbers(study.log.snapshot.point(trial)).map { ($0 ?? 0) - 3 }
        let truth = x[0] * x[0] + x[1] * x[1]
        least = min(least, truth)
        study.log.finish(
          trial, .complete, values: [truth + noise()],
          gradient: [2 * x[0] + noise(), 2 * x[1] + noise()], at: 1)
      }
      #expect(least < 0.1, "told \(isTold): \(least)")
    }
  }

  @Test("workers side by side never get one point twice, and the minimum in fewer rounds")
  func parallel() throws {
    var study = try BareStudy(Self.box(), seed: 4, strategy: "gradient")
    var points: Set<Point> = []
    var best = Double.infinity
    var rounds = 0
    while best > 1e-8, rounds < 60 {
      rounds += 1
      let numbers = try (0..<4).map { _ in try study.start() }
      for number in numbers {
        #expect(points.insert(study.log.snapshot.point(number)).inserted)
        best = min(best, finish(number, in: &study, Self.rosenbrock))
      }
    }
    #expect(best <= 1e-8, "after \(rounds) rounds")
  }

  @Test("of a hundred thousand minima in a bowl the deepest is found by the bowl")
  func funnel() throws {
    let space = try Space((0..<3).map { try LawSpace.float("x\($0)", -600, 500) })
    for seed in UInt64(1)...3 {
      var study = try BareStudy(space, seed: seed, strategy: "gradient")
      let found = try trials(to: 1e-6, of: &study, limit: 2500) {
        Self.griewank($0.map { $0 ?? 0 })
      }
      #expect(found != nil, "seed \(seed)")
    }
  }

  /// A. O. Griewank, "Generalized descent for global optimization", JOTA 34, 1981.
  private static func griewank(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    let angles = x.indices.map { x[$0] / Double($0 + 1).squareRoot() }
    let product = angles.reduce(1) { $0 * cos($1) }
    let value = 1 + x.reduce(0) { $0 + $1 * $1 } / 4000 - product
    let gradient = x.indices.map { axis in
      let others = angles.indices.reduce(1.0) { $1 == axis ? $0 : $0 * cos(angles[$1]) }
      return x[axis] / 2000 + sin(angles[axis]) * others / Double(axis + 1).squareRoot()
    }
    return (value, gradient)
  }

  @Test("a trial that never ends keeps its search waiting and nothing else")
  func hanging() throws {
    var study = try BareStudy(Self.box(), seed: 6, strategy: "gradient")
    for _ in 0..<4 { _ = finish(try study.start(), in: &study, Self.rosenbrock) }
    try study.start()  // The first evaluation of the first search.
    #expect(try trials(to: 1e-8, of: &study, limit: 150, Self.rosenbrock) != nil)
  }

  @Test("without gradients it goes on by samples")
  func blind() throws {
    var study = try BareStudy(LawSpace.mixed.space(), strategy: "gradient")
    var points: Set<Point> = []
    for _ in 0..<60 {
      let number = try study.start()
      points.insert(study.log.snapshot.point(number))
      study.finish(number) { ($0[0] ?? 0) + ($0[1] ?? 0) }
    }
    #expect(points.count == 60)
  }

  @Test("with gradients a kept strategy and one made anew propose the same")
  func replays() throws {
    let space = try Space([
      LawSpace.choice("c", [.int(0), .int(1)]), LawSpace.float("x", -4, 4),
      LawSpace.float("y", -4, 4),
    ])
    var kept = try BareStudy(space, seed: 8, strategy: "gradient")
    var running: [Int] = []
    for step in 0..<90 {
      var anew = kept
      anew.strategy = try StrategyCatalog.make(
        named: "gradient", space: space, directions: [.minimize])
      #expect(try anew.proposal() == kept.proposal())
      running.append(try kept.start())
      // One to three run side by side, and end in another order.
      while running.count > 1 + step % 3 {
        let number = running.remove(at: step % running.count)
        if number % 10 == 9 {
          kept.log.finish(number, .fail, values: [.nan], at: 1)
        } else {
          _ = finish(number, in: &kept) { p in
            let (value, gradient) = SmoothValley.rosenbrock(p.dropFirst().map { $0 ?? 0 })
            return (value + (p[0] ?? 0), [.nan] + gradient)
          }
        }
      }
    }
  }
}

/// The valley of H. H. Rosenbrock, The Computer Journal 3, 1960.
enum SmoothValley {
  static func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    let (a, b) = (x[1] - x[0] * x[0], 1 - x[0])
    return (100 * a * a + b * b, [-400 * a * x[0] - 2 * b, 200 * a])
  }
}
