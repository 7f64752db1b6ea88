import Attune
import AttuneCore
import AttuneObjectives
import Foundation
import Synchronization
import Testing

/// 64 jobs on whatever processors there are, over many trivial trials: no stall, no deadlock, no memory that
/// grows without bound. `ATTUNE_SOAK` says how many trials (`make torture`: 100,000), and that no other tests
/// run beside, so that memory is looked at; the default is 2000.
@Suite(.serialized)
struct SoakTests {
  private static let wanted = ProcessInfo.processInfo.environment["ATTUNE_SOAK"].flatMap(Int.init)
  private static let trials = wanted ?? 2000
  private static let jobs = 64
  /// A trial in memory has its point, value, times and number.
  private static let bytesPerTrial = 2000

  /// What is seen of a run at its trials.
  private struct Watch {
    var count = 0
    var last = Date()
    var longestPause = 0.0
    var early = (host: 0, workers: 0)
    var late = (host: 0, workers: 0)
  }

  @Test(
    "64 jobs finish their trials, all of them", .timeLimit(.minutes(10)),
    arguments: [false, true])
  func soak(isolated: Bool) throws {
    let study = try Samples.study(strategy: "random")
    defer { study.close() }
    let watch = Mutex(Watch())
    let early = Self.trials / 10
    var options = RunOptions(nTrials: Self.trials, nJobs: Self.jobs)
    options.progress = { _, _ in
      watch.withLock { watch in
        watch.count += 1
        let now = Date()
        watch.longestPause = max(watch.longestPause, now.timeIntervalSince(watch.last))
        watch.last = now
        if watch.count == early { watch.early = Self.memory() }
        if watch.count == Self.trials { watch.late = Self.memory() }
      }
      return true
    }
    let start = Date()
    #expect(try study.optimize(try objective(isolated), options) == .nTrials)
    let seconds = Date().timeIntervalSince(start)
    let seen = watch.withLock { $0 }
    #expect(seen.count == Self.trials)
    #expect(try study.trials([.complete]).count == Self.trials)
    #expect(seen.longestPause < 30)
    // Beside other tests, theirs is in it too.
    if Self.wanted != nil {
      let growth = seen.late.host - seen.early.host
      #expect(growth < Self.trials * Self.bytesPerTrial + 32 << 20)
      #expect(seen.late.workers <= seen.early.workers + seen.early.workers / 4 + 8 << 20)
    }
    print(
      "soak, \(isolated ? "isolated" : "in process"): \(Self.trials) trials, \(Self.jobs) jobs, "
        + "\(Int(seconds * 1e6 / Double(Self.trials))) us a trial, longest pause "
        + "\(Int(seen.longestPause * 1000)) ms; host \(seen.early.host >> 20) MiB after \(early), "
        + "\(seen.late.host >> 20) MiB at the end; workers \(seen.early.workers >> 20) and "
        + "\(seen.late.workers >> 20) MiB")
  }

  private func objective(_ isolated: Bool) throws -> any Objective {
    guard isolated else {
      return ClosureObjective { trial in Samples.value(trial.params) }
    }
    return try IsolatedObjective(
      .native(library: "libm.so.6", symbol: nil, signature: "f64 cos(f64 x)", threadSafe: true))
  }

  /// Bytes in memory: of this process, and of the workers that come from it.
  private static func memory() -> (host: Int, workers: Int) {
    let wardens = children(of: [getpid()])
    return (
      resident(getpid()), (wardens + children(of: wardens)).map(resident).reduce(0, +)
    )
  }

  private static func children(of parents: [pid_t]) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      // A process that is gone by now is nobody's child.
      let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 1 && parents.contains(pid_t(fields[1]) ?? -1)
    }
  }

  private static func resident(_ pid: pid_t) -> Int {
    // As above.
    let text = (try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }
}
