import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

struct CMAESStrategyTests {
  private static func box(_ count: Int, _ range: ClosedRange<Double> = -5...5) throws -> Space {
    try Space((0..<count).map { try LawSpace.float("x\($0)", range.lowerBound, range.upperBound) })
  }

  /// The best value of a study of `count` trials.
  private func best(
    _ space: Space, _ count: Int, seed: UInt64 = 1, options: [(key: String, value: Value)] = [],
    _ objective: ([Double]) -> Double
  ) throws -> Double {
    var study = try BareStudy(space, seed: seed, strategy: "cmaes", options: options)
    try study.run(count) { objective($0.map { $0 ?? .nan }) }
    return study.best
  }

  // Optima away from the middle, where a search starts.
  private static func sphere(_ x: [Double]) -> Double {
    x.enumerated().reduce(0) { $0 + square($1.element - 1.3 - 0.1 * Double($1.offset % 30)) }
  }

  private static func ellipsoid(_ x: [Double]) -> Double {
    let last = Double(x.count - 1)
    // Along sums and differences of neighbours, so that the axes do not help.
    let turned = x.indices.map { index in
      let next = x[(index + 1) % x.count] - 1.3
      return (x[index] - 1.3) * 0.8 + next * 0.6
    }
    return turned.enumerated().reduce(0) { sum, item in
      sum + Elementary.exp(Elementary.log(1e6) * Double(item.offset) / last) * square(item.element)
    }
  }

  private static func rosenbrock(_ x: [Double]) -> Double {
    (1..<x.count).reduce(0) { sum, index in
      sum + 100 * square(x[index] - square(x[index - 1])) + square(1 - x[index - 1])
    }
  }

  private static func square(_ x: Double) -> Double { x * x }

  @Test("weights and rates are those of the cmaes package 0.13.1")
  func constants() {
    func close(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-13 * b.magnitude }
    let five = CMAESConstants(
      dimension: 5, size: CMAESConstants.standardSize(dimension: 5))
    #expect(five.size == 8 && five.parentCount == 4)
    #expect(close(five.effectiveCount, 2.6001788261131793))
    #expect(close(five.rankOne, 0.047292304159400896))
    #expect(close(five.rankMu, 0.03816916070385781))
    #expect(close(five.stepCumulation, 0.3650883760934854))
    #expect(close(five.damping, 1.3650883760934853))
    #expect(close(five.cumulation, 0.4501995579928079))
    #expect(close(five.expectedLength, 2.1285237557247996))
    #expect(close(five.weights[0], 0.5299301844787792))
    #expect(close(five.weights[7], -0.9134980955117175))
    let twenty = CMAESConstants(
      dimension: 20, size: CMAESConstants.standardSize(dimension: 20))
    #expect(twenty.size == 12 && twenty.parentCount == 6)
    #expect(close(twenty.effectiveCount, 3.729458934303068))
    #expect(close(twenty.rankOne, 0.004372354435160246))
    #expect(close(twenty.rankMu, 0.008191403277354674))
    #expect(close(twenty.cumulation, 0.17176721127681213))
    #expect(close(twenty.weights[1], 0.25338908403288657))
    #expect(close(twenty.weights[11], -0.43192399698144884))
    // 0.5 λ / (d (c₁ + c_μ)) evaluations in purecma: 23.9 of 12 a generation.
    #expect(twenty.decompositionGap(dimension: 20) == 2)
    #expect(five.decompositionGap(dimension: 5) == 1)
    let large = CMAESConstants(dimension: 20, size: 500)
    #expect(large.decompositionGap(dimension: 20) == 1)
  }

  @Test("converges on smooth functions, however ill-conditioned, to 1e-8")
  func smooth() throws {
    #expect(try best(Self.box(5), 900, Self.sphere) < 1e-8)
    #expect(try best(Self.box(5), 4000, Self.ellipsoid) < 1e-8)
    #expect(try best(Self.box(5), 4000, Self.rosenbrock) < 1e-8)
    #expect(try best(Self.box(1), 400, Self.sphere) < 1e-8)
    #expect(try best(Self.box(2), 1200, Self.rosenbrock) < 1e-8)
  }

  @Test("finds minima at bounds")
  func bounds() throws {
    let value = try best(Self.box(4, 0...1), 1000) { x in
      x[0] + 2 * x[1] + (1 - x[2]) + Self.square(x[3] - 0.4)
    }
    #expect(value < 1e-8)
  }

