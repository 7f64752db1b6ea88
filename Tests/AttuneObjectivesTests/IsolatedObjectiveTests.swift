import AttuneCore
import AttuneObjectives
import Foundation
import Testing

/// Objectives in worker processes: the same answers as in this process, and what becomes of each fault.
struct IsolatedObjectiveTests {
  private func chaos(
    _ isolation: Isolation = Isolation(), config: String? = nil, variant: String? = nil
  ) throws -> IsolatedObjective {
    try IsolatedObjective(
      .plugin(
        path: try Compiled.plugin("chaos.c", variant), id: nil, config: config, trust: PluginTrust()
      ),
      isolation)
  }

  private func trial(_ deed: String, number: Int = 3) throws -> RecordedTrial {
    let descriptor = try PluginLibrary(path: try Compiled.plugin("chaos.c")).objective()
    return try RecordedTrial(
      descriptor.space, [("x", .float(0.5)), ("deed", .string(deed))], number: number)
  }

  private var limited: Isolation {
    var isolation = Isolation()
    isolation.timeout = 0.3
    isolation.grace = 0.1
    isolation.memory = 64 << 20
    isolation.stack = 1 << 20
    return isolation
  }

  @Test("every fault is a failure with its reason, and the next trial is well")
  func faults() throws {
    let objective = try chaos(limited)
    let evaluator = try objective.makeEvaluator(for: trial("ok").space, valueCount: 1)
    let memory = ", with [0-9]+ MiB at its peak and a memory limit of 64 MiB"
    let name = "objective org.attune.chaos.deeds: "
    let wanted: [(deed: String, reason: String, code: Int32)] = [
      ("segv", name + "killed by SIGSEGV" + memory, 11),
      ("null", name + "killed by SIGSEGV" + memory, 11),
      ("abort", name + "killed by SIGABRT" + memory, 6),
      ("fpe", name + "killed by SIGFPE" + memory, 8),
      ("exit", name + "exit status 7 in the middle of the trial" + memory, 7),
      ("exit0", name + "exit status 0 in the middle of the trial" + memory, 0),
      ("_exit", name + "exit status 9 in the middle of the trial" + memory, 9),
      ("overflow", name + "stack overflow, killed by SIGSEGV", 11),
      ("loop", "timeout after 0.3 s", 0), ("deadlock", "timeout after 0.3 s", 0),
      ("stubborn", "timeout after 0.3 s", 0), ("slow", "timeout after 0.3 s", 0),
      ("stopped", "timeout after 0.3 s", 0),
      ("close", name + "it closed its worker's line to Attune", 0),
      ("close-stay", name + "it closed its worker's line to Attune", 0),
      (
        "garbage",
        name + "its worker sent a damaged reply: it does not begin as a message does", 0
      ),
      ("stale", name + "its worker sent a damaged reply: message 26 of evaluation 99", 0),
      (
        "huge", name + "its worker sent a damaged reply: a message claims to have 4294967295 bytes",
        0
      ),
      ("children-segv", name + "killed by SIGSEGV" + memory, 11),
      (
        "killed",
        name + "killed by SIGKILL from outside; the system may be out of memory" + memory, 9
      ),
      ("escape-segv", name + "killed by SIGSEGV" + memory, 11),
      (
        "group",
        name + "killed by SIGKILL from outside; the system may be out of memory" + memory, 9
      ),
      (
        "warden",
        name + "killed by SIGKILL from outside; the system may be out of memory" + memory, 9
      ),
      ("freeze", name + "killed by SIGSEGV" + memory, 11),
      (
        "last-words",
        name + "killed by SIGABRT" + memory
          + "; standard error ends: matrix of 3 x 4\nis not square", 6
      ),
      ("fail", "the matrix is singular", 7),
    ]
    for (deed, reason, code) in wanted {
      let outcome = evaluator.evaluate(try trial(deed))
      guard case .fail(let failure) = outcome.evaluation else {
        Issue.record("\(deed): \(outcome.evaluation)")
        continue
      }
      let pattern = try Regex(reason)
      #expect(failure.reason.wholeMatch(of: pattern) != nil, "\(deed): \(failure.reason)")
      #expect(failure.code == code, "\(deed)")
      let after = evaluator.evaluate(try trial("ok"))
      #expect(after.evaluation == .complete, "after \(deed): \(after.evaluation)")
      #expect(after.values == [0.25])
    }
  }

