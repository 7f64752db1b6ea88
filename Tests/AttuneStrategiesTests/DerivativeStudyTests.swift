import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That `bayesian` and `gp` take the gradients that trials tell, whatever these are.
@Suite("Studies with gradients of the model-based strategies")
struct DerivativeStudyTests {
  /// What trials may tell as gradients.
  enum Gradients: String, CaseIterable, Sendable {
    case exact, sparse, absent, noise, huge, zero, late
  }

  private static func bowl(_ x: [Double?]) -> (value: Double, gradient: [Double]) {
    var value = 0.0
    let gradient = x.enumerated().map { index, x in
      guard let x, x.magnitude < 1e150 else { return Double.nan }
      let d = x - 0.3 - 0.1 * Double(index)
      value += Double(index + 1) * d * d
      return 2 * Double(index + 1) * d
    }
    return (value, gradient)
  }

  private static func finish(
    _ number: Int, _ study: inout BareStudy, _ gradients: Gradients, values: Int = 1
  ) {
    let (value, exact) = bowl(study.numbers(study.log.snapshot.point(number)))
    let noise = ModelSamples.normals(exact.count, salt: UInt64(number) + 500)
    let gradient: [Double] = exact.indices.map { index in
      switch gradients {
      case .exact: exact[index]
      case .sparse: (number + index) % 3 == 0 ? .nan : exact[index]
      case .absent: .nan
      case .noise: 1e3 * noise[index]
      case .huge: index % 2 == 0 ? 1e300 : -.infinity
      case .zero: 0
      case .late: number < 9 ? .nan : exact[index]
      }
    }
    switch number % 8 {
    case 3: study.log.finish(number, .fail, values: [], gradient: gradient, at: 1)
    case 5:
      study.log.finish(
        number, .pruned, values: [Double](repeating: value, count: values),
        gradient: [[Double]](repeating: gradient, count: values).flatMap { $0 }, at: 1)
    default:
      study.log.finish(
        number, .complete, values: [value] + [Double](repeating: -value, count: values - 1),
        violation: number % 8 == 6 ? 0.5 : 0,
        gradient: gradient
          + [[Double]](repeating: gradient.map { -$0 }, count: values - 1).flatMap { $0 }, at: 1)
    }
  }

  @Test(
    "stopping and reopening at any moment changes nothing, and every point is valid",
    arguments: ["bayesian", "gp"], Gradients.allCases)
  func laws(name: String, gradients: Gradients) throws {
    for law in [LawSpace.mixed, .nested, .extremes, .constrained] {
      for direction in [Direction.minimize, .maximize] {
        var study = try BareStudy(
          law.space(), seed: 5, strategy: name, directions: [direction])
        for number in 0..<16 {
          let request = Request(seed: 5, number: number, ordinal: number)
          let point = try study.proposal()
          #expect(StrategyLaws.faults(of: point, request, in: study.space) == [])
          if number % 5 == 4 || number > 13 {
            var anew = try StrategyCatalog.make(
              named: name, space: study.space, directions: [direction])
            let again = anew.propose(request, given: study.log.snapshot)
            #expect(again == point, "\(law) \(number)")
          }
          try study.start(point)
          // Every seventh goes on for ever.
          if number % 7 != 6 { Self.finish(number, &study, gradients) }
        }
      }
    }
  }

  @Test("several objectives have gradients of their own", arguments: ["bayesian", "gp"])
  func objectives(name: String) throws {
    var study = try BareStudy(
      LawSpace.mixed.space(), seed: 2, strategy: name, directions: [.minimize, .maximize])
    for number in 0..<16 {
      try study.start()
      Self.finish(number, &study, .exact, values: 2)
    }
    var anew = study
    anew.strategy = try StrategyCatalog.make(
      named: name, space: study.space, directions: study.directions)
    let (kept, again) = try (study.proposal(), anew.proposal())
    #expect(kept == again)
  }

  @Test("gradients that tell nothing leave the trials as they are", arguments: ["bayesian", "gp"])
  func absent(name: String) throws {
    func points(_ hasGradients: Bool) throws -> [Point] {
      var study = try BareStudy(LawSpace.nested.space(), seed: 3, strategy: name)
      for number in 0..<20 {
        try study.start()
        let (value, gradient) = Self.bowl(study.numbers(study.log.snapshot.point(number)))
        study.log.finish(
          number, .complete, values: [value],
          gradient: hasGradients ? gradient.map { _ in .nan } : [], at: 1)
      }
      return (0..<20).map { study.log.snapshot.point($0) }
    }
    #expect(try points(true) == points(false))
  }