  @Test("only the order of values counts, and minimizing is maximizing the negative")
  func invariance() throws {
    func points(
      _ directions: [Direction], _ change: (Double) -> Double
    ) throws -> [Point] {
      var study = try BareStudy(Self.box(3), strategy: "cmaes", directions: directions)
      try study.run(300) { change(Self.ellipsoid($0.map { $0 ?? 0 })) }
      return (0..<300).map { study.log.snapshot.point($0) }
    }
    let plain = try points([.minimize]) { $0 }
    #expect(try points([.minimize]) { ($0 + 1).squareRoot() * 3 - 100 } == plain)
    #expect(try points([.maximize]) { -$0 } == plain)
  }

  @Test("an affine change of the space and its start changes nothing but rounding")
  func affine() throws {
    // The same search at half the scale: a quarter of every value.
    let wide = try best(Self.box(4, -4...4), 400, Self.rosenbrock)
    let narrow = try best(Self.box(4, -2...2), 400) { Self.rosenbrock($0.map { 2 * $0 }) }
    #expect((wide - narrow).magnitude <= 1e-6 * wide)
  }

  @Test("points beyond bounds rank lower the farther they are out, failed ones last")
  func order() throws {
    let space = CMAESSpace(try Self.box(2))
    let start = CMAESDistribution.Start(mean: [0.9, 0.5], sigma: 0.1)
    let distribution = CMAESDistribution(start, shares: [], isNoisy: false)
    func result(_ trial: Int, _ x: Double, _ value: Double) -> CMAESGeneration.Result {
      let rank =
        value == .infinity
        ? CMAESRank.failed : CMAESRank(violation: 0, isPruned: false, value: value)
      return CMAESGeneration.Result(
        trial: trial, draw: CMAESDraw(numbers: [x, 0.5], choices: []), rank: rank, isOutside: false)
    }
    var bounds = CMAESBounds()
    let inside = [result(0, 0.9, 1), result(1, 1, 2), result(2, 0.8, 3), result(3, 0, .infinity)]
    #expect(bounds.order(inside, distribution, space) == [0, 1, 2, 3])
    let beyond = [result(0, 1.3, 1), result(1, 1.1, 1), result(2, 1.2, 1), result(3, 9, .infinity)]
    #expect(bounds.order(beyond, distribution, space) == [1, 2, 0, 3])
    let better = [result(0, 1.1, 1), result(1, 0.9, 2), result(2, 0.8, 3), result(3, 0.7, 4)]
    #expect(bounds.order(better, distribution, space).last == 3)
  }

  @Test("integers and log integers are found exactly, with continuous parameters to 1e-6")
  func integers() throws {
    let space = try Space([
      LawSpace.int("a", 0, 20), LawSpace.int("b", -10, 10), LawSpace.int("c", 1, 1000, log: true),
      LawSpace.int("d", 0, 2), LawSpace.float("e", 0, 1, step: 0.1),
      LawSpace.float("x", -5, 5), LawSpace.float("y", -5, 5),
    ])
    for seed in [1, 2, 3] as [UInt64] {
      let value = try best(space, 1800, seed: seed) { x in
        let wholes =
          Self.square(x[0] - 17) + Self.square(x[1] + 7) + Self.square(x[3] - 2)
          + Self.square(Elementary.log(x[2] / 40)) + 10 * Self.square(x[4] - 0.8)
        return wholes + Self.square(x[5] - 2.2) + 100 * Self.square(x[6] + 1.7 - 0.3 * x[5])
      }
      #expect(value < 1e-5)
    }
  }

  @Test("choices are learned together with numbers, and so are choices alone")
  func categories() throws {
    let letters: [Value] = ["a", "b", "c", "d", "e"].map { .string($0) }
    let choices = try (0..<5).map { try LawSpace.choice("c\($0)", letters) }
    let mixed = try Space(choices + [LawSpace.float("x", -5, 5), LawSpace.float("y", -5, 5)])
    for seed in [1, 2, 3] as [UInt64] {
      let value = try best(mixed, 1500, seed: seed) { x in
        let wrong = (0..<5).filter { x[$0] != Double($0 * 3 % 5) }.count
        return Double(wrong) + Self.square(x[5] - 2.2) + Self.square(x[6] + 1.7)
      }
      #expect(value < 1e-6)
      let alone = try best(try Space(choices), 300, seed: seed) { x in
        Double((0..<5).filter { x[$0] != Double($0 * 3 % 5) }.count)
      }
      #expect(alone == 0)
    }
  }

