import Attune
import AttuneCore
import Testing

@Suite("Define by run")
struct DefineByRunTests {
  @Test("suggest calls discover the space, in the order of the calls")
  func discovery() throws {
    let study = try Samples.study(nil)
    #expect(study.space.count == 0)
    let trial = try study.ask()
    let x = try trial.suggestFloat("x", low: -1, high: 1)
    let n = try trial.suggestInt("n", low: 1, high: 9, step: 2)
    let k = try trial.suggestCategorical("k", [.string("a"), .null, .int(3)])
    let lr = try trial.suggestFloat("lr", low: 1e-5, high: 0.1, log: true)
    #expect((-1...1).contains(x) && n % 2 == 1 && (0..<3).contains(k) && lr >= 1e-5)
    #expect(study.space.parameters.map(\.name) == ["x", "n", "k", "lr"])
    #expect(trial.params.map(\.name) == ["x", "n", "k", "lr"])
    #expect(try trial.float("x") == x && trial.int("n") == n && trial.choiceIndex("k") == k)
    #expect(trial.numberCount == 4 && trial.isActive(3) && !trial.isActive(4))
    try study.tell(trial, values: [1])
    #expect(try study.trials()[0].params.map(\.name) == ["x", "n", "k", "lr"])
  }

  @Test("the same name twice in a trial gives the same value, with another distribution an error")
  func twice() throws {
    let trial = try Samples.study(nil).ask()
    let x = try trial.suggestFloat("x", low: 0, high: 1)
    for _ in 0..<3 { #expect(try trial.suggestFloat("x", low: 0, high: 1) == x) }
    let error = thrownError { () throws(AttuneError) in
      try trial.suggestFloat("x", low: 0, high: 2)
    }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message
        == "parameter \"x\" is suggested twice in trial 0 with different distributions, wanted the same"
    )
    #expect(trial.params.count == 1)
  }

  @Test("parameters of other branches are absent, in tables and in numbers")
  func branches() throws {
    let study = try Samples.study(nil)
    for index in 0..<6 {
      let trial = try study.ask()
      if index % 2 == 0 {
        _ = try trial.suggestFloat("even", low: 0, high: 1)
      } else {
        _ = try trial.suggestInt("odd", low: 0, high: 9)
      }
      try study.tell(trial, values: [Double(index)])
    }
    let table = try study.trials()
    for index in 0..<6 {
      #expect(table[index].params.map(\.name) == [index % 2 == 0 ? "even" : "odd"])
      #expect(table.number(index, parameter: index % 2 == 0 ? 1 : 0).isNaN)
      #expect(!table.number(index, parameter: index % 2 == 0 ? 0 : 1).isNaN)
    }
    let error = thrownError { () throws(AttuneError) in try study.ask().value("even") }
    #expect(error?.message == "parameter \"even\" was not suggested in trial 6")
  }

  @Test("ranges may widen from trial to trial, and the space holds them all")
  func widening() throws {
    let study = try Samples.study(nil)
    for high in 1...5 {
      let trial = try study.ask()
      #expect(try trial.suggestFloat("x", low: 0, high: Double(high)) <= Double(high))
      #expect(try trial.suggestInt("n", low: Int64(-high), high: 0) >= Int64(-high))
      try study.tell(trial, values: [1])
    }
    #expect(
      study.space.json
        == #"{"x": {"type": "float", "low": 0.0, "high": 5.0}, "n": {"type": "int", "low": -5, "high": 0}}"#
    )
    let narrow = try study.ask()
    for _ in 0..<10 { #expect(try narrow.suggestFloat("x", low: 2, high: 2.5) >= 2) }
  }

  @Test("another kind, log, step or choices than before is refused by name")
  func changes() throws {
    let study = try Samples.study(nil)
    let first = try study.ask()
    _ = try first.suggestFloat("x", low: 1, high: 2)
    _ = try first.suggestInt("n", low: 0, high: 10, step: 2)
    _ = try first.suggestFloat("s", low: 0, high: 1, step: 0.1)
    _ = try first.suggestCategorical("k", [.string("a"), .string("b")])
    let trial = try study.ask()
    func expect<T>(_ text: String, _ body: () throws(AttuneError) -> T) {
      let error = thrownError(by: body)
      #expect(error?.code == .typeMismatch)
      #expect(error?.message == "parameter \(text) as in earlier trials")
    }
    expect("\"x\": type is int, wanted float") {
      () throws(AttuneError) in try trial.suggestInt("x", low: 1, high: 2)
    }
    expect("\"x\": log is true, wanted false") {
      () throws(AttuneError) in try trial.suggestFloat("x", low: 1, high: 2, log: true)
    }
    expect("\"x\": step is 0.5, wanted none") {
      () throws(AttuneError) in try trial.suggestFloat("x", low: 1, high: 2, step: 0.5)
    }
    expect("\"n\": step is 1, wanted 2") {
      () throws(AttuneError) in try trial.suggestInt("n", low: 0, high: 10)
    }
    expect("\"n\": low is 1, wanted 0 plus a multiple of 2") {
      () throws(AttuneError) in try trial.suggestInt("n", low: 1, high: 11, step: 2)
    }
    expect("\"s\": low is 0.05, wanted 0.0 plus a multiple of 0.1") {
      () throws(AttuneError) in try trial.suggestFloat("s", low: 0.05, high: 0.95, step: 0.1)
    }
    expect("\"k\": choices is \"a\", \"c\", wanted \"a\", \"b\"") {
      () throws(AttuneError) in try trial.suggestCategorical("k", [.string("a"), .string("c")])
    }
    expect("\"k\": ordered is true, wanted false") {
      () throws(AttuneError) in
      try trial.suggestCategorical("k", [.string("a"), .string("b")], ordered: true)
    }
    #expect(trial.params.isEmpty)
    #expect(try trial.suggestInt("n", low: -4, high: 20, step: 2) % 2 == 0)
    #expect(try trial.suggestFloat("s", low: -0.5, high: 1.5, step: 0.1) >= -0.5)
  }

