import AttuneCore
import AttuneObjectives
import Foundation
import Synchronization

/// The plugin of `Tests/plugins/chaos.c`, compiled into a folder of its own.
struct ChaosPlugin {
  private let folder: String
  private var path: String { "\(folder)/chaos.attune.so" }
  private var childrenFile: String { "\(folder)/children" }

  /// Seconds a trial may take in a worker.
  static let timeout = 1.0

  struct CompilerFailed: Error {}

  init() throws {
    folder = NSTemporaryDirectory() + "attune-chaos-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = [
      "cc", "-std=c11", "-shared", "-fPIC", "-O1", "-I\(root)/include",
      "\(root)/Tests/plugins/chaos.c", "-o", "\(folder)/chaos.attune.so", "-lpthread",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw CompilerFailed() }
  }

  func remove() {
    for child in children { kill(child, SIGKILL) }
    // What cannot be removed is the system's to clean.
    try? FileManager.default.removeItem(atPath: folder)
  }

  var space: String {
    get throws { try PluginLibrary(path: path).objective().spaceJSON }
  }

  /// Deeds that a process survives without leaving something behind.
  let harmlessSpace = """
    {"x": {"type": "float", "low": -1, "high": 1},
     "deed": {"type": "categorical", "choices": ["ok", "fail", "nan", "seed"]}}
    """

  func objective(isolated: Bool) throws -> any Objective {
    let config = "\"\(childrenFile)\""
    guard isolated else { return try PluginObjective(path: path, config: config) }
    var isolation = Isolation()
    isolation.timeout = Self.timeout
    isolation.grace = 0.1
    isolation.memory = 64 << 20
    isolation.stack = 1 << 20
    return try IsolatedObjective(
      .plugin(path: path, id: nil, config: config, trust: PluginTrust()), isolation)
  }

  /// The children that deeds started.
  private var children: [pid_t] {
    // No file means that no deed started one.
    guard let text = try? String(contentsOfFile: childrenFile, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }

  /// What still lives of workers and their children; those that were killed have a second to go.
  func orphans() -> [String] {
    var found: [String] = []
    // Who is killed takes its time to go where the machine is busy.
    for _ in 0..<1000 {
      found =
        children.filter(isAlive).map { "child \($0)" }
        + processes().filter { holdsPlugin($0) }.map { "worker \($0)" }
      if found.isEmpty { break }
      usleep(10_000)
    }
    return found
  }

  private func isAlive(_ pid: pid_t) -> Bool {
    guard kill(pid, 0) == 0 else { return false }
    // Dead ones that the system's first process has not buried yet are no orphans.
    let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return !stat.contains(") Z ")
  }

  private func processes() -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { $0 != getpid() }
  }

  private func holdsPlugin(_ pid: pid_t) -> Bool {
    // A process that is gone by now, or another user's, holds nothing of ours. String(contentsOfFile:) would
    // read the first page of the file.
    let maps = try? FileHandle(forReadingAtPath: "/proc/\(pid)/maps")?.readToEnd()
    return String(decoding: maps ?? Data(), as: UTF8.self).contains(folder)
  }
}

/// Counts the evaluations of another objective.
final class CountingObjective: Objective {
  private let objective: any Objective
  private let calls = Atomic<Int>(0)

  init(_ objective: any Objective) { self.objective = objective }

  var count: Int { calls.load(ordering: .relaxed) }
  var description: ObjectiveDescription { objective.description }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    CountingEvaluator(
      self, try objective.makeEvaluator(for: space, valueCount: valueCount))
  }

  fileprivate func add() { calls.add(1, ordering: .relaxed) }
}

private final class CountingEvaluator: Evaluator {
  private let objective: CountingObjective
  private let evaluator: any Evaluator

  init(_ objective: CountingObjective, _ evaluator: any Evaluator) {
    self.objective = objective
    self.evaluator = evaluator
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    objective.add()
    return evaluator.evaluate(trial, values: values)
  }
}
