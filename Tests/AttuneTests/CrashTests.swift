import Attune
import AttuneCore
import Foundation
import Testing

@testable import AttuneStorage

/// Studies against the deaths of processes and the ends of disks, with real ones.
@Suite("Crashes and full disks", .serialized)
struct CrashTests {
  /// `study-process`, which is built beside the tests.
  static let program: String = {
    let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }
    let beside = (bundle ?? CommandLine.arguments[0]) as NSString
    return beside.deletingLastPathComponent + "/study-process"
  }()

  /// Starts `study-process` on a file, to kill it or to let it end.
  static func start(
    _ task: String, _ path: String, count: Int
  ) throws -> (Process, Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [task, path, "\(count)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
  }

  static func told(_ output: Data) -> [Int] {
    String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap {
      $0.hasPrefix("told ") ? Int($0.dropFirst(5)) : nil
    }
  }

  /// How many processes are killed; `make torture` wants more.
  static let kills =
    ProcessInfo.processInfo.environment["ATTUNE_KILLS"].flatMap { Int($0) } ?? 200

  @Test("processes killed at any moment lose nothing they told, and the study goes on")
  func killed() throws {
    let path = try Samples.path("killed")
    _ = try Samples.study(storage: path)
    let database = StudyDatabase(try StorageAddress(path))
    var told: [Int] = []
    for round in 0..<Self.kills {
      let (process, pipe) = try Self.start("work", path, count: 100_000)
      var output = Data()
      // The first trial told, then a moment that differs from round to round.
      while !output.contains(0x0A) {
        let some = pipe.fileHandleForReading.availableData
        if some.isEmpty { break }
        output += some
      }
      usleep(UInt32(round * 137 % 4000))
      kill(process.processIdentifier, SIGKILL)
      output += pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      told += Self.told(output)
      if round % 20 == 0 { #expect(try database.check(repairs: false) == []) }
    }
    #expect(try database.check(repairs: false) == [])
    #expect(told.count >= Self.kills)
    #expect(Set(told).count == told.count, "no number was given twice")
    let study = try Study.open(storage: path)
    let states = Dictionary(
      uniqueKeysWithValues: try study.trials().records.map { ($0.number, $0) })
    for number in told {
      #expect(states[number]?.state == .complete)
      #expect(states[number]?.values.first == states[number]?["x"]?.number)
      #expect(states[number]?.reports.all.count == 1)
    }
    // At most the trial of the last process is left running: each went on with that of the one before.
    let running = try study.trials([.running]).numbers
    #expect(running.count <= 1)
    #expect(try study.trials([.complete]).count == states.count - running.count)
    let connection = try Samples.connection(path)
    for (rows, count) in [
      ("trials", states.count), ("trial_values", states.count - running.count),
      ("attune_events WHERE event LIKE '{\"finish\":%'", states.count - running.count),
    ] {
      #expect(try connection.int("SELECT COUNT(*) FROM \(rows)") == Int64(count), "\(rows)")
    }
    let next = try study.ask()
    #expect(next.number == running.first ?? states.count)
    try study.tell(next, values: [0])
  }

  @Test("several processes at once share out the numbers")
  func shared() throws {
    let path = try Samples.path("shared")
    _ = try Samples.study(storage: path)
    let workers = try (0..<4).map { _ in try Self.start("work", path, count: 60) }
    var told: [Int] = []
    for (process, pipe) in workers {
      told += Self.told(pipe.fileHandleForReading.readDataToEndOfFile())
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    #expect(told.sorted() == Array(0..<240))
    #expect(try Study.open(storage: path).trials([.complete]).count == 240)
  }

  @Test(
    "on a full disk calls fail with a clear text, and what was told is stored when there is room",
    .enabled(if: Samples.server == nil, "needs a file"), arguments: [0, 1, 30, 5000])
  func fullDisk(room: Int) throws {
    let path = try Samples.path("full")
    _ = try Samples.study(storage: path)
    let (process, pipe) = try Self.start("full", path, count: room)
    let output = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let full =
      "io: \(path): no space is left to write to (File too large); 1 events are kept and tried again"
    #expect(
      output.split(separator: "\n").map(String.init) == [
        "tell: \(full)", "tell again: invalid_state: trial 0 is COMPLETE already, wanted RUNNING",
        // No number is taken that another process could take too.
        "ask: \(full)", "add: \(full)", "trials 3", "other 3", "tell later: done", "next 4",
      ])
    let study = try Study.open(storage: path)
    #expect(try study.trials().records.map(\.values) == [[7], [8], [], [], []])
    #expect(
      try study.trials().records.map(\.state)
        == [.complete, .complete, .running, .running, .running])
  }
}