  @Test("malformed suggestions are refused as malformed spaces are")
  func malformed() throws {
    let study = try Samples.study(nil)
    let trial = try study.ask()
    #expect(
      message { () throws(AttuneError) in try trial.suggestFloat("x", low: 2, high: 1) }
        == "parameter \"x\": low is 2.0, wanted at most high, which is 1.0")
    #expect(
      message { () throws(AttuneError) in try trial.suggestFloat("", low: 0, high: 1) }
        == "parameter 0 has an empty name, wanted at least one character")
    #expect(
      message { () throws(AttuneError) in try trial.suggestCategorical("k", []) }
        == "parameter \"k\": choices are empty, wanted at least one")
    #expect(study.space.count == 0)
    try study.tell(trial, values: [1])
    #expect(
      thrownError { () throws(AttuneError) in try trial.suggestFloat("x", low: 0, high: 1) }?.code
        == .invalidState)
  }

  @Test("a declared space answers suggest calls with its own values")
  func declared() throws {
    let study = try Samples.study(Samples.twelve)
    try study.enqueue([("a", .int(2)), ("b", .bool(false))])
    let trial = try study.ask()
    #expect(try trial.suggestInt("a", low: 0, high: 2) == 2)
    #expect(try trial.suggestCategorical("b", [.bool(false), .bool(true)]) == 0)
    #expect(
      thrownError { () throws(AttuneError) in try trial.suggestInt("c", low: 0, high: 2) }?.code
        == .inactive)
    #expect(
      thrownError { () throws(AttuneError) in try trial.suggestInt("d", low: 0, high: 2) }?.code
        == .notFound)
    #expect(
      message { () throws(AttuneError) in try trial.suggestInt("a", low: 0, high: 3) }
        == "parameter \"a\" is suggested as {\"type\": \"int\", \"low\": 0, \"high\": 3}, wanted "
        + "{\"type\": \"int\", \"low\": 0, \"high\": 2} as declared")
  }

  @Test("values depend on seed, trial number and name, not on the order of calls or threads")
  func independent() throws {
    let (a, b) = (try Samples.study(nil, seed: 9), try Samples.study(nil, seed: 9))
    for _ in 0..<20 {
      let (s, t) = (try a.ask(), try b.ask())
      let x = try s.suggestFloat("x", low: 0, high: 1)
      let y = try s.suggestFloat("y", low: 0, high: 1)
      #expect(try t.suggestFloat("y", low: 0, high: 1) == y)
      #expect(try t.suggestFloat("x", low: 0, high: 1) == x)
    }
  }

  @Test("strategies that need the whole space beforehand are refused")
  func grid() throws {
    let error = thrownError { () throws(AttuneError) in
      var settings = Study.Settings()
      settings.strategy = "grid"
      return try Study.create(settings)
    }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("define-by-run") == true)
  }

  @Test("threads that suggest the same names at the same time agree")
  func threads() async throws {
    let study = try Samples.study(nil)
    for _ in 0..<20 {
      let trial = try study.ask()
      let all = await withTaskGroup(of: [Double].self) { group in
        for _ in 0..<4 {
          group.addTask {
            var values: [Double] = []
            for index in 0..<10 {
              do throws(AttuneError) {
                values.append(try trial.suggestFloat("p\(index)", low: 0, high: 1))
              } catch {
                Issue.record("\(error)")
              }
            }
            return values
          }
        }
        var all: [[Double]] = []
        for await values in group { all.append(values) }
        return all
      }
      #expect(Set(all).count == 1)
      #expect(trial.params.count == 10)
      #expect(try study.trials().records.last?.params.count == 10)
      try study.tell(trial, values: [0])
    }
    #expect(study.space.count == 10)
  }

  @Test("hundreds of parameters, each trial with its own, work")
  func many() throws {
    let study = try Samples.study(nil)
    for index in 0..<300 {
      let trial = try study.ask()
      _ = try trial.suggestInt("p\(index)", low: 0, high: 9)
      _ = try trial.suggestInt("all", low: 0, high: 9)
      try study.tell(trial, values: [0])
    }
    #expect(study.space.count == 301)
    let table = try study.trials()
    for index in 0..<300 {
      #expect(Set(table[index].params.map(\.name)) == ["p\(index)", "all"])
    }
  }
}
