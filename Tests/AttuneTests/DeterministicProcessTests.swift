import Attune
import AttuneCore
import AttuneStrategies
import Foundation
import Testing

/// Deterministic studies of several processes, some of them killed.
@Suite("Deterministic studies of processes", .serialized)
struct DeterministicProcessTests {
  /// A new study of a strategy in a storage, and what its trials come to with one thread in memory.
  private static func study(_ strategy: String, _ name: String) throws -> (String, alone: [String])
  {
    let settings = try DeterministicTests.settings(StrategyCatalog.description(named: strategy))
    let path = try Samples.path(name)
    _ = try Study.create(settings, storage: path)
    return (path, try DeterministicTests.run(settings, jobs: 1))
  }

  /// A process that works on a study until it has its trials.
  private static func start(_ path: String) throws -> Process {
    try CrashTests.start("share", path, count: DeterministicTests.count).0
  }

  /// Waits for the processes; their study is the one of a single thread, and can be derived again.
  private func expectSame(_ path: String, _ alone: [String], _ processes: [Process]) throws {
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let together = try Study.open(storage: path).trials().records.map(\.timeless)
    #expect(together.count == alone.count)
    for (found, wanted) in zip(together, alone) { #expect(found == wanted) }
    let difference = try Study.replay(storage: path).difference?.text
    #expect(difference == nil)
  }

  @Test(
    "each strategy gives the same study with three processes of three threads",
    arguments: StrategyCatalog.descriptions.map(\.name))
  func processes(name: String) throws {
    let (path, alone) = try Self.study(name, "processes")
    let processes = try (0..<3).map { _ in
      try Self.start(path)
    }
    try expectSame(path, alone, processes)
  }

  @Test(
    "each strategy gives the same study while processes are killed and started anew",
    arguments: StrategyCatalog.descriptions.map(\.name))
  func killed(name: String) throws {
    let (path, alone) = try Self.study(name, "killed")
    var processes = try (0..<2).map { _ in
      try Self.start(path)
    }
    // A trial that is lost more than three times is given up.
    for _ in 0..<3 {
      usleep(UInt32.random(in: 5_000...60_000))
      let victim = processes.removeFirst()
      kill(victim.processIdentifier, SIGKILL)
      victim.waitUntilExit()
      processes.append(try Self.start(path))
    }
    try expectSame(path, alone, processes)
  }
}
