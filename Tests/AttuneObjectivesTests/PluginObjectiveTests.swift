import AttuneCore
import AttuneObjectives
import Foundation
import Testing

@Suite(.serialized)
struct PluginObjectiveTests {
  private func objective(_ name: String, config: String? = nil) throws -> PluginObjective {
    try PluginObjective(
      path: Compiled.plugin("good.c"), id: "org.attune.test.\(name)", config: config)
  }

  private func mode(_ mode: String, config: String? = nil) throws -> (Evaluation, RecordedTrial) {
    let objective = try objective("mode", config: config)
    let trial = try RecordedTrial(objective.descriptor.space, [("mode", .string(mode))])
    return (try objective.evaluate(trial).evaluation, trial)
  }

  private func seen(_ space: Space, _ values: [(name: String, value: Value)]) throws -> [String] {
    let trial = try RecordedTrial(space, values)
    let (evaluation, numbers) = try objective("echo").evaluate(trial)
    #expect(evaluation == .complete)
    #expect(numbers == [3 + 345.0 / 1000])
    let text = try #require(trial.record.attributes["seen"])
    return try JSON(parsing: text).arrayValue?.compactMap(\.stringValue) ?? []
  }

  // number, integer, text, choice_number, choice_integer, kind, choice_type, active
  @Test("a plugin gets every kind of parameter as its header says")
  func parameters() throws {
    let space = try objective("echo").descriptor.space
    #expect(
      try seen(
        space,
        [
          ("lr", .float(0.5)), ("depth", .int(-2)), ("kernel", .string("rbf")),
          ("gamma", .float(0.25)),
        ])
        == [
          "0.5 0 NULL nan 0 0 -1 1", "-2 -2 NULL nan 0 1 -1 1", "0 0 rbf nan 0 2 4 1",
          "0.25 0 NULL nan 0 0 -1 1", "0 0 seven nan 0 2 4 1", "7 7 NULL nan 0 1 -1 1",
        ])
    let others: [(Value, String)] = [
      (.string("pöly"), "1 1 pöly nan 0 2 4 1"), (.int(3), "2 2 3 3 3 2 2 1"),
      (.bool(true), "3 3 true 1 1 2 1 1"), (.null, "4 4 null nan 0 2 0 1"),
      (.float(2.5), "5 5 2.5 2.5 0 2 3 1"),
    ]
    for (kernel, wanted) in others {
      let all = try seen(space, [("kernel", kernel)])
      #expect(all[2] == wanted)
      #expect(all[3] == "nan 0 NULL nan 0 0 -1 0")
    }
  }

  @Test("a study's space may stand in another order, narrow ranges and fix values")
  func narrowed() throws {
    let space = try Space(
      json: #"""
        {"size": {"type": "int", "low": 7, "high": 7}, "tag": {"type": "categorical", "choices": ["seven"]},
         "kernel": {"type": "categorical", "choices": [2.5, "rbf"]}, "lr": {"type": "fixed", "value": 1},
         "gamma": {"type": "int", "low": 0, "high": 1, "when": {"kernel": ["rbf"]}},
         "depth": {"type": "int", "low": 2, "high": 6, "step": 2}}
        """#)
    #expect(
      try seen(space, [("kernel", .string("rbf")), ("gamma", .int(1)), ("depth", .int(4))]) == [
        "1 0 NULL nan 0 0 -1 1", "4 4 NULL nan 0 1 -1 1", "0 0 rbf nan 0 2 4 1",
        "1 0 NULL nan 0 0 -1 1", "0 0 seven nan 0 2 4 1", "7 7 NULL nan 0 1 -1 1",
      ])
    #expect(try seen(space, [("kernel", .float(2.5))])[2] == "5 5 2.5 2.5 0 2 3 1")
  }

  private static let rest =
    #""tag": {"type": "fixed", "value": "seven"}, "size": {"type": "fixed", "value": 7}, "gamma": {"type": "fixed", "value": 0}"#

  @Test(
    "a study's space that is wider or other than the objective's is refused, naming both",
    arguments: [
      (
        #"{"lr": {"type": "float", "low": 1e-6, "high": 1}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"lr\": the study has 1e-06 to 1.0, wanted within 1e-05 to 1.0"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 2}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"lr\": the study has 2, wanted a number within 1e-05 to 1.0"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "int", "low": 0, "high": 11}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"depth\": the study has 0 to 11, wanted within -3 to 10"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "float", "low": 0, "high": 1}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"depth\": the study has a float, wanted an int"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "fixed", "value": 1.5}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"depth\": the study has 1.5, wanted a whole number within -3 to 10"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "categorical", "choices": ["rbf", "sigmoid"]}, \#(rest)}"#,
        "parameter \"kernel\": the study has \"sigmoid\", wanted one of \"rbf\", \"pöly\", 3, true, null, 2.5"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, "tag": {"type": "fixed", "value": "eight"}, "size": {"type": "fixed", "value": 7}, "gamma": {"type": "fixed", "value": 0}}"#,
        "parameter \"tag\": the study has \"eight\", wanted \"seven\", its fixed value"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"depth\" is not in the study's space, wanted all of the objective's"
      ),
      (
        #"{"lr": {"type": "fixed", "value": 1}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, "kernal": {"type": "fixed", "value": 1}, \#(rest)}"#,
        "parameter \"kernal\" of the study is none of the objective's (did you mean \"kernel\"?)"
      ),
      (
        #"{"on": {"type": "fixed", "value": 1}, "lr": {"type": "float", "low": 0.1, "high": 1, "when": {"kernel": ["rbf"]}}, "depth": {"type": "fixed", "value": 1}, "kernel": {"type": "fixed", "value": "rbf"}, \#(rest)}"#,
        "parameter \"lr\": the study has it conditional, wanted it always active"
      ),
    ])
  func wider(json: String, wanted: String) throws {
    let objective = try objective("echo")
    let space = try Space(json: json)
    let found = message { _ = try objective.makeEvaluator(for: space, valueCount: 1) }
    #expect(found.hasPrefix("objective org.attune.test.echo"), "\(found)")
    #expect(found.contains(wanted), "\(found)")
  }

  @Test("a study's steps must be among the objective's")
  func steps() throws {
    let objective = try objective("pair")
    func refusal(_ json: String) -> String {
      message { _ = try objective.makeEvaluator(for: Space(json: json), valueCount: 2) }
    }
    #expect(refusal(#"{"x": {"type": "float", "low": 0, "high": 1, "step": 0.5}}"#) == "no error")
    #expect(
      refusal(#"{"x": {"type": "float", "low": 0.25, "high": 0.75, "step": 0.25}}"#) == "no error")
    #expect(
      refusal(#"{"x": {"type": "float", "low": 0, "high": 1}}"#).hasSuffix(
        "the study has no step, wanted 0.0 and on in steps of 0.25 or multiples of it"))
    #expect(
      refusal(#"{"x": {"type": "float", "low": 0.1, "high": 1, "step": 0.25}}"#).contains(
        "0.1 and on in steps of 0.25, wanted"))
    #expect(
      message { _ = try objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1) }
        == "objective org.attune.test.pair gives 2 values, wanted 1, one for each direction of the study"
    )
  }

  @Test(
    "each way an evaluation can end is kept apart, with its reason",
    arguments: [
      ("ok", Evaluation.complete), ("pruned", .pruned), ("stop", .stop), ("nothing", .complete),
      (
        "paused",
        .fail(
          Failure(
            "objective org.attune.test.mode returned PAUSED but was not asked to pause", code: 3))
      ),
      ("fail", .fail(Failure("the matrix is singular", code: 7))),
      (
        "silent",
        .fail(Failure("objective org.attune.test.mode returned -16 without a message", code: -16))
      ),
      (
        "empty",
        .fail(Failure("objective org.attune.test.mode returned -16 with an empty message", code: 7))
      ),
      (
        "positive",
        .fail(Failure("objective org.attune.test.mode returned 77 without a message", code: 77))
      ),
      ("nonutf8", .fail(Failure("caf\u{FFFD}", code: 1))),
    ])
  func endings(name: String, wanted: Evaluation) throws {
    #expect(try mode(name).0 == wanted)
  }

  @Test("a plugin reports, is pruned, sets a constraint and ends the run")
  func services() throws {
    let (evaluation, trial) = try mode("report")
    #expect(evaluation == .complete)
    #expect(trial.record.reports.count == 10)
    #expect(trial.record.reports[3] == [7])
    #expect(trial.record.constraints == ["memory": -1.5])

    let objective = try objective("mode")
    let pruned = try RecordedTrial(
      objective.descriptor.space, [("mode", .string("report"))], prunesAt: 4)
    #expect(try objective.evaluate(pruned).evaluation == .pruned)
    #expect(pruned.record.reports.keys.max() == 4)

    let stopped = try RecordedTrial(objective.descriptor.space, [("mode", .string("report"))])
    stopped.stop()
    #expect(try objective.evaluate(stopped).evaluation == .stop)
    #expect(try mode("cancel").1.record.cancelReason == "good enough")

    let pair = try self.objective("pair")
    let two = try RecordedTrial(pair.descriptor.space, [("x", .float(0.25))], valueCount: 2)
    #expect(try pair.evaluate(two).values == [0.25, 0.75])
    #expect(two.record.reports == [1: [1, 2]])
  }

  @Test("a host service that is misused refuses and nothing breaks")
  func abuse() throws {
    let objective = try objective("mode")
    let trial = try RecordedTrial(objective.descriptor.space, [("mode", .string("abuse"))])
    #expect(try objective.evaluate(trial).values == [15])
    #expect(trial.record.reports.isEmpty)
    #expect(trial.record.attributes.isEmpty)
  }

  @Test("a message of a megabyte is kept to 64 KiB")
  func hugeMessage() throws {
    let (evaluation, trial) = try mode("huge")
    #expect(reason(evaluation).utf8.count == 65_536)
    #expect(trial.record.messages.map(\.utf8.count) == [65_536 + "info: ".utf8.count])
  }

  @Test("threads of an objective may report")
  func reportingThreads() throws {
    let (evaluation, trial) = try mode("thread")
    #expect(evaluation == .complete)
    #expect(trial.record.reports.count == 100)
  }

  @Test("create gets the config, and its refusal keeps text and code")
  func config() throws {
    #expect(
      reason(try mode("config", config: #"{"data": "wine.csv"}"#).0) == #"{"data": "wine.csv"}"#)
    let refused = try objective("mode", config: "\"refuse\"")
    let space = refused.descriptor.space
    do {
      _ = try refused.makeEvaluator(for: space, valueCount: 1)
      Issue.record("create was not refused")
    } catch {
      #expect(
        error.message
          == "objective org.attune.test.mode: create returned -2: this config is refused")
      #expect(error.userCode == 42)
      #expect(error.code == .plugin)
    }
    let silent = try objective("mode", config: "\"silent\"")
    #expect(
      message { _ = try silent.makeEvaluator(for: space, valueCount: 1) }
        == "objective org.attune.test.mode: create returned -3 without a message")
    #expect(
      message { _ = try objective("mode", config: "{oops") }.hasPrefix(
        "config of objective org.attune.test.mode: line 1, column 2"))
  }

  @Test("each evaluator has an instance of its own, destroyed with it")
  func instances() throws {
    let library = try DynamicLibrary(Compiled.plugin("good.c"))
    typealias Count = @convention(c) () -> Int32
    let live = unsafeBitCast(try library.symbol("test_live_instances"), to: Count.self)
    let before = live()
    do {
      let objective = try objective("mode")
      let evaluators = try (0..<3).map { _ in
        try objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1)
      }
      #expect(live() == before + 3)
      withExtendedLifetime(evaluators) {}
    }
    #expect(live() == before)
  }

  @Test("a process-only objective has one evaluator at a time")
  func processOnly() throws {
    let objective = try objective("alone")
    let space = objective.descriptor.space
    do {
      let first = try objective.makeEvaluator(for: space, valueCount: 1)
      let second = try self.objective("alone")
      #expect(
        message { _ = try second.makeEvaluator(for: space, valueCount: 1) }
          == "objective org.attune.test.alone allows one worker in a process (process_only) and has "
          + "one, wanted n_jobs 1")
      withExtendedLifetime(first) {}
    }
    _ = try objective.makeEvaluator(for: space, valueCount: 1)
  }

  @Test("a gradient comes in the order of the study's space, only when wanted")
  func gradient() throws {
    let objective = try objective("sphere")
    let space = try Space(
      json:
        #"{"y": {"type": "float", "low": -1, "high": 1}, "x": {"type": "float", "low": 0, "high": 5}}"#
    )
    let trial = try RecordedTrial(
      space, [("x", .float(2)), ("y", .float(-1))], wantsGradient: true)
    #expect(try objective.evaluate(trial).values == [7])
    #expect(trial.record.gradient == [-6, 4])
    let other = try RecordedTrial(space, [("x", .float(2)), ("y", .float(-1))])
    #expect(try objective.evaluate(other).values == [7])
    #expect(other.record.gradient == nil)
  }

  @Test("sixteen threads share the instance of a thread-safe objective")
  func threads() throws {
    let objective = try objective("sphere")
    DispatchQueue.concurrentPerform(iterations: 16) { thread in
      guard
        let evaluator = try? objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1)
      else {
        Issue.record("no evaluator")
        return
      }
      for step in 0..<200 {
        let (x, y) = (Double(thread) / 4 - 2, Double(step) / 50 - 2)
        let trial = try? RecordedTrial(
          objective.descriptor.space, [("x", .float(x)), ("y", .float(y))])
        guard let trial else {
          Issue.record("no trial")
          return
        }
        #expect(evaluator.evaluate(trial).values == [x * x + 3 * y * y])
      }
    }
  }

  @Test(
    "a C++ exception that leaves a plugin is a failure with its text",
    arguments: [
      ("runtime", "no convergence after 7 steps"), ("string", "a string went out"),
      ("chars", "characters went out"), ("odd", "unknown C++ exception"),
      // A text that does not fit is cut between characters.
      ("long", String(repeating: "x", count: 1022)),
    ])
  func exceptions(what: String, text: String) throws {
    let objective = try PluginObjective(path: Compiled.plugin("throws.cpp"))
    let evaluator = try objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1)
    for _ in 0..<3 {
      let trial = try RecordedTrial(objective.descriptor.space, [("what", .string(what))])
      #expect(
        reason(evaluator.evaluate(trial).evaluation)
          == "objective org.throws.one threw a C++ exception: \(text)")
    }
  }

  @Test("an exception that leaves create is an error, one that leaves destroy is survived")
  func exceptionsAround() throws {
    let objective = try PluginObjective(path: Compiled.plugin("throws.cpp"), config: "1")
    #expect(
      message { _ = try objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1) }
        == "objective org.throws.one: create threw a C++ exception: create has enough")
    let other = try PluginObjective(path: Compiled.plugin("throws.cpp"))
    _ = try other.makeEvaluator(for: other.descriptor.space, valueCount: 1)
  }

  @Test("a trial of another space is a failure, not a crash")
  func otherSpace() throws {
    let objective = try objective("sphere")
    let evaluator = try objective.makeEvaluator(for: objective.descriptor.space, valueCount: 1)
    let trial = try RecordedTrial(Space.empty, [])
    #expect(reason(evaluator.evaluate(trial).evaluation).contains("is of another space"))
  }
}
