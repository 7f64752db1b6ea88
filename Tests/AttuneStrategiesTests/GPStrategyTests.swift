import AttuneCore
import AttuneStrategies
import Testing

/// That `gp` finds what it is for, and does what its options say.
struct GPStrategyTests {
  private static func cube(_ count: Int) throws -> Space {
    try Space(try (0..<count).map { try LawSpace.float("x\($0)", 0, 1) })
  }

  private static func bowl(_ x: [Double?]) -> Double {
    var sum = 0.0
    for (index, value) in x.enumerated() {
      let distance = (value ?? 0) - 0.2 - 0.1 * Double(index)
      sum += distance * distance
    }
    return sum
  }

  @Test("40 trials come within a hundredth of a bowl's minimum in four dimensions")
  func bowl() throws {
    var study = try BareStudy(try Self.cube(4), seed: 2, strategy: "gp")
    try study.run(40, Self.bowl)
    #expect(study.best < 1e-3)
  }

  @Test("the warp is what the option says", arguments: ["auto", "none", "log"])
  func warp(name: String) throws {
    var study = try BareStudy(
      try Self.cube(2), seed: 3, strategy: "gp", options: [("warp", .string(name))])
    try study.run(30, Self.bowl)
    #expect(study.best < 1e-2)
  }

  @Test("warps propose differently: the option is not for show")
  func warpsDiffer() throws {
    let points = try ["none", "log"].map { name in
      var study = try BareStudy(
        try Self.cube(2), seed: 3, strategy: "gp", options: [("warp", .string(name))])
      try study.run(14, Self.bowl)
      return try study.proposal()
    }
    #expect(points[0] != points[1])
  }

  @Test("the design has as many trials as n_startup_trials or batch_size say")
  func startup() throws {
    let sobol = try designs(options: [])
    #expect(try designs(options: [("n_startup_trials", .int(20))]) > sobol)
    #expect(try designs(options: [("batch_size", .int(25))]) > sobol)
  }

  /// How many of the first proposals do not depend on the values told.
  private func designs(options: [(key: String, value: Value)]) throws -> Int {
    var one = try BareStudy(try Self.cube(2), seed: 9, strategy: "gp", options: options)
    var other = one
    for count in 0..<30 {
      let (a, b) = (try one.start(), try other.start())
      if one.log.snapshot.point(a) != other.log.snapshot.point(b) { return count }
      one.finish(a, Self.bowl)
      other.finish(b) { -Self.bowl($0) }
    }
    return 30
  }
}
