import AttuneCore
import AttuneObjectives
import Foundation
import Testing

@Suite("Plugins that pause")
struct PausingPluginTests {
  private static let counting: [(name: String, value: Value)] = [("x", .float(0.5))]

  /// Has a trial pause at a step and another evaluator go on with it, and gives both.
  private func pause(
    _ objective: any Objective, _ space: Space, _ values: [(name: String, value: Value)],
    valueCount: Int = 1, at step: Int64 = 4
  ) throws -> (first: (Evaluation, [Double]), second: (Evaluation, [Double]), steps: [Int64]) {
    let folders = StateFolders(root: nil)
    let folder = try folders.path(of: 3)
    let first = try RecordedTrial(
      space, values, valueCount: valueCount, prunesAt: step,
      pausing: Pausing(isResumed: false, folder: folder))
    let one = try objective.evaluate(first)
    #expect(folders.has(3) == (one.evaluation == .paused))
    let second = try RecordedTrial(
      space, values, valueCount: valueCount, pausing: Pausing(isResumed: true, folder: folder))
    let two = try objective.evaluate(second)
    folders.remove(3)
    #expect(!folders.has(3))
    #expect(Set(first.record.reports.keys).isDisjoint(with: second.record.reports.keys))
    return (one, two, (Array(first.record.reports.keys) + second.record.reports.keys).sorted())
  }

  @Test("a plugin in C goes on in another instance, in this process and in workers")
  func pausesInC() throws {
    let path = try Compiled.plugin("pausing.c")
    let here = try PluginObjective(path: path)
    let there = try IsolatedObjective(
      .plugin(path: path, id: nil, config: nil, trust: PluginTrust()))
    for objective in [here, there] as [any Objective] {
      #expect(objective.description.capabilities.contains(.pause))
      let (first, second, steps) = try pause(
        objective, here.descriptor.space, Self.counting)
      #expect(first.0 == .paused && second.0 == .complete)
      #expect(abs(second.1[0] - (0.04 + 1.0 / 27)) < 1e-12)
      #expect(steps == Array(1...27))
    }
  }

  @Test("a plugin in C++ goes on")
  func pausesInCPlusPlus() throws {
    let objective = try PluginObjective(path: Compiled.plugin("counting.cpp"))
    let (first, second, steps) = try pause(objective, objective.descriptor.space, Self.counting)
    #expect(first.0 == .paused && second.0 == .complete && second.1 == [9.5])
    #expect(steps == Array(1...9))
    let pruned = try RecordedTrial(objective.descriptor.space, Self.counting, prunesAt: 2)
    #expect(try objective.evaluate(pruned).evaluation == .pruned)
  }

  @Test(
    "who pauses without being asked to, or keeps nothing, fails",
    arguments: [
      ("unasked", "objective com.example.pausing returned PAUSED but was not asked to pause"),
      (
        "forgets",
        "objective com.example.pausing returned PAUSED and keeps nothing in its folder "
          + "(attune.state/1)"
      ),
    ])
  func fails(config: String, text: String) throws {
    let path = try Compiled.plugin("pausing.c")
    let config = "{\"\(config)\": true}"
    let here = try PluginObjective(path: path, config: config)
    let there = try IsolatedObjective(
      .plugin(path: path, id: nil, config: config, trust: PluginTrust()))
    for objective in [here, there] as [any Objective] {
      let folders = StateFolders(root: nil)
      let trial = try RecordedTrial(
        here.descriptor.space, Self.counting, prunesAt: 1,
        pausing: Pausing(isResumed: false, folder: try folders.path(of: 0)))
      #expect(reason(try objective.evaluate(trial).evaluation) == text)
    }
  }

  @Test("folders of trials that have ended go, and those around them when they are empty")
  func folders() throws {
    let root = "\(Compiled.folder)/file.db-state/7"
    let folders = StateFolders(root: root)
    for trial in [0, 2, 11] {
      let path = try folders.path(of: trial)
      #expect(path == "\(root)/\(trial)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try "x".write(toFile: path + "/file", atomically: true, encoding: .utf8)
    }
    folders.removeAll { $0 != 2 }
    #expect([0, 2, 11].map(folders.has) == [false, true, false])
    folders.remove(2)
    folders.removeAll()
    #expect(!FileManager.default.fileExists(atPath: "\(Compiled.folder)/file.db-state"))
  }
}
