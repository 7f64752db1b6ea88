import Attune
import AttuneCore
import Foundation

/// The deeds of the chaos plugin, and how a trial of each has to end.
struct ChaosDeed: Sendable {
  /// COMPLETE, or FAIL with a reason of this pattern.
  enum End {
    case complete
    case fail(String)
  }

  let name: String
  let end: End

  init(_ name: String, _ end: End) { (self.name, self.end) = (name, end) }

  private static let owner = "objective org.attune.chaos.deeds: "
  private static let memory = "(, with [0-9]+ MiB at its peak and a memory limit of 64 MiB)?"
  private static let timeout = End.fail("timeout after \(ChaosPlugin.timeout) s")

  private static func crash(_ what: String, _ tail: String = "") -> End {
    .fail(owner + what + memory + tail)
  }

  static let good = ChaosDeed("ok", .complete)

  /// Those that a process survives that shares itself with the objective.
  static let survivable = [
    ChaosDeed("children", .complete), ChaosDeed("seed", .complete),
    ChaosDeed("fail", .fail("the matrix is singular")),
    ChaosDeed("nan", .fail("objective value is NaN")),
  ]

  /// Not among them: to kill one's own warden, after which a daemon of an earlier trial is out of reach.
  static let deadly = [
    ChaosDeed("segv", crash("killed by SIGSEGV")),
    ChaosDeed("loop", timeout),
    ChaosDeed("null", crash("killed by SIGSEGV")),
    ChaosDeed("abort", crash("killed by SIGABRT")),
    ChaosDeed("fpe", crash("killed by SIGFPE")),
    ChaosDeed("exit", crash("exit status 7 in the middle of the trial")),
    ChaosDeed("exit0", crash("exit status 0 in the middle of the trial")),
    ChaosDeed("_exit", crash("exit status 9 in the middle of the trial")),
    ChaosDeed("overflow", crash("stack overflow, killed by SIGSEGV")),
    ChaosDeed("memory", crash("killed by SIGSEGV", "; standard error ends: no memory left")),
    ChaosDeed("deadlock", timeout), ChaosDeed("stubborn", timeout), ChaosDeed("slow", timeout),
    ChaosDeed("stopped", timeout),
    ChaosDeed("close", crash("it closed its worker's line to Attune")),
    ChaosDeed("close-stay", crash("it closed its worker's line to Attune")),
    ChaosDeed("flood", .complete),
    ChaosDeed(
      "garbage", crash("its worker sent a damaged reply: it does not begin as a message does")),
    ChaosDeed("stale", crash("its worker sent a damaged reply: message 26 of evaluation 99")),
    ChaosDeed(
      "huge",
      crash("its worker sent a damaged reply: a message claims to have 4294967295 bytes")),
    ChaosDeed("children-segv", crash("killed by SIGSEGV")),
    ChaosDeed("escape", .complete),
    ChaosDeed("escape-segv", crash("killed by SIGSEGV")),
    ChaosDeed("killed", crash("killed by SIGKILL from outside; the system may be out of memory")),
    ChaosDeed("group", crash("killed by SIGKILL from outside; the system may be out of memory")),
    ChaosDeed("freeze", crash("killed by SIGSEGV")),
    ChaosDeed("twin", .complete),
    ChaosDeed(
      "last-words",
      crash("killed by SIGABRT", "; standard error ends: matrix of 3 x 4\nis not square")),
  ]

  static func all(isolated: Bool) -> [ChaosDeed] { survivable + (isolated ? deadly : []) }

  /// A space whose trials do these deeds.
  static func space(of deeds: [ChaosDeed]) -> String {
    let choices = JSON.array((deeds + [good]).map { JSON.string($0.name) }).text()
    return """
      {"x": {"type": "float", "low": -1, "high": 1},
       "deed": {"type": "categorical", "choices": \(choices)}}
      """
  }

  /// What is wrong with how a trial ended; `nil` when all is well.
  static func fault(of trial: TrialRecord) throws -> String? {
    let name = trial["deed"]?.text ?? ""
    guard let deed = (survivable + deadly + [good]).first(where: { $0.name == name }) else {
      return "trial \(trial.number) has the deed \"\(name)\""
    }
    let found = "trial \(trial.number), \(name): \(trial.state.name) \(trial.values) "
    switch (deed.end, trial.state) {
    case (.complete, .complete):
      guard name != "seed", let x = trial["x"]?.number else { return nil }
      return trial.values == [x * x] ? nil : found
    case (.fail(let pattern), .fail):
      let reason = trial.failure?.reason ?? ""
      return reason.wholeMatch(of: try Regex(pattern)) == nil ? found + reason : nil
    default: return found + (trial.failure?.reason ?? "")
    }
  }
}

/// What became of faults.
struct ChaosFigures {
  var faults = 0
  var lost = 0
  var wrong: [String] = []
  var orphans: [String] = []
  var seconds = 0.0

  static func += (sum: inout ChaosFigures, more: ChaosFigures) {
    sum.faults += more.faults
    sum.lost += more.lost
    sum.wrong += more.wrong
    sum.orphans += more.orphans
    sum.seconds += more.seconds
  }

  func text(_ what: String) -> String {
    "chaos, \(what): \(faults) faults, \(lost) trials lost, \(orphans.count) orphans, "
      + "\(wrong.count) wrong reasons, \(Int(seconds / Double(max(1, faults)) * 1000)) ms a fault"
  }
}
