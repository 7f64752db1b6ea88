import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Testing

@Suite("Parameter importance")
struct PEDANOVATests {
  /// A history of COMPLETE trials.
  private func history(
    _ space: Space, _ trials: [(params: [(name: String, value: Value)], values: [Double])]
  ) throws -> History {
    var log = HistoryLog(valueCount: trials.first?.values.count ?? 1, width: space.count)
    for trial in trials {
      let given = try PartialPoint(trial.params, in: space)
      let number = log.claim(.added, at: 0)
      log.fill(number, try #require(space.point(given: given)))
      log.finish(number, .complete, values: trial.values, at: 1)
    }
    return log.snapshot
  }

  @Test("importances are those that Optuna computes, to a millionth")
  func reference() throws {
    let cases = try #require(try JSON(parsing: PEDANOVAReference.json).arrayValue)
    #expect(cases.count == 3)
    for element in cases {
      let fields = try #require(element.arrayValue)
      let space = try Space(json: try #require(fields[0].objectValue))
      let direction = try #require(Direction(name: fields[1].stringValue ?? ""))
      let trials = try (fields[2].arrayValue ?? []).map { row in
        let parts = try #require(row.arrayValue)
        let values = try #require(parts[0].arrayValue)
        let params = zip(space.parameters, values).compactMap { parameter, json in
          json.isNull ? nil : Value(json).map { (name: parameter.name, value: $0) }
        }
        return (params: params, values: [parts[1].doubleValue ?? .nan])
      }
      let found = PEDANOVA.importances(
        of: try history(space, trials), space: space, directions: [direction])
      let wanted = (fields[3].arrayValue ?? []).map { $0.doubleValue ?? .nan }
      #expect(found.count == wanted.count)
      for (index, parameter) in space.parameters.enumerated() {
        #expect(
          (found[index] - wanted[index]).magnitude < 1e-6 * max(1, wanted[index]),
          "\(parameter.name): \(found[index]), Optuna \(wanted[index])")
      }
    }
  }

  @Test("with several objectives what decides the front matters, what does not does not")
  func objectives() throws {
    let space = try Space([
      LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1), LawSpace.float("z", 0, 1),
      Parameter("fixed", .fixed(.int(1))),
    ])
    var stream = RandomStream(seed: 1, trial: 0, stream: 0)
    let trials = (0..<300).map { _ in
      let (x, y, z) = (stream.nextUnit(), stream.nextUnit(), stream.nextUnit())
      return (
        params: [("x", x), ("y", y), ("z", z)].map { (name: $0.0, value: Value.float($0.1)) },
        values: [x + 3 * y, -(1 - x + 3 * y)]
      )
    }
    let found = PEDANOVA.shares(
      PEDANOVA.importances(
        of: try history(space, trials), space: space, directions: [.minimize, .maximize]))
    #expect(found[1] > 0.7 && found[2] < 0.2 && found[3] == 0)
    #expect((found.reduce(0, +) - 1).magnitude < 1e-12)
  }

  @Test("the fronts of many trials are peeled, ties and all, as by definition")
  func manyFronts() throws {
    // Values on a small lattice: whole fronts tie, and a front that fits exactly ends the choice.
    let space = try Space([LawSpace.float("x", 0, 1), LawSpace.float("y", 0, 1)])
    let trials = (0..<20_000).map { number in
      let (x, y) = (Double(number % 100) / 100, Double(number / 100) / 200)
      return (
        params: [("x", x), ("y", y)].map { (name: $0.0, value: Value.float($0.1)) },
        values: [x, x]
      )
    }
    let found = PEDANOVA.importances(
      of: try history(space, trials), space: space, directions: [.minimize, .minimize])
    let single = PEDANOVA.importances(
      of: try history(space, trials.map { (params: $0.params, values: [$0.values[0]]) }),
      space: space, directions: [.minimize])
    // Equal values are one front each, so the best tenth is the one that a single value has.
    #expect(found == single && found[0] > 100 * found[1])
  }

  @Test("extreme ranges and few trials break nothing")
  func specials() throws {
    let space = try LawSpace.extremes.space()
    var study = try BareStudy(space, strategy: "random")
    let none = PEDANOVA.importances(
      of: study.log.snapshot, space: space, directions: [.minimize])
    #expect(none == [0, 0, 0, 0])
    #expect(PEDANOVA.shares(none) == [0.25, 0.25, 0.25, 0.25])
    for number in 0..<40 {
      let trial = try study.start()
      study.log.finish(
        trial, .complete, values: [number % 9 == 0 ? .infinity : Double(number % 5)], at: 1)
    }
    let found = PEDANOVA.importances(
      of: study.log.snapshot, space: space, directions: [.minimize])
    #expect(found.allSatisfy { $0.isFinite && $0 >= 0 })
  }
}