  @Test("memory that runs out is named with its limit")
  func memory() throws {
    var isolation = Isolation()
    isolation.memory = 64 << 20
    let evaluator = try chaos(isolation).makeEvaluator(for: trial("ok").space, valueCount: 1)
    let found = reason(evaluator.evaluate(try trial("memory")).evaluation)
    let wanted =
      "objective org.attune.chaos.deeds: killed by SIGSEGV, with [0-9]+ MiB at its peak and a memory "
      + "limit of 64 MiB; standard error ends: no memory left"
    #expect(found.wholeMatch(of: try Regex(wanted)) != nil, "\(found)")
    #expect(evaluator.evaluate(try trial("ok")).evaluation == .complete)
  }

  @Test("what became of the worker is an attribute of the trial")
  func attributes() throws {
    let evaluator = try chaos(limited).makeEvaluator(for: trial("ok").space, valueCount: 1)
    func attribute(_ deed: String) throws -> JSON {
      let trial = try trial(deed)
      _ = evaluator.evaluate(trial)
      return try JSON(parsing: try #require(trial.record.attributes[Isolation.attribute]))
    }
    let words = try attribute("last-words")
    #expect(words["signal"]?.int64Value == 6)
    #expect(words["signal_name"]?.stringValue == "SIGABRT")
    #expect(words["exit_code"] == nil)
    #expect(words["stderr"]?.stringValue == "matrix of 3 x 4\nis not square")
    #expect(try #require(words["peak_memory_bytes"]?.doubleValue) > 1e6)
    #expect(try #require(words["wall_seconds"]?.doubleValue) > 0)
    #expect(try attribute("exit")["exit_code"]?.int64Value == 7)
    #expect(try attribute("overflow")["stack_overflow"]?.boolValue == true)
    let loop = try attribute("loop")
    #expect(try #require(loop["cpu_seconds"]?.doubleValue) > 0.01)
    #expect(try #require(loop["wall_seconds"]?.doubleValue) >= 0.3)
  }

  @Test("with usage each trial tells what it used; without it a good one says nothing")
  func usage() throws {
    for usage in [false, true] {
      var isolation = Isolation()
      isolation.usage = usage
      let good = try trial("ok")
      let evaluator = try chaos(isolation).makeEvaluator(for: good.space, valueCount: 1)
      #expect(evaluator.evaluate(good).evaluation == .complete)
      #expect((good.record.attributes[Isolation.attribute] != nil) == usage)
    }
  }

  @Test("processor time, open files and a flood of output")
  func otherLimits() throws {
    var isolation = Isolation()
    isolation.cpuTime = 0.2
    isolation.grace = 0.1
    isolation.openFiles = 64
    let evaluator = try chaos(isolation).makeEvaluator(for: trial("ok").space, valueCount: 1)
    #expect(
      reason(evaluator.evaluate(try trial("loop")).evaluation)
        == "processor time limit of 0.2 s is used up")
    let files = evaluator.evaluate(try trial("files"))
    #expect(files.values[0] > 8 && files.values[0] < 64, "\(files.values)")
    let again = try chaos().makeEvaluator(for: trial("ok").space, valueCount: 1)
    let flood = try trial("flood")
    #expect(again.evaluate(flood).evaluation == .complete)
    let messages = flood.record.messages
    #expect(messages.first == "info: stdout: a line of output that says nothing, number 0")
    #expect(messages.last == "info: more output of this trial is left out of the log")
    #expect(messages.count == 201)
  }

  @Test(
    "children end with their worker, wherever they went, and a fork that comes back does no harm")
  func children() throws {
    let file = "\(Compiled.folder)/children-\(UUID().uuidString)"
    do {
      let evaluator = try chaos(config: "\"\(file)\"").makeEvaluator(
        for: trial("ok").space, valueCount: 1)
      for deed in [
        "children", "twin", "ok", "children-segv", "escape-segv", "escape", "children",
      ] {
        _ = evaluator.evaluate(try trial(deed))
      }
      #expect(evaluator.evaluate(try trial("ok")).values == [0.25])
    }
    let children = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(children.count == 15)
    for child in children {
      let pid = try #require(pid_t(child))
      // Killed children are gone as soon as the system has reaped them.
      for _ in 0..<200 where kill(pid, 0) == 0 { usleep(10_000) }
      #expect(kill(pid, 0) != 0, "child \(pid) lives")
    }
  }

