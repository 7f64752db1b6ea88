import Attune
import AttuneCore
import Testing

@Suite("Enqueued parameters")
struct EnqueueTests {
  @Test("whole configurations are asked next, in order, and do not move the strategy")
  func whole() throws {
    for strategy in ["random", "sobol", "grid"] {
      let study = try Samples.study(Samples.twelve, strategy: strategy)
      let plain = try Samples.study(Samples.twelve, strategy: strategy)
      let first = try study.step()
      try study.enqueue([("a", .int(2)), ("b", .bool(true)), ("c", .int(1))])
      try study.enqueue([("b", .bool(false)), ("a", .int(0))])
      #expect(study.trialCount == 3)
      #expect(try study.trials([.waiting]).numbers == [1, 2])
      #expect(try study.step() == #"{"a": 2, "b": true, "c": 1}"#)
      #expect(try study.step() == #"{"a": 0, "b": false}"#)
      #expect(try study.trials().records.map(\.origin) == [.strategy, .enqueued, .enqueued])
      #expect(try plain.step() == first)
      guard strategy != "random" else { continue }
      for _ in 0..<5 { #expect(try plain.step() == study.step(), "\(strategy)") }
    }
  }

  @Test("what is missing is chosen by the strategy, what is given stays")
  func partial() throws {
    for strategy in ["random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian"] {
      let study = try Samples.study(Samples.mixed, strategy: strategy)
      for x in [0.25, -1.5] {
        try study.enqueue([("x", .float(x)), ("kernel", .string("poly"))])
        let trial = try study.ask()
        #expect(try trial.float("x") == x)
        #expect(try trial.value("kernel") == .string("poly"))
        #expect(try (2...5).contains(trial.int("degree")))
      }
    }
  }

  @Test("values of parameters that turn out inactive are left out")
  func inactive() throws {
    let study = try Samples.study(Samples.twelve)
    try study.enqueue([("a", .int(1)), ("b", .bool(false)), ("c", .int(2))])
    #expect(try study.step() == #"{"a": 1, "b": false}"#)
  }

  @Test("an empty configuration is the strategy's choice alone")
  func empty() throws {
    let study = try Samples.study(Samples.twelve)
    try study.enqueue([])
    let trial = try study.ask()
    #expect(try trial.int("a") >= 0)
    #expect(try study.trials()[0].origin == .enqueued)
  }

  @Test(
    "what does not fit the space is refused when it is enqueued",
    arguments: [
      (#"{"z": 1}"#, "no parameter \"z\" in the space"),
      (#"{"a": 7}"#, "parameter \"a\": value is 7, wanted 0 to 2"),
      (#"{"b": "yes"}"#, "parameter \"b\": value is \"yes\", wanted one of false, true"),
      (#"{"a": [1]}"#, "params: \"a\" is [1], wanted null, a bool, a number or a string"),
      (#"[1]"#, "params: found [1], wanted an object"),
    ])
  func refused(json: String, text: String) throws {
    let study = try Samples.study(Samples.twelve)
    #expect(message { () throws(AttuneError) in try study.enqueue(json: json) } == text)
    #expect(try study.ask().number == 0)
    #expect(try study.trials()[0].origin == .strategy)
  }

  @Test("define-by-run trials take enqueued values that fit the range asked for")
  func defineByRun() throws {
    let study = try Samples.study(nil)
    try study.enqueue([("x", .float(0.5)), ("k", .string("b")), ("n", .int(99)), ("unused", .null)])
    let trial = try study.ask()
    #expect(try trial.suggestFloat("x", low: 0, high: 1) == 0.5)
    #expect(try trial.suggestCategorical("k", [.string("a"), .string("b")]) == 1)
    #expect(try (0...9).contains(trial.suggestInt("n", low: 0, high: 9)))
    let next = try study.ask()
    #expect(try next.suggestFloat("x", low: 0, high: 1) != 0.5)
  }

  @Test("a long queue is asked to its end in order")
  func long() throws {
    let study = try Samples.study(#"{"n": {"type": "int", "low": 0, "high": 1000}}"#)
    for n in 0..<500 { try study.enqueue([("n", .int(Int64(n)))]) }
    for n in 0..<250 { #expect(try study.ask().int("n") == Int64(n)) }
    for n in 500..<600 { try study.enqueue([("n", .int(Int64(n)))]) }
    for n in 250..<600 { #expect(try study.ask().int("n") == Int64(n)) }
    _ = try study.ask()
    #expect(try study.trials()[600].origin == .strategy)
  }

  @Test("enqueued trials are asked even when the strategy has no point left")
  func exhausted() throws {
    let study = try Samples.study(Samples.twelve, strategy: "grid")
    for _ in 0..<12 { try study.step() }
    try study.enqueue([("a", .int(0)), ("b", .bool(false))])
    #expect(try study.step() == #"{"a": 0, "b": false}"#)
    #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
  }
}