  /// The surrogate of a space's first trials, drawn.
  private static func surrogate(
    _ law: LawSpace, _ count: Int, _ direction: Direction = .minimize,
    _ gradient: ([Double?], Int) -> [Double]
  ) throws -> (surrogate: Surrogate, observations: Observations, study: BareStudy) {
    var study = try BareStudy(law.space(), directions: [direction])
    let model = ModelSpace(study.space)
    var observations = Observations(model: model, directions: [direction])
    for number in 0..<count {
      try study.start(study.drawn(number))
      observations.follow(.asked(number), in: study.log.snapshot)
      let x = study.numbers(study.log.snapshot.point(number))
      study.log.finish(
        number, .complete, values: [bowl(x).value], gradient: gradient(x, number), at: 1)
      observations.follow(.finished(number), in: study.log.snapshot)
    }
    var surrogate = Surrogate(model: model, noise: .unknown)
    surrogate.follow(observations)
    return (surrogate, observations, study)
  }

  @Test(
    "derivatives are by the coordinates, of active continuous parameters alone, turned to be made small"
  )
  func chainRule() throws {
    let (_, observations, study) = try Self.surrogate(.mixed, 6, .maximize) { x, _ in
      x.map { _ in 2 }
    }
    let model = observations.model
    for index in 0..<6 {
      for (axis, kind) in model.axes.enumerated() {
        let slope = observations.slope(index, axis)
        switch study.space.parameters[kind.parameter].name {
        case "lr":
          let lr = study.numbers(study.log.snapshot.point(index))[kind.parameter] ?? .nan
          let wanted = -2 * lr * Elementary.log(1e4)
          #expect(ModelSamples.isClose(slope, wanted, relative: 1e-12))
        case "x": #expect(ModelSamples.isClose(slope, -2 * 9.75, relative: 1e-12))
        default: #expect(slope.isNaN)
        }
      }
    }
    let (_, nested, other) = try Self.surrogate(.nested, 12) { x, _ in x.map { _ in 1 } }
    for index in 0..<12 {
      let isActive = other.log.snapshot.point(index).active[0]
      let axis = try #require(nested.model.axisOfParameter[0])
      #expect(nested.slope(index, axis).isNaN == !isActive)
    }
  }

  @Test(
    "exact gradients are taken in, noise of their size is not, and the process is then the plain one"
  )
  func fallback() throws {
    let exact = try Self.surrogate(.oneFloat, 8) { x, _ in Self.bowl(x).gradient }
    let known = try #require(exact.surrogate.process)
    #expect(known.derivatives?.count == 8 && known.hyperparameters.derivativeNoise < 0.1)
    var refused = exact.surrogate
    refused.logDerivativeNoise = .infinity
    #expect(refused.processWithDerivatives(exact.observations) == nil)
    var broken = exact.surrogate
    broken.logDerivativeNoise = .nan
    #expect(broken.processWithDerivatives(exact.observations) == nil)
    // Another trial's gradients are as wrong as can be.
    let noise = try Self.surrogate(.mixed, 30) { x, number in
      ModelSamples.normals(x.count, salt: UInt64(number) + 900).map { 1e6 * $0 }
    }
    let process = try #require(noise.surrogate.process)
    let isPlain = process.derivatives == nil
    #expect(isPlain || process.hyperparameters.derivativeNoise > 0.1)
    #expect(
      process.count == 30 && process.posterior(at: [0.5, 0.5, 0.5, 0.5, 0.5, 0]).mean.isFinite)
  }

  @Test(
    "a process has no more rows than its limit: the derivatives of the best and of those near it")
  func limit() throws {
    let (surrogate, observations, _) = try Self.surrogate(.wide, 30) { x, _ in x.map { _ in 1 } }
    let chosen = Array(0..<30)
    let rows = try #require(
      surrogate.derivativeRows(observations, chosen, limit: Surrogate.rowLimit))
    #expect(rows.pointCount == 30 && rows.count + 30 <= Surrogate.rowLimit && rows.count == 500)
    let best = try #require(observations.best)
    #expect(rows.points.contains(best))
    let one = try #require(surrogate.derivativeRows(observations, chosen, limit: 40))
    #expect(Set(one.points) == [best])
    #expect(surrogate.derivativeRows(observations, [], limit: 600) == nil)
  }

  @Test("gradients bring a bent bowl to its bottom in few trials", arguments: [UInt64(1), 2, 3])
  func bend(seed: UInt64) throws {
    let space = try Space((0..<4).map { try LawSpace.float("x\($0)", -1, 1) })
    func best(_ hasGradients: Bool) throws -> Double {
      var study = try BareStudy(space, seed: seed, strategy: "bayesian")
      var best = Double.infinity
      for number in 0..<28 {
        try study.start()
        let (inner, slopes) = Self.bowl(study.numbers(study.log.snapshot.point(number)))
        let value = Elementary.log1p(10 * inner)
        best = min(best, value)
        study.log.finish(
          number, .complete, values: [value],
          gradient: hasGradients ? slopes.map { 10 * $0 / (1 + 10 * inner) } : [], at: 1)
      }
      return best
    }
    let (with, without) = try (best(true), best(false))
    #expect(with < 1e-4 && with < 0.1 * without, "\(with) with, \(without) without")
  }
}
