import Attune
import AttuneCore
import Testing

@Suite("Reports, facts, constraints and gradients")
struct TrialDetailTests {
  @Test("the first report at a step counts; steps come in any order")
  func reports() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try trial.report(step: 3, values: [1])
    try trial.report(step: 1, values: [2])
    try trial.report(step: 3, values: [9])
    try trial.report(step: 1, values: [9])
    try trial.report(step: .max, values: [.nan])
    let all = try study.trials()[0].reports.all
    #expect(all.map(\.step) == [3, 1, .max])
    #expect(all[0].values == [1] && all[1].values == [2] && all[2].values[0].isNaN)
  }

  @Test("a malformed report is refused and changes nothing")
  func malformed() throws {
    let study = try Samples.study(directions: [.minimize, .minimize])
    let trial = try study.ask()
    #expect(
      message { () throws(AttuneError) in try trial.report(step: -1, values: [1, 2]) }
        == "trial 0 reports at step -1, wanted 0 or more")
    #expect(
      message { () throws(AttuneError) in try trial.report(step: 1, values: [1]) }
        == "trial 0 reports 1 values, wanted 2, one per direction")
    #expect(try study.trials()[0].reports.all.isEmpty)
  }

  @Test("a finished trial takes no more reports, facts, constraints or gradients")
  func finished() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try study.tell(trial, values: [1])
    try study.setPruner("median")
    func expect(_ body: () throws(AttuneError) -> Void) {
      let error = thrownError(by: body)
      #expect(error?.code == .invalidState)
      #expect(error?.message == "trial 0 is COMPLETE already, wanted RUNNING")
    }
    expect { () throws(AttuneError) in try trial.report(step: 0, values: [1]) }
    expect { () throws(AttuneError) in try trial.setAttribute("a", json: "1") }
    expect { () throws(AttuneError) in try trial.setConstraint("a", 1) }
    expect { () throws(AttuneError) in try trial.setGradient([1]) }
    expect { () throws(AttuneError) in _ = try trial.shouldPrune() }
  }

  @Test("a pruned trial keeps its report at the largest step as its value")
  func prunedValue() throws {
    let study = try Samples.study(directions: [.minimize, .maximize])
    let trial = try study.ask()
    try trial.report(step: 5, values: [1, 2])
    try trial.report(step: 2, values: [3, 4])
    try study.tell(trial, .pruned)
    try study.tell(study.ask(), .pruned)
    #expect(try study.trials().records.map(\.values) == [[1, 2], []])
    #expect(try study.trials().value(1, objective: 0).isNaN)
  }

  @Test("facts of trials and of the study are JSON, the last of a key in its first place")
  func attributes() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try trial.setAttribute("a", json: "{\"x\": [1,2]}")
    try trial.setAttribute("b", json: " null ")
    try trial.setAttribute("a", json: "18446744073709551615")
    #expect(try study.trials()[0].attributes.map(\.key) == ["a", "b"])
    #expect(try study.trials()[0].attributes.map(\.json) == ["18446744073709551615", "null"])
    try study.setAttribute("s", json: "\"t\"")
    #expect(study.attribute("s") == "\"t\"")
    #expect(study.attribute("none") == nil)
    #expect(study.attributes.map(\.key) == ["s"])
    #expect(
      message { () throws(AttuneError) in try trial.setAttribute("", json: "1") }
        == "the key of an attribute is empty")
    #expect(
      message { () throws(AttuneError) in try study.setAttribute("k", json: "{") }
        .hasPrefix("attribute \"k\": line 1, column "))
  }

  @Test("the last value of a constraint counts")
  func constraints() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try trial.setConstraint("memory", 5)
    try trial.setConstraint("time", .infinity)
    try trial.setConstraint("memory", -1)
    let constraints = try study.trials()[0].constraints
    #expect(constraints.map(\.name) == ["memory", "time"])
    #expect(constraints.map(\.value) == [-1, .infinity])
    #expect(
      message { () throws(AttuneError) in try trial.setConstraint("", 1) }
        == "the name of a constraint is empty")
  }

  @Test("a gradient has values x parameters numbers")
  func gradient() throws {
    let study = try Samples.study(Samples.twelve, directions: [.minimize, .maximize])
    let trial = try study.ask()
    #expect(trial.wantsGradient)
    try trial.setGradient([1, 2, 3, 4, 5, .nan])
    #expect(try study.trials()[0].gradient.prefix(5) == [1, 2, 3, 4, 5])
    for count in [0, 1, 5, 7] {
      #expect(
        message { () throws(AttuneError) in
          try trial.setGradient([Double](repeating: 0, count: count))
        } == "trial 0 has a gradient of \(count) numbers, wanted 6: values x parameters")
    }
  }

  @Test(
    "a gradient told with the values is that of the trial, and one of a wrong size tells nothing")
  func toldGradient() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    #expect(
      message { () throws(AttuneError) in
        _ = try study.tell(trial, values: [1], gradient: [1, 2, 3, 4])
      }
      .hasPrefix("trial 0 has a gradient of 4 numbers, wanted \(study.space.count)"))
    #expect(try study.trials()[0].state == .running)
    let gradient = study.space.parameters.indices.map { Double($0 + 1) / 3 }
    try study.tell(trial, values: [1], gradient: gradient)
    #expect(try study.trials()[0].gradient == gradient)
  }

  @Test("the pruner that is chosen decides, and without one nothing is pruned")
  func pruning() throws {
    let study = try Samples.study()
    try study.setPruner("median", options: [("n_startup_trials", .int(2))])
    for value in [1.0, 2] {
      let trial = try study.ask()
      try trial.report(step: 0, values: [value])
      #expect(try !trial.shouldPrune())
      try study.tell(trial, values: [value])
    }
    let (good, bad) = (try study.ask(), try study.ask())
    try good.report(step: 0, values: [1.5])
    try bad.report(step: 0, values: [1.6])
    #expect(try !good.shouldPrune())
    #expect(try bad.shouldPrune())
    try study.setPruner("none")
    #expect(try !bad.shouldPrune())
    #expect(
      message { () throws(AttuneError) in try study.setPruner("medain") }
        .hasPrefix("no pruner \"medain\" (did you mean \"median\"?)"))
    let two = try Samples.study(directions: [.minimize, .minimize])
    #expect(
      thrownError { () throws(AttuneError) in try two.setPruner("median") }?.code == .notSupported)
  }

  @Test("the failure that an objective is about to return waits with the trial")
  func pendingFailure() throws {
    let trial = try Samples.study().ask()
    #expect(trial.pendingFailure == nil)
    trial.setError(code: 3, message: "bad input")
    #expect(trial.pendingFailure == Failure("bad input", code: 3))
    trial.setError(code: -1, message: nil)
    #expect(trial.pendingFailure == Failure("", code: -1))
  }

  @Test("a table is a snapshot: what happens later does not show")
  func snapshot() throws {
    let study = try Samples.study(nil)
    let trial = try study.ask()
    _ = try trial.suggestFloat("a", low: 0, high: 1)
    let before = try study.trials()
    _ = try trial.suggestFloat("b", low: 0, high: 1)
    try trial.setAttribute("k", json: "1")
    try trial.report(step: 1, values: [1])
    try study.tell(trial, values: [1])
    _ = try study.ask()
    #expect(before.count == 1)
    #expect(before[0].state == .running)
    #expect(before[0].params.map(\.name) == ["a"])
    #expect(before[0].attributes.isEmpty && before[0].reports.all.isEmpty)
    #expect(before[0].finished == 0 && before[0].duration == nil)
    #expect(before.space.count == 1)
  }

  @Test("a table reads as numbers: choices as indexes, NaN where there is none, also out of range")
  func numbers() throws {
    let study = try Samples.study(Samples.twelve)
    try study.enqueue([("a", .int(2)), ("b", .bool(false))])
    try study.tell(study.ask(), values: [4])
    let table = try study.trials()
    #expect(table.number(0, parameter: 0) == 2)
    #expect(table.number(0, parameter: 1) == 0)
    for parameter in [2, 3, 64, -1, .max] { #expect(table.number(0, parameter: parameter).isNaN) }
    #expect(table.value(0, objective: 0) == 4)
    for objective in [1, 1000, -1] { #expect(table.value(0, objective: objective).isNaN) }
    #expect(table.state(0) == .complete)
  }

  @Test("tables hold the states asked for")
  func states() throws {
    let study = try Samples.study()
    try study.tell(study.ask(), values: [1])
    try study.tell(study.ask(), .fail)
    try study.tell(study.ask(), .pruned)
    _ = try study.ask()
    #expect(try study.trials().numbers == [0, 1, 2, 3])
    #expect(try study.trials([.fail, .running]).numbers == [1, 3])
    #expect(try study.trials([.waiting]).count == 0)
    #expect(try study.trials([]).count == 0)
  }
}