  @Test("starts anew after a local minimum, and finds the global one")
  func restarts() throws {
    func rastrigin(_ x: [Double]) -> Double {
      x.reduce(0) { sum, x in
        let y = x - 1.3
        // A cosine by its series' square: period 1, from 0 to 20.
        let phase = y - y.rounded()
        return sum + y * y + 80 * phase * phase
      }
    }
    let once: [(key: String, value: Value)] = [("restart_strategy", .string("none"))]
    let seeds = (1...5) as ClosedRange<UInt64>
    let stuck = try seeds.filter {
      try best(Self.box(2), 1500, seed: $0, options: once, rastrigin) > 0.1
    }
    #expect(!stuck.isEmpty)
    for strategy in ["bipop", "ipop"] {
      let options: [(key: String, value: Value)] = [("restart_strategy", .string(strategy))]
      for seed in seeds {
        #expect(try best(Self.box(2), 12_000, seed: seed, options: options, rastrigin) < 1e-6)
      }
    }
  }

  @Test("late, lost and failed trials are borne: eight workers, a tenth of the trials never end")
  func workers() throws {
    var study = try BareStudy(Self.box(5), strategy: "cmaes")
    var running: [Int] = []
    for step in 0..<2500 {
      while running.count < 8 { running.append(try study.start()) }
      let place = Int(splitMix64(UInt64(step)) % 8)
      let trial = running.remove(at: place)
      switch splitMix64(UInt64(step) ^ 77) % 10 {
      case 0: break
      case 1: study.log.finish(trial, .fail, values: [], at: 1)
      default: study.finish(trial) { Self.ellipsoid($0.map { $0 ?? 0 }) }
      }
    }
    #expect(study.best < 1e-4)
  }

  @Test("half of the space fails")
  func failures() throws {
    var study = try BareStudy(Self.box(3), strategy: "cmaes")
    for _ in 0..<900 {
      let trial = try study.start()
      let x = study.numbers(study.log.snapshot.point(trial)).map { $0 ?? 0 }
      if x[0] + x[1] > 2.7 {
        study.log.finish(trial, .fail, values: [], at: 1)
      } else {
        study.finish(trial) { Self.sphere($0.map { $0 ?? 0 }) }
      }
    }
    // The minimum, at 1.3, 1.4 and 1.5, lies on the border.
    #expect(study.best < 1e-3)
  }

  @Test("learning rates adapt to noise: the mean comes nearer than the noise lets it otherwise")
  func noise() throws {
    func distance(_ isNoisy: Bool, seed: UInt64) throws -> Double {
      var study = try BareStudy(
        Self.box(5), seed: seed, strategy: "cmaes",
        options: [("noisy", .bool(isNoisy)), ("restart_strategy", .string("none"))])
      var stream = RandomStream(seed: seed, trial: 0, stream: 99)
      for _ in 0..<3000 {
        study.finish(try study.start()) { x in
          Self.sphere(x.map { $0 ?? 0 }) + 3 * StandardNormal.quantile(stream.nextUnit())
        }
      }
      let last = (2900..<3000).map { study.log.snapshot.point($0) }
      return last.reduce(0) { sum, point in
        sum + Self.sphere(study.numbers(point).map { $0 ?? 0 })
      } / 100
    }
    let seeds = (1...5) as ClosedRange<UInt64>
    let plain = try seeds.reduce(0) { $0 + (try distance(false, seed: $1)) }
    let adapted = try seeds.reduce(0) { $0 + (try distance(true, seed: $1)) }
    #expect(adapted < 0.8 * plain)
  }

  @Test("hundreds of parameters start with a diagonal covariance")
  func wide() throws {
    let value = try best(Self.box(120), 3000, Self.sphere)
    #expect(value < 40)
  }

  @Test("an enqueued or added trial before the first says where to start")
  func start() throws {
    var study = try BareStudy(
      Self.box(4), strategy: "cmaes", options: [("sigma0", .float(0.001))])
    let known = study.space.point { study.space.parameters[$0].distribution.slot(atUnit: 0.9) }
    let number = study.log.claim(.added, at: 0)
    study.log.fill(number, known)
    study.finish(number) { _ in 1 }
    for value in study.numbers(try study.proposal()) { #expect((3.9...4.1).contains(value ?? 0)) }
  }

  @Test("the branch of a conditional space that is better is found and searched")
  func conditions() throws {
    let space = try Space([
      LawSpace.choice("model", ["a", "b", "c"].map { .string($0) }),
      LawSpace.float("x", -5, 5, when: [.init(parent: "model", .choices([.string("b")]))]),
      LawSpace.float("y", -5, 5, when: [.init(parent: "model", .choices([.string("c")]))]),
    ])
    for seed in [1, 2, 3] as [UInt64] {
      var study = try BareStudy(space, seed: seed, strategy: "cmaes")
      try study.run(700) { x in
        if let value = x[1] { return 0.1 * Self.square(value - 3) }
        if let value = x[2] { return 2 + Self.square(value) }
        return 3
      }
      #expect(study.best < 1e-6)
    }
  }
}
