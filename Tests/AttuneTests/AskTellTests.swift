import Attune
import AttuneCore
import Testing

@Suite("Ask and tell")
struct AskTellTests {
  @Test("a trial goes from ask to tell and stands in the table")
  func one() throws {
    let study = try Samples.study(Samples.mixed)
    let trial = try study.ask()
    #expect(trial.number == 0)
    #expect(try study.trials()[0].state == .running)
    #expect(try study.tell(trial, values: [1.5]) == .complete)
    let record = try study.trials()[0]
    #expect(record.number == 0)
    #expect(record.state == .complete)
    #expect(record.values == [1.5])
    #expect(record.origin == .strategy)
    #expect(record.params.map(\.name) == trial.params.map(\.name))
    #expect(record.params.map(\.value) == trial.params.map(\.value))
    #expect(record.failure == nil)
    #expect(record.started > 1_700_000_000_000_000)
    #expect(record.finished >= record.started)
    #expect((record.duration ?? -1) >= 0)
    #expect(study.trialCount == 1)
  }

  @Test("parameters are read by name in their type, and the error says what they are")
  func reading() throws {
    let study = try Samples.study(Samples.mixed)
    try study.enqueue([
      ("kernel", .string("poly")), ("degree", .int(3)), ("coef", .float(0.5)), ("lr", .float(0.01)),
      ("x", .int(1)), ("drop", .float(0.2)), ("n", .int(9)),
    ])
    let trial = try study.ask()
    #expect(try trial.float("x") == 1)
    #expect(try trial.int("degree") == 3)
    #expect(try trial.float("degree") == 3)
    #expect(try trial.choiceIndex("kernel") == 1)
    #expect(try trial.value("kernel") == .string("poly"))
    #expect(try trial.int("seed") == 7)
    #expect(trial.isActive(6) && !trial.isActive(99) && !trial.isActive(-1))
    #expect(try trial.index(of: "n") == 5)
    #expect(trial.numberCount == 8)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: 9)
    defer { numbers.deallocate() }
    numbers.initialize(repeating: -99)
    trial.numbers(into: numbers)
    #expect(Array(numbers) == [0.01, 1, 0.2, 3, 1, 9, 0.5, 7, -99])
    func expect(
      _ text: String, _ code: AttuneError.Code, _ body: () throws(AttuneError) -> Void
    ) {
      let error = thrownError(by: body)
      #expect(error?.message == text)
      #expect(error?.code == code)
    }
    expect("no parameter \"kernl\" in the space (did you mean \"kernel\"?)", .notFound) {
      () throws(AttuneError) in _ = try trial.value("kernl")
    }
    expect("parameter \"kernel\" is \"poly\", wanted a number", .typeMismatch) {
      () throws(AttuneError) in _ = try trial.float("kernel")
    }
    expect("parameter \"x\" is 1.0, wanted an int parameter", .typeMismatch) {
      () throws(AttuneError) in _ = try trial.int("x")
    }
    expect("parameter \"x\" is float, wanted categorical", .typeMismatch) {
      () throws(AttuneError) in _ = try trial.choiceIndex("x")
    }
    try study.enqueue([("kernel", .null)])
    let other = try study.ask()
    let error = thrownError { () throws(AttuneError) in try other.int("degree") }
    #expect(error?.code == .inactive)
    #expect(error?.message == "parameter \"degree\" is not active in trial 1")
    other.numbers(into: UnsafeMutableBufferPointer(rebasing: numbers[0..<4]))
    #expect(numbers[3].isNaN && numbers[4] == 1)
  }

