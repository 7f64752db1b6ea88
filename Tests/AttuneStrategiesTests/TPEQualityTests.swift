import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Testing

/// That TPE finds more than chance does, on problems whose optimum is not in the middle.
struct TPEQualityTests {
  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// The best values of `count` trials, median over seven seeds.
  private func medianBest(
    _ name: String, _ space: Space, _ count: Int, directions: [Direction] = [.minimize],
    objective: ([Double?]) -> Double
  ) throws -> Double {
    median(
      try (0..<7).map { seed in
        var study = try BareStudy(
          space, seed: UInt64(seed) + 100, strategy: name, directions: directions)
        try study.run(count, objective)
        return study.best
      })
  }

  @Test("a shifted sphere is found five times as well as by random draws, in both directions")
  func sphere() throws {
    let space = try Space((0..<5).map { try LawSpace.float("x\($0)", -5, 5) })
    let optimum = [1.3, -2.1, 3.2, -0.7, 2.4]
    let sphere = { (x: [Double?]) in
      zip(x, optimum).reduce(0.0) { $0 + (($1.0 ?? 9) - $1.1) * (($1.0 ?? 9) - $1.1) }
    }
    let random = try medianBest("random", space, 100, objective: sphere)
    let tpe = try medianBest("tpe", space, 100, objective: sphere)
    #expect(tpe * 5 < random, "tpe \(tpe), random \(random)")
    let mirrored = try medianBest(
      "tpe", space, 100, directions: [.maximize], objective: { -sphere($0) })
    #expect(mirrored == tpe)
  }

  @Test("a mixed space with conditions is found five times as well as by random draws")
  func mixed() throws {
    let space = try Space([
      LawSpace.float("lr", 1e-5, 1, log: true), LawSpace.int("units", 1, 512, log: true),
      LawSpace.int("depth", 1, 12),
      LawSpace.choice("kind", ["a", "b", "c", "d"].map { .string($0) }),
      LawSpace.float(
        "decay", 0, 1, when: [.init(parent: "kind", .choices([.string("b"), .string("c")]))]),
      LawSpace.choice("flag", [.bool(false), .bool(true)]),
    ])
    let objective = { (x: [Double?]) -> Double in
      let rate = Elementary.log(x[0] ?? 1) / Elementary.log(10) + 2.5
      let units = Elementary.log(x[1] ?? 1) / Elementary.log(10) - 1.8
      let depth = ((x[2] ?? 0) - 9) / 4
      let kind = [0.7, 0.3, 0, 1][Int(x[3] ?? 0)]
      let decay = x[4].map { ($0 - 0.15) * ($0 - 0.15) * 2 } ?? 0.4
      return rate * rate + units * units + depth * depth + kind + decay + (x[5] == 1 ? 0 : 0.5)
    }
    let random = try medianBest("random", space, 100, objective: objective)
    let tpe = try medianBest("tpe", space, 100, objective: objective)
    #expect(tpe * 5 < random, "tpe \(tpe), random \(random)")
  }

  @Test("with two objectives more of the trials are good in both than of random draws")
  func twoObjectives() throws {
    let space = try Space((0..<4).map { try LawSpace.float("x\($0)", 0, 1) })
    func distances(_ name: String) throws -> Double {
      var total = 0.0
      for seed in 0..<5 {
        var study = try BareStudy(
          space, seed: UInt64(seed), strategy: name, directions: [.minimize, .maximize])
        for _ in 0..<80 {
          let number = try study.start()
          let x = study.numbers(study.log.snapshot.point(number)).map { $0 ?? 0 }
          let off = x[1...].reduce(0) { $0 + ($1 - 0.3).magnitude }
          study.log.finish(number, .complete, values: [x[0] + off, x[0] * x[0] - off], at: 1)
          if number >= 40 { total += off }
        }
      }
      return total / 200
    }
    let (random, tpe) = (try distances("random"), try distances("tpe"))
    #expect(tpe * 2 < random, "tpe \(tpe), random \(random)")
  }

  @Test("trials that fail keep the search away, though nothing else tells places apart")
  func failures() throws {
    let space = try Space([LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1)])
    var failed = 0
    for seed in 0..<5 {
      var study = try BareStudy(space, seed: UInt64(seed))
      for _ in 0..<100 {
        let number = try study.start()
        let x = study.numbers(study.log.snapshot.point(number))[0] ?? 0
        if x > 0.4 {
          study.log.finish(number, .fail, values: [], at: 1)
          if number >= 50 { failed += 1 }
        } else {
          study.log.finish(number, .complete, values: [1], at: 1)
        }
      }
    }
    // Of 250 random draws 150 would fail.
    #expect(failed < 75, "\(failed) failed")
  }
}
