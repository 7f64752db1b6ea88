import AttuneCore
import Foundation
import Synchronization
import Testing

@testable import AttuneStorage

/// Stores on a server that dies. With the tests of connections, which kill it too: one after another.
extension PostgresConnectionTests {
  /// Claims and finishes trials, and tells the value that each was finished with.
  private static func work(
    _ store: any StudyStore, _ values: Range<Int>, told: (Int, Double) -> Void
  ) throws(AttuneError) {
    var next = 0
    func take(_ event: StudyEvent) {
      if case .claimed(let number, _, _) = event { next = number + 1 }
    }
    for value in values.map(Double.init) {
      var mine = 0
      try store.transact(keeps: false, take: take) {
        mine = next
        return [.claimed(number: mine, origin: .strategy, time: currentMicroseconds())]
      }
      next = mine + 1
      try store.transact(keeps: true, take: take) {
        let time = currentMicroseconds()
        return [
          .finished(number: mine, state: .complete, values: [value], failure: nil, time: time)
        ]
      }
      told(mine, value)
    }
  }

  @Test("a study whose server is killed again and again has each trial once, as it was told")
  func killedUnderStores() throws {
    let database = StudyDatabase(try StorageAddress(PostgresServer.fresh()))
    _ = try database.create(StoreSamples.definition())
    let each = 60
    let found = Mutex<[Int: Double]>([:])
    let (opened, done) = (Ended(), Ended())
    let errors = Mutex<[String]>([])
    for index in 0..<4 {
      Thread {
        do throws(AttuneError) {
          let store: any StudyStore
          do {
            defer { opened.add() }
            store = try database.open()
          }
          try Self.work(store, index * each..<(index + 1) * each) { number, value in
            found.withLock { $0[number] = $0[number] == nil ? value : .nan }
          }
        } catch {
          errors.withLock { $0.append("\(error)") }
        }
        done.add()
      }.start()
    }
    while opened.count < 4 { usleep(1_000) }
    while done.count < 4 {
      // A busy machine needs longer than its clients' patience lasts: they must get on in between.
      let next = found.withLock { $0.count } + Int.random(in: 10...60)
      while done.count < 4, found.withLock({ $0.count }) < next { usleep(1_000) }
      try PostgresServer.control("kill")
      try PostgresServer.control("start")
    }
    #expect(errors.withLock { $0 } == [])
    let told = found.withLock { $0 }
    #expect(told.keys.sorted() == Array(0..<4 * each), "no number is lost or given twice")
    #expect(Set(told.values) == Set((0..<4 * each).map(Double.init)))
    var stored: [Int: [Double]] = [:]
    for event in try database.open().exchange([]) {
      if case .finished(let number, _, let values, _, _) = event {
        stored[number, default: []] += values
      }
    }
    #expect(stored == told.mapValues { [$0] })
    #expect(try database.check(repairs: false) == [])
  }

  @Test("who waits for others is woken by an event of its study, and by nothing else")
  func wakes() throws {
    let database = StudyDatabase(try StorageAddress(PostgresServer.fresh()))
    for name in ["mine", "other"] { _ = try database.create(StoreSamples.definition(name)) }
    let waiting = try database.open("mine")
    /// Seconds of a wait during which somebody claims a trial of a study.
    func seconds(_ limit: Double, claiming study: String) throws -> Double {
      let errors = Mutex<[String]>([])
      let done = Ended()
      Thread {
        do throws(AttuneError) {
          let store = try database.open(study)
          usleep(200_000)
          try Self.work(store, 0..<1) { _, _ in }
        } catch {
          errors.withLock { $0.append("\(error)") }
        }
        done.add()
      }.start()
      let start = monotonicSeconds()
      try waiting.waitForOthers(seconds: limit)
      let waited = monotonicSeconds() - start
      while done.count < 1 { usleep(1_000) }
      #expect(errors.withLock { $0 } == [])
      return waited
    }
    // The first wait begins to listen.
    try waiting.waitForOthers(seconds: 0)
    #expect(try seconds(1, claiming: "other") >= 1)
    let woken = try seconds(60, claiming: "mine")
    #expect(woken >= 0.1 && woken < 30, "\(woken) s")
  }
}
