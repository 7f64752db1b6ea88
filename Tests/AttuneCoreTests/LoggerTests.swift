import AttuneCore
import Synchronization
import Testing

/// The sink is one for the process, so these run one after another.
@Suite("Log messages", .serialized)
struct LoggerTests {
  final class Recorder: Sendable {
    let messages = Mutex<[String]>([])
    let isInside = Atomic<Int>(0)
    let overlaps = Atomic<Int>(0)

    func add(_ level: LogLevel, _ component: String, _ message: String) {
      if isInside.add(1, ordering: .acquiringAndReleasing).newValue > 1 {
        overlaps.add(1, ordering: .relaxed)
      }
      messages.withLock { $0.append("\(level) \(component): \(message)") }
      isInside.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  @Test("the sink gets what is at least as grave as its minimum")
  func levels() {
    let recorder = Recorder()
    Logger.setSink(minimum: .info) { recorder.add($0, $1, $2) }
    defer { Logger.setSink(minimum: .warning, nil) }
    Logger.log(.debug, component: "law-levels", "no")
    Logger.log(.info, component: "law-levels", "yes")
    Logger.log(.error, component: "law-levels", "yes too")
    Logger.log(.off, component: "law-levels", "never")
    #expect(
      recorder.messages.withLock { $0.filter { $0.contains("law-levels") } }
        == ["info law-levels: yes", "error law-levels: yes too"])
  }

  @Test("off silences everything")
  func off() {
    let recorder = Recorder()
    Logger.setSink(minimum: .off) { recorder.add($0, $1, $2) }
    defer { Logger.setSink(minimum: .warning, nil) }
    Logger.log(.error, component: "law", "no")
    Logger.log(.off, component: "law", "no")
    #expect(recorder.messages.withLock { $0 }.isEmpty)
  }

  @Test("a sink may log and change the sink: its message comes after, nothing hangs")
  func reentrancy() {
    let recorder = Recorder()
    Logger.setSink(minimum: .trace) { level, component, message in
      if message == "outer" {
        Logger.log(.info, component: "law-inner", "inner")
        Logger.setSink(minimum: .trace) { recorder.add($0, $1, $2) }
      }
      recorder.add(level, component, message)
    }
    defer { Logger.setSink(minimum: .warning, nil) }
    Logger.log(.info, component: "law-outer", "outer")
    Logger.log(.info, component: "law-outer", "last")
    #expect(
      recorder.messages.withLock { $0.filter { $0.contains("law-") } }
        == ["info law-outer: outer", "info law-inner: inner", "info law-outer: last"])
    #expect(recorder.overlaps.load(ordering: .relaxed) == 0)
  }

  @Test("messages of many threads arrive whole, each once and never two at a time")
  func threads() async {
    let recorder = Recorder()
    Logger.setSink(minimum: .info) { recorder.add($0, $1, $2) }
    defer { Logger.setSink(minimum: .warning, nil) }
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask {
          for index in 0..<500 { Logger.log(.info, component: "law-\(thread)", "\(index)") }
        }
      }
    }
    // A thread may return while another still hands its message out.
    while recorder.messages.withLock({ $0.count }) < 4000 {}
    let messages = recorder.messages.withLock { $0.filter { $0.contains("law-") } }
    #expect(messages.count == 4000)
    #expect(recorder.overlaps.load(ordering: .relaxed) == 0)
    for thread in 0..<8 {
      let own = messages.filter { $0.hasPrefix("info law-\(thread):") }
      #expect(own == (0..<500).map { "info law-\(thread): \($0)" })
    }
  }
}
