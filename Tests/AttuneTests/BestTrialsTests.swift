import Attune
import AttuneCore
import Testing

@Suite("Best trials")
struct BestTrialsTests {
  static func best(_ study: Study) throws -> [Int] { try study.bestTrials().numbers }

  @Test(
    "the best is the least or the greatest, the first of equals, infinities ranked",
    arguments: [
      ([3, 1, 2], .minimize, [1]), ([3, 1, 2], .maximize, [0]), ([1, 1], .minimize, [0]),
      ([.infinity, 5], .minimize, [1]), ([5, -.infinity], .minimize, [1]),
      ([5, .infinity], .maximize, [1]), ([-.infinity], .maximize, [0]),
      ([.nan, 2], .minimize, [1]),
      ([.nan], .minimize, []), ([], .minimize, []), ([-0.0, 0.0], .maximize, [0]),
    ] as [([Double], Direction, [Int])])
  func ranking(values: [Double], direction: Direction, best: [Int]) throws {
    let study = try Samples.study(directions: [direction])
    for value in values { try study.tell(study.ask(), values: [value]) }
    try study.tell(study.ask(), .fail)
    try study.tell(study.ask(), .pruned)
    _ = try study.ask()
    #expect(try Self.best(study) == best)
  }

  @Test("a pruned trial is never the best, however good its last report")
  func pruned() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try trial.report(step: 0, values: [-100])
    try study.tell(trial, .pruned)
    #expect(try study.trials()[0].values == [-100])
    try study.tell(study.ask(), values: [1])
    #expect(try Self.best(study) == [1])
  }

  @Test("feasible trials beat all others; without one, values alone count")
  func constraints() throws {
    let study = try Samples.study()
    func tell(_ value: Double, _ constraints: (String, Double)...) throws {
      let trial = try study.ask()
      for (name, level) in constraints { try trial.setConstraint(name, level) }
      try study.tell(trial, values: [value])
    }
    try tell(5, ("c", 0.1))
    #expect(try Self.best(study) == [0])
    try tell(3, ("c", 2))
    #expect(try Self.best(study) == [1])
    try tell(9, ("c", 0), ("d", -1))
    #expect(try Self.best(study) == [2])
    try tell(1, ("c", 0), ("d", .nan))
    #expect(try Self.best(study) == [2])
    try tell(8, ("c", -.infinity))
    #expect(try Self.best(study) == [4])
    try tell(7)
    #expect(try Self.best(study) == [5])
  }

  @Test("of several directions the front is what no other dominates, in the order of numbers")
  func front() throws {
    let study = try Samples.study(directions: [.minimize, .maximize])
    let values: [[Double]] = [
      [1, 1], [2, 2], [2, 1], [0, 0], [1, 1], [3, .infinity], [-.infinity, -5], [3, 2],
    ]
    for values in values { try study.tell(study.ask(), values: values) }
    #expect(try Self.best(study) == [0, 1, 3, 4, 5, 6])
  }

  @Test("the front agrees with comparing every pair")
  func frontLaw() throws {
    let study = try Samples.study(directions: [.minimize, .maximize, .minimize], seed: 4)
    var all: [[Double]] = []
    for index in 0..<200 {
      let trial = try study.ask()
      let x = try trial.float("x")
      // Coarse, so that equal values happen.
      let values = [(x * 4).rounded(), (x * x * 8).rounded(), Double(index % 7)]
      all.append(values)
      try study.tell(trial, values: values)
    }
    func dominates(_ a: [Double], _ b: [Double]) -> Bool {
      a[0] <= b[0] && a[1] >= b[1] && a[2] <= b[2] && a != b
    }
    let wanted = all.indices.filter { index in !all.contains { dominates($0, all[index]) } }
    #expect(try Self.best(study) == wanted)
  }

  @Test("on the front, too, feasible trials come first")
  func feasibleFront() throws {
    let study = try Samples.study(directions: [.minimize, .minimize])
    for (values, constraint) in [([0, 0], 1.0), ([1, 2], 0), ([2, 1], -1), ([3, 3], 0)]
      as [([Double], Double)]
    {
      let trial = try study.ask()
      try trial.setConstraint("c", constraint)
      try study.tell(trial, values: values)
    }
    #expect(try Self.best(study) == [1, 2])
  }
}