  @Test("a trial is told once")
  func twice() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    try study.tell(trial, values: [1])
    func expect(_ body: () throws(AttuneError) -> Void) {
      let error = thrownError(by: body)
      #expect(error?.code == .invalidState)
      #expect(error?.message == "trial 0 is COMPLETE already, wanted RUNNING")
    }
    expect { () throws(AttuneError) in try study.tell(trial, values: [2]) }
    expect { () throws(AttuneError) in try study.tell(trial, .fail, reason: "x") }
    expect { () throws(AttuneError) in try study.tell(trial, .pruned) }
    #expect(try study.trials()[0].values == [1])
  }

  @Test("a trial of another study is refused")
  func foreign() throws {
    let (study, other) = (try Samples.study(name: "a"), try Samples.study(name: "b"))
    let trial = try other.ask()
    _ = try study.ask()
    let error = thrownError { () throws(AttuneError) in try study.tell(trial, values: [1]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message == "trial 0 is of study \"b\", wanted one of \"a\"")
    #expect(try study.trials()[0].state == .running)
  }

  @Test("NaN makes FAIL, with the reason; the study goes on")
  func nan() throws {
    let study = try Samples.study()
    #expect(try study.tell(study.ask(), values: [.nan]) == .fail)
    #expect(try study.trials()[0].failure == Failure("objective value is NaN"))
    #expect(try study.trials()[0].values == [])
    let two = try Samples.study(directions: [.minimize, .maximize])
    #expect(try two.tell(two.ask(), values: [1, .nan]) == .fail)
    #expect(try two.trials()[0].failure?.reason == "objective value 1 is NaN")
    #expect(try study.bestTrials().count == 0)
  }

  @Test("a wrong number of values is refused, and the trial stays")
  func wrongCount() throws {
    let study = try Samples.study()
    let trial = try study.ask()
    for (values, count) in [([], 0), ([1, 2], 2)] as [([Double], Int)] {
      let error = thrownError { () throws(AttuneError) in try study.tell(trial, values: values) }
      #expect(
        error?.message == "trial 0 is told \(count) values, wanted 1, one per direction")
    }
    #expect(try study.tell(trial, values: [0]) == .complete)
  }

  @Test("FAIL is told with a reason and a code, PRUNED with or without")
  func states() throws {
    let study = try Samples.study()
    try study.tell(study.ask(), .fail, reason: "segfault", code: 139)
    try study.tell(study.ask(), .fail)
    try study.tell(study.ask(), .pruned)
    let trial = try study.ask()
    let records = try study.trials().records
    #expect(records[0].failure == Failure("segfault", code: 139))
    #expect(records[1].failure == Failure("no reason given"))
    #expect(records[2].state == .pruned && records[2].failure == nil)
    for state in [TrialState.complete, .running, .waiting] {
      let error = thrownError { () throws(AttuneError) in try study.tell(trial, state) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("is told \(state.name)") == true)
    }
  }

  @Test("many trials are asked in one call, as many single asks would give")
  func batch() throws {
    for strategy in ["random", "sobol", "grid", "tpe"] {
      let (one, many) = (
        try Samples.study(Samples.twelve, strategy: strategy),
        try Samples.study(Samples.twelve, strategy: strategy)
      )
      let batch = try many.ask(count: 8)
      #expect(batch.map(\.number) == Array(0..<8))
      for trial in batch { #expect(try one.ask().paramsJSON == trial.paramsJSON) }
    }
    let study = try Samples.study()
    for count in [0, -1, .min] {
      #expect(
        message { () throws(AttuneError) in try study.ask(count: count) }
          == "asked for \(count) trials, wanted 1 or more")
    }
  }

  @Test("a batch is shorter only at exhaustion, and empty is an error")
  func batchExhausted() throws {
    let study = try Samples.study(Samples.twelve, strategy: "grid")
    #expect(try study.ask(count: 10).count == 10)
    #expect(try study.ask(count: 10).count == 2)
    #expect(thrownError { () throws(AttuneError) in try study.ask(count: 1) }?.code == .exhausted)
    #expect(study.trialCount == 12)
  }

  @Test("trials have seeds of their own that depend on the study's seed and their number alone")
  func seeds() throws {
    let (a, b) = (try Samples.study(seed: 5), try Samples.study(Samples.mixed, seed: 5))
    let other = try Samples.study(seed: 6)
    var seen: Set<UInt64> = []
    for _ in 0..<50 {
      let seed = try a.ask().seed
      #expect(try b.ask().seed == seed)
      #expect(try other.ask().seed != seed)
      seen.insert(seed)
    }
    #expect(seen.count == 50)
  }

  @Test("the same seed gives the same trials, another seed others")
  func reproducible() throws {
    for strategy in ["random", "sobol", "tpe", "gp", "cmaes", "bayesian"] {
      let texts = try [1, 1, 2].map { seed in
        let study = try Samples.study(Samples.mixed, strategy: strategy, seed: UInt64(seed))
        return try (0..<30).map { _ in try study.step() }
      }
      #expect(texts[0] == texts[1])
      #expect(texts[0] != texts[2])
    }
  }

  @Test("a study without a seed or name gets them, and says which")
  func chosen() throws {
    let study = try Study.create(Study.Settings())
    let other = try Study.create(Study.Settings())
    #expect(study.seed != other.seed)
    #expect(study.name.hasPrefix("study-"))
    #expect(study.strategyName == "bayesian")
    #expect(study.isDefineByRun)
  }

  @Test("what a study cannot be made of is refused")
  func refused() throws {
    var settings = Study.Settings()
    settings.directions = []
    #expect(
      message { () throws(AttuneError) in try Study.create(settings) }
        == "the study has no direction, wanted at least one")
    settings = Study.Settings()
    for name in ["", "a\0b", String(repeating: "x", count: 513)] {
      settings.name = name
      #expect(
        message { () throws(AttuneError) in try Study.create(settings) }
          .hasSuffix("wanted 1 to 512 bytes without NUL"))
    }
    settings = Study.Settings()
    settings.strategy = "gird"
    #expect(
      message { () throws(AttuneError) in try Study.create(settings) }
        .hasPrefix("no strategy \"gird\" (did you mean \"grid\"?)"))
    settings.strategy = "random"
    settings.strategyOptions = [("points", .int(3))]
    #expect(
      message { () throws(AttuneError) in try Study.create(settings) }
        == "strategy random: unknown option \"points\"; it takes none")
    settings.strategyOptions = []
    for policy in [DuplicatePolicy.avoid, .reuse] {
      settings.duplicates = policy
      let error = thrownError { () throws(AttuneError) in try Study.create(settings) }
      #expect(error?.code == .notSupported)
      #expect(
        error?.message
          == "duplicates is \(policy.rawValue), which needs a declared space; a define-by-run study "
          + "takes only allow")
    }
  }

  @Test("asks from many threads get every number once and no other")
  func threads() async throws {
    let study = try Samples.study(Samples.mixed, strategy: "sobol")
    let numbers = await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var numbers: [Int] = []
          for index in 0..<100 {
            do throws(AttuneError) {
              let trial = try study.ask()
              numbers.append(trial.number)
              if index % 3 != 0 { try study.tell(trial, values: [Double(trial.number)]) }
              _ = try study.bestTrials()
            } catch {
              Issue.record("\(error)")
            }
          }
          return numbers
        }
      }
      var all: [Int] = []
      for await numbers in group { all += numbers }
      return all
    }
    #expect(numbers.sorted() == Array(0..<800))
    // Whatever the threads did, each trial has the point of its number.
    let alone = try Samples.study(Samples.mixed, strategy: "sobol")
    let table = try study.trials()
    for index in 0..<800 {
      #expect(try alone.ask().paramsJSON == JSON(params: table[index].params).text(.spaced))
    }
  }
}