  @Test("an objective that cannot start says so once, before any trial")
  func starts() throws {
    #expect(
      message {
        _ = try chaos(config: "\"refuse\"").makeEvaluator(
          for: try trial("ok").space, valueCount: 1)
      }
        == "objective org.attune.chaos.deeds: create returned -2: this config is refused")
    #expect(
      message {
        _ = try chaos(config: "\"crash\"").makeEvaluator(
          for: try trial("ok").space, valueCount: 1)
      }
        == "objective org.attune.chaos.deeds: it crashed at its start: killed by SIGABRT; "
        + "standard error ends: no data here")
    let crash = try Compiled.plugin("broken.c", "ENTRY_CRASH")
    #expect(
      message {
        _ = try IsolatedObjective(
          .plugin(path: crash, id: nil, config: nil, trust: PluginTrust()))
      } == "plugin \(crash): it crashed at its start: killed by SIGABRT")
    let space = try Space(json: #"{"x": {"type": "float", "low": -1, "high": 1}}"#)
    #expect(
      message { _ = try chaos().makeEvaluator(for: space, valueCount: 1) }.hasPrefix(
        "objective org.attune.chaos.deeds: parameter \"deed\" is not in the study's space"))
    var isolation = Isolation()
    isolation.worker = "/no/worker"
    #expect(
      message { _ = try chaos(isolation) }
        == "option worker is /no/worker, which is no program, wanted the path of attune-worker")
    isolation = Isolation()
    isolation.stack = 1000
    #expect(
      message { _ = try chaos(isolation) }
        == "isolation: option \"stack\" is 1000, wanted 262144 or more")
  }

  @Test("three crashes before anything went well give the objective up")
  func hopeless() throws {
    let evaluator = try chaos().makeEvaluator(for: trial("ok").space, valueCount: 1)
    for _ in 0..<2 {
      #expect(
        reason(evaluator.evaluate(try trial("segv")).evaluation)
          == "objective org.attune.chaos.deeds: killed by SIGSEGV")
    }
    guard case .giveUp(let failure) = evaluator.evaluate(try trial("segv")).evaluation else {
      Issue.record("not given up")
      return
    }
    #expect(
      failure.reason
        == "objective org.attune.chaos.deeds: killed by SIGSEGV; its first 3 evaluations crashed "
        + "and none ended well")
  }

  @Test("a worker that is killed between two trials costs no trial")
  func killedIdle() throws {
    let evaluator = try chaos(variant: "IDLE").makeEvaluator(
      for: trial("ok").space, valueCount: 1)
    #expect(evaluator.evaluate(try trial("ok")).evaluation == .complete)
    for killsWarden in [false, true] {
      let workers = try workersOfThisProcess()
      #expect(workers.count == 1)
      for pid in workers { kill(killsWarden ? parent(of: pid) : pid, SIGKILL) }
      usleep(50_000)
      let evaluation = evaluator.evaluate(try trial("ok")).evaluation
      #expect(evaluation == .complete, "\(killsWarden ? "warden" : "worker")")
    }
  }

  /// Only those of the chaos plugin are known to be idle; other tests run beside.
  private func workersOfThisProcess() throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
      .filter { pid in
        // String(contentsOfFile:) would read the first page; a process that is gone by now has none.
        let bytes = try? FileHandle(forReadingAtPath: "/proc/\(pid)/maps")?.readToEnd()
        let maps = String(decoding: bytes ?? Data(), as: UTF8.self)
        return maps.contains("chaos-IDLE") && parent(of: parent(of: pid)) == getpid()
      }
  }

  private func parent(of pid: pid_t) -> pid_t {
    // A process that is gone by now has none.
    let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return stat.split(separator: ")").last.flatMap { pid_t($0.split(separator: " ")[1]) } ?? 0
  }

  @Test("a sandboxed worker writes in its folder only, and has neither network nor programs")
  func sandbox() throws {
    var isolation = Isolation()
    isolation.sandbox = true
    let objective: IsolatedObjective
    do {
      objective = try chaos(isolation)
    } catch let error as AttuneError where error.code == .notSupported {
      #expect(error.message.hasPrefix("the sandbox cannot be had: "))
      return
    }
    let trial = try trial("sandbox")
    let evaluator = try objective.makeEvaluator(for: trial.space, valueCount: 1)
    let evaluation = evaluator.evaluate(trial).evaluation
    #expect(evaluation == .complete, "\(evaluation)")
  }
}
