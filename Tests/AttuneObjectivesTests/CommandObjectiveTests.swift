import AttuneCore
import AttuneObjectives
import Foundation
import Testing

struct CommandObjectiveTests {
  private static let spaceJSON = #"""
    {"lr": {"type": "float", "low": 0, "high": 1}, "n": {"type": "int", "low": 1, "high": 9},
     "kernel": {"type": "categorical", "choices": ["rbf", "it's; $HOME", true]},
     "gamma": {"type": "float", "low": 0, "high": 1, "when": {"kernel": ["rbf"]}}}
    """#

  private func run(
    _ arguments: [String], timeout: Double = 60, grace: Double = 2, shell: Bool = false,
    kernel: Value = .string("rbf"), valueCount: Int = 1, prunesAt: Int64 = .max
  ) throws -> (evaluation: Evaluation, values: [Double], record: RecordedTrial.Record) {
    let objective = try CommandObjective(
      arguments, options: .init(timeout: timeout, grace: grace, shell: shell))
    let trial = try RecordedTrial(
      Space(json: Self.spaceJSON), [("lr", .float(0.125)), ("n", .int(4)), ("kernel", kernel)],
      valueCount: valueCount, prunesAt: prunesAt)
    let (evaluation, values) = try objective.evaluate(trial)
    return (evaluation, values, trial.record)
  }

  private func script(
    _ text: String, timeout: Double = 60, grace: Double = 2, valueCount: Int = 1
  ) throws -> (evaluation: Evaluation, values: [Double], record: RecordedTrial.Record) {
    try run(
      ["sh", "-c", text],
      timeout: timeout, grace: grace, valueCount: valueCount)
  }

  /// Prints all arguments as an attribute.
  private static let showing = """
    import json, os, sys
    print(json.dumps({"value": 1, "attributes": {"out": sys.argv[1:], "stdin": sys.stdin.read(),
      "env": {k: v for k, v in os.environ.items() if k.startswith("ATTUNE_")}}}))
    """

  @Test("parameters reach a command by templates, environment and standard input")
  func parameters() throws {
    let result = try run([
      "python3", "-c", Self.showing, "--lr={lr}", "{n}-{n}", "{{n}}", "{kernel}", "--gamma={gamma}",
      "{$number}", "{$seed}",
    ])
    #expect(result.evaluation == .complete)
    #expect(
      result.record.attributes["out"]
        == #"["--lr=0.125","4-4","{n}","rbf","--gamma=0.0","3","12345"]"#)
    let input = try JSON(parsing: result.record.attributes["stdin"] ?? "").stringValue
    #expect(input == "{\"lr\": 0.125, \"n\": 4, \"kernel\": \"rbf\", \"gamma\": 0.0}\n")
    let environment = try JSON(parsing: result.record.attributes["env"] ?? "")
    #expect(environment["ATTUNE_PARAM_LR"] == "0.125")
    #expect(environment["ATTUNE_PARAM_N"] == "4")
    #expect(environment["ATTUNE_PARAM_KERNEL"] == "rbf")
    #expect(environment["ATTUNE_TRIAL_NUMBER"] == "3")
    #expect(environment["ATTUNE_TRIAL_SEED"] == "12345")
  }

  @Test("an argument that names an inactive parameter is left out")
  func inactive() throws {
    let result = try run(
      ["python3", "-c", Self.showing, "a", "--gamma={gamma}", "{kernel}"], kernel: .bool(true))
    #expect(result.record.attributes["out"] == #"["a","true"]"#)
    let environment = try JSON(parsing: result.record.attributes["env"] ?? "")
    #expect(environment["ATTUNE_PARAM_GAMMA"] == nil)
    #expect(
      try JSON(parsing: result.record.attributes["stdin"] ?? "")
        == "{\"lr\": 0.125, \"n\": 4, \"kernel\": true}\n")
  }

  @Test("a shell is used only when asked for, and values cannot become code")
  func shell() throws {
    let quoted = Value.string("it's; $HOME")
    let result = try run(
      ["printf '{\"value\": 2, \"attributes\": {\"out\": \"%s\"}}'", "{kernel}", "| cat"],
      shell: true,
      kernel: quoted)
    #expect(result.values == [2])
    #expect(result.record.attributes["out"] == "\"it's; $HOME\"")
    let plain = try run(["echo", "$HOME;", "{n}"])
    #expect(
      reason(plain.evaluation).contains("the last line of its output is \"$HOME; 4\", wanted"))
  }

  @Test(
    "the value is the last line that says something",
    arguments: [
      ("echo 0.5", [0.5]), ("echo noise; echo cost=0.25; echo; echo '  '", [0.25]),
      ("printf 1e-3", [0.001]), ("echo inf", [Double.infinity]), ("echo loss = 3 | tr -d ' '", [3]),
      ("echo '{\"value\": 7}'", [7]), ("echo '{\"values\": [8]}'", [8]),
      ("printf '1\\r\\n'", [1]), ("yes noise | head -c 6000000; echo 4", [4]),
      ("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo 5", [5]),
      ("yes error | head -c 6000000 >&2; echo 6", [6]),
    ])
  func values(text: String, wanted: [Double]) throws {
    let result = try script(text)
    #expect(result.evaluation == .complete)
    #expect(result.values == wanted)
  }

  @Test("several values come as words or as an array")
  func severalValues() throws {
    #expect(try script("echo 1 2", valueCount: 2).values == [1, 2])
    #expect(try script("echo loss=1, time=2.5", valueCount: 2).values == [1, 2.5])
    #expect(
      try script("echo '{\"values\": [3, Infinity]}'", valueCount: 2).values == [3, .infinity])
    #expect(
      reason(try script("echo 1", valueCount: 2).evaluation)
        == "command sh: its output has 1 values, wanted 2")
  }

  @Test("a gradient comes by the names of parameters; what is wrong with one is told")
  func gradient() throws {
    let space = try Space([
      Parameter("x", .float(FloatDistribution(low: 0, high: 1, name: "x"))),
      Parameter("y", .float(FloatDistribution(low: 0, high: 1, name: "y"))),
    ])
    func run(_ line: String, valueCount: Int = 1) throws -> (Evaluation, [Double]?) {
      let objective = try CommandObjective(["sh", "-c", "echo '\(line)'"])
      let trial = try RecordedTrial(
        space, [("x", .float(0.5)), ("y", .float(0.25))], wantsGradient: true,
        valueCount: valueCount)
      let evaluation = try objective.evaluate(trial).evaluation
      return (evaluation, trial.record.gradient)
    }
    let (one, derivatives) = try run(#"{"value": 1, "gradient": {"y": -2.5, "x": 1e-300}}"#)
    #expect(one == .complete && derivatives == [1e-300, -2.5])
    let (two, rows) = try run(
      #"{"values": [1, 2], "gradient": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}"#, valueCount: 2)
    #expect(two == .complete && rows == [1, 2, 3, 4])
    let partial = try run(#"{"value": 1, "gradient": {"y": 3}}"#).1
    #expect(partial?[0].isNaN == true && partial?[1] == 3)
    for (line, wanted) in [
      (
        #"{"value": 1, "gradient": {"z": 1}}"#,
        "its gradient has \"z\", wanted parameters of the space: \""
      ),
      (#"{"value": 1, "gradient": {"x": "a"}}"#, "\"x\" is \"a\", wanted a number"),
      (#"{"value": 1, "gradient": 1}"#, "\"gradient\" is 1, wanted an object of numbers"),
      (#"{"value": 1, "gradient": [{}, {}]}"#, "its gradient has 2 objects, wanted 1, one a value"),
    ] {
      let found = reason(try run(line).0)
      #expect(found.contains(wanted), "\(line): \(found)")
    }
  }

  @Test("a JSON line carries constraints, attributes and state")
  func jsonLine() throws {
    let result = try script(
      #"echo '{"value": 1, "constraints": {"memory": -2}, "attributes": {"epochs": [1, 2]}}'"#)
    #expect(result.record.constraints == ["memory": -2])
    #expect(result.record.attributes == ["epochs": "[1,2]"])
    #expect(try script(#"echo '{"state": "pruned"}'"#).evaluation == .pruned)
    #expect(try script(#"echo '{"state": "stop", "value": 1}'"#).evaluation == .stop)
    #expect(
      reason(try script(#"echo '{"state": "fail", "reason": "diverged"}'"#).evaluation)
        == "command sh: diverged")
  }

  @Test(
    "every way a command can fail gives its reason",
    arguments: [
      ("echo oops >&2; exit 3", "command sh: exit status 3; standard error ends: oops"),
      ("kill -SEGV $$", "command sh: killed by SIGSEGV"),
      ("kill -KILL $$", "command sh: killed by SIGKILL"),
      ("true", "command sh: it printed nothing, wanted its value on the last line"),
      (
        "echo done",
        "command sh: the last line of its output is \"done\", wanted a number, NAME=NUMBER or a JSON object with \"value\" or \"values\""
      ),
      (
        "echo '{\"value\": \"high\"}'",
        "command sh: the last line of its output: \"value\" is \"high\", wanted a number"
      ),
      (
        "echo '{\"valu\": 1}'",
        "command sh: the last line of its output: unknown key \"valu\", wanted value, values, gradient, constraints, attributes, state, reason"
      ),
      (
        "echo '{\"state\": \"good\"}'",
        "command sh: the last line of its output: \"state\" is \"good\", wanted one of complete, pruned, stop, fail"
      ),
      (
        "echo attune:report x 1; echo 1",
        "command sh: found \"attune:report x 1\", wanted attune:report STEP VALUE"
      ),
      (
        "echo attune:report -1 1; echo 1",
        "command sh: attune:report: trial 3 reports at step -1, wanted 0 or more"
      ),
    ])
  func failures(text: String, wanted: String) throws {
    #expect(reason(try script(text).evaluation) == wanted)
  }

  @Test("a broken JSON line names the place")
  func brokenJSON() throws {
    let found = reason(try script("echo '{\"value\": }'").evaluation)
    #expect(
      found.hasPrefix("command sh: the last line of its output: line 1, column 11: expected"),
      "\(found)")
  }

  @Test("standard error is kept to its last 2 KiB of whole lines")
  func errorTail() throws {
    let found = reason(try script("seq 1 10000 >&2; exit 1").evaluation)
    let tail = found.components(separatedBy: "ends: ")[1]
    #expect(tail.utf8.count <= 2048)
    #expect(tail.hasSuffix("9999\n10000"))
    #expect(tail.split(separator: "\n").allSatisfy { $0.utf8.count >= 4 })
  }

  @Test("a command that hangs is ended with all it started")
  func timeout() throws {
    let start = Date()
    let result = try script("sleep 60 & echo $! >&2; sleep 60; echo 1", timeout: 0.3)
    #expect(Date().timeIntervalSince(start) < 20)
    let text = reason(result.evaluation)
    #expect(text.hasPrefix("command sh: timeout after 0.3 s; standard error ends: "))
    let pid = try #require(Int32(text.split(separator: " ").last ?? ""))
    // Gone, or at most a zombie that its new parent has yet to reap; dying takes a moment.
    func isRunning() -> Bool {
      let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      return state.map { !$0.contains(") Z") } ?? false
    }
    for _ in 0..<200 where isRunning() { usleep(10_000) }
    #expect(!isRunning())
  }

  @Test("a command that ignores SIGTERM is killed after the grace time")
  func stubborn() throws {
    let start = Date()
    let result = try script("trap '' TERM; while :; do :; done", timeout: 0.2, grace: 0.3)
    #expect(reason(result.evaluation) == "command sh: timeout after 0.2 s")
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test("what a finished command leaves running does not hold it up")
  func leftovers() throws {
    let start = Date()
    #expect(try script("sleep 60 & echo 3").values == [3])
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test("input that a command does not read does no harm")
  func unreadInput() throws {
    let choice = String(repeating: "x", count: 300_000)
    let space = try Space(
      json: #"{"a": {"type": "fixed", "value": "\#(choice)"}}"#)
    // The environment cannot take it either: Linux refuses variables beyond 128 KiB.
    let objective = try CommandObjective(["sh", "-c", "exec <&-; sleep 0.05; echo 1"])
    let found = try objective.evaluate(RecordedTrial(space, []))
    #expect(reason(found.evaluation).contains("cannot start sh: Argument list too long"))

    let many = (0..<2000).map {
      #""p\#($0)": {"type": "fixed", "value": "\#(String(repeating: "y", count: 100))"}"#
    }
    let wide = try Space(json: "{\(many.joined(separator: ","))}")
    #expect(try objective.evaluate(RecordedTrial(wide, [])).values == [1])
    let reader = try CommandObjective(["sh", "-c", "wc -c"])
    #expect(try reader.evaluate(RecordedTrial(wide, [])).values[0] > 200_000)
  }

  @Test("reports on the way are passed on, and a pruned command is ended")
  func reports() throws {
    let lines = "for i in 0 1 2 3; do echo attune:report $i 0.$i; done; echo 9"
    #expect(try script(lines).record.reports == [0: [0], 1: [0.1], 2: [0.2], 3: [0.3]])
    #expect(try script(lines).values == [9])
    let start = Date()
    let pruned = try run(
      ["sh", "-c", "echo attune:report 0 1; echo attune:report 1 1; sleep 60; echo 1"], prunesAt: 1)
    #expect(pruned.evaluation == .pruned)
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test("a run that is ending ends the command")
  func stopping() throws {
    let objective = try CommandObjective(["sleep", "60"])
    let trial = try RecordedTrial(Space.empty, [])
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { trial.stop() }
    let start = Date()
    #expect(
      reason(try objective.evaluate(trial).evaluation)
        == "command sleep: stopped, since the run is ending")
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test("two hundred runs leave no zombie and no open descriptor")
  func noLeaks() throws {
    func descriptors() -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
    }
    let objective = try CommandObjective(["echo", "1"])
    let missing = try CommandObjective(["{kernel}/none"])
    let before = descriptors()
    for _ in 0..<200 {
      #expect(try objective.evaluate(RecordedTrial(Space.empty, [])).values == [1])
    }
    let space = try Space(json: Self.spaceJSON)
    for _ in 0..<50 {
      let found = try missing.evaluate(RecordedTrial(space, [("kernel", .bool(true))]))
      #expect(
        reason(found.evaluation)
          == "command {kernel}/none: cannot start true/none: No such file or directory")
    }
    // Other tests run beside this one and have descriptors open for a while.
    #expect(descriptors() < before + 100)
  }

  @Test("sixteen commands at once do not mix")
  func parallel() throws {
    let objective = try CommandObjective(["sh", "-c", "cat >/dev/null; echo {n}.{$number}"])
    let space = try Space(json: Self.spaceJSON)
    DispatchQueue.concurrentPerform(iterations: 16) { index in
      let n = Int64(index % 9) + 1
      let trial = try? RecordedTrial(space, [("n", .int(n))], number: index)
      let found = trial.flatMap { try? objective.evaluate($0) }
      #expect(found?.values.first == Double("\(n).\(index)"))
    }
  }

  @Test("a wrong command is found before the first trial")
  func mistakes() throws {
    let space = try Space(json: Self.spaceJSON)
    func refusal(_ arguments: [String], _ options: CommandObjective.Options = .init()) -> String {
      message {
        _ = try CommandObjective(arguments, options: options).makeEvaluator(
          for: space, valueCount: 1)
      }
    }
    #expect(refusal([]) == "the command is empty, wanted a program and its arguments")
    #expect(
      refusal(["no-such-program-here"])
        == "command no-such-program-here: no such program in PATH, wanted one there or a path with /"
    )
    #expect(refusal(["./none"]) == "./none: No such file or directory")
    #expect(
      refusal(["/etc/passwd"]) == "command /etc/passwd: the file cannot be run, wanted a program")
    #expect(
      refusal(["echo", "{gama}"])
        == "argument 1 \"{gama}\": found {gama}, wanted a parameter of the space, $number or $seed (did you mean \"gamma\"?)"
    )
    #expect(refusal(["echo", "a\0b"]).contains("has a NUL"))
    #expect(
      refusal(["echo"], .init(timeout: 0))
        == "command: option \"timeout\" is 0.0, wanted seconds above 0")
    #expect(refusal(["echo"], .init(timeout: .nan)).contains("\"timeout\" is nan"))
  }
}
