import AttuneCore
import Synchronization
import Testing

@Suite("Histories")
struct HistoryTests {
  static func point(_ number: Int, width: Int = 2) -> Point {
    var active = ActiveSet()
    for index in 0..<width where (number + index) % 3 != 0 { active[index] = true }
    return Point(
      slots: (0..<width).map { active[$0] ? UInt64(number * 31 + $0) : 0 }, active: active)
  }

  @Test("what is written is read, over many blocks")
  func writing() {
    var log = HistoryLog(valueCount: 2, width: 2)
    for number in 0..<2000 {
      #expect(log.claim(number % 5 == 0 ? .enqueued : .strategy, at: Int64(number)) == number)
      log.fill(number, Self.point(number))
      #expect(log.state(number) == .running)
      if number % 2 == 0 {
        log.finish(
          number, .complete, values: [Double(number), -Double(number)], at: Int64(number) + 7)
      }
    }
    let history = log.snapshot
    #expect(history.trialCount == 2000)
    #expect(history.eventCount == 3000)
    for number in 0..<2000 {
      #expect(history.point(number) == Self.point(number))
      for index in 0..<2 { #expect(history.slot(number, index) == Self.point(number)[index]) }
      #expect(history.slot(number, 2) == nil)
      #expect(history.origin(number) == (number % 5 == 0 ? .enqueued : .strategy))
      #expect(log.started(number) == Int64(number))
      if number % 2 == 0 {
        #expect(history.state(number) == .complete)
        #expect(history.value(number) == Double(number))
        #expect(history.value(number, objective: 1) == -Double(number))
        #expect(log.finished(number) == Int64(number) + 7)
      } else {
        #expect(history.value(number).isNaN)
        #expect(log.finished(number) == 0)
      }
    }
    #expect(history.event(0) == .asked(0))
    #expect(history.event(1) == .finished(0))
    #expect(history.event(2) == .asked(1))
    #expect(history.event(2999) == .asked(1999))
  }

  @Test("a snapshot does not change when the study goes on")
  func isolation() {
    var log = HistoryLog(valueCount: 1, width: 2)
    for number in 0..<10 {
      _ = log.claim(.strategy, at: 1)
      log.fill(number, Self.point(number))
    }
    let before = log.snapshot
    for number in 0..<10 { log.finish(number, .complete, values: [1], at: 2) }
    log.widen(to: 5)
    _ = log.claim(.strategy, at: 3)
    log.fill(10, Self.point(10, width: 5))
    // A define-by-run trial ends with other parameters than it was asked with.
    let replaced = log.snapshot
    _ = log.claim(.strategy, at: 3)
    log.fill(11, Self.point(11, width: 5))
    let asked = log.snapshot
    log.finish(11, .complete, values: [2], at: 4, point: Self.point(99, width: 5))
    #expect(before.eventCount == 10)
    #expect(before.trialCount == 10)
    for index in 0..<10 { #expect(before.event(index) == .asked(index)) }
    #expect(replaced.trialCount == 11)
    #expect(asked.point(11) == Self.point(11, width: 5))
    #expect(log.snapshot.point(11) == Self.point(99, width: 5))
    #expect(log.snapshot.point(3).slots.prefix(2) == Self.point(3).slots[...])
  }

  @Test("a point is replaced in place where no snapshot is left, and only there")
  func replacement() {
    var log = HistoryLog(valueCount: 1, width: 2)
    var kept: [History] = []
    for number in 0..<600 {
      _ = log.claim(.strategy, at: 1)
      log.fill(number, Self.point(number))
      if number % 3 == 0 { kept.append(log.snapshot) }
      log.finish(number, .complete, values: [1], at: 2, point: Self.point(number + 1000))
      if number % 50 == 49 { kept.removeAll() }
      for history in kept {
        let last = history.trialCount - 1
        #expect(history.point(last) == Self.point(last))
        if last > 0 { #expect(history.point(last - 1) == Self.point(last + 999)) }
      }
    }
    for number in 0..<600 { #expect(log.snapshot.point(number) == Self.point(number + 1000)) }
  }

  @Test("a history grows wider in the middle of a block, and old trials stay as they were")
  func widening() {
    var log = HistoryLog(valueCount: 1, width: 0)
    for number in 0..<600 {
      let width = number / 3
      log.widen(to: width)
      _ = log.claim(.strategy, at: 0)
      log.fill(number, Self.point(number, width: width))
    }
    let history = log.snapshot
    for number in 0..<600 {
      for index in 0..<250 {
        #expect(history.slot(number, index) == Self.point(number, width: number / 3)[index])
      }
    }
  }

  @Test("a space without parameters and more than 64 parameters both fit")
  func widths() {
    for width in [0, 1, 63, 64, 65, 128, 200] {
      var log = HistoryLog(valueCount: 1, width: width)
      for number in 0..<300 {
        _ = log.claim(.added, at: 0)
        log.fill(number, Self.point(number, width: width))
      }
      for number in [0, 255, 256, 299] {
        #expect(log.snapshot.point(number) == Self.point(number, width: width))
        #expect(log.snapshot.origin(number) == .added)
      }
    }
  }

  @Test("violations are read from when they first come, and leave what was read before alone")
  func violations() {
    var log = HistoryLog(valueCount: 1, width: 2)
    for number in 0..<700 {
      _ = log.claim(.strategy, at: 0)
      log.fill(number, Self.point(number))
    }
    func violation(_ number: Int) -> Double {
      number < 300 || number % 3 == 0 ? 0 : number % 7 == 0 ? .nan : Double(number)
    }
    var halfway: History?
    for number in 0..<700 {
      log.finish(
        number, .complete, values: [Double(number)], violation: violation(number), at: 5,
        point: number % 100 == 1 ? Self.point(number + 1000) : nil)
      if number == 400 { halfway = log.snapshot }
    }
    _ = log.claim(.strategy, at: 0)
    log.fill(700, Self.point(700))
    log.widen(to: 9)
    log.finish(700, .fail, values: [], violation: 2, at: 6)
    for number in 0..<700 {
      let wanted = violation(number).isNaN ? Double.infinity : violation(number)
      #expect(log.snapshot.violation(number) == wanted)
      if number <= 400 { #expect(halfway?.violation(number) == wanted) }
      #expect(log.snapshot.value(number) == Double(number))
      let place = number % 100 == 1 ? number + 1000 : number
      #expect(log.snapshot.point(number).slots.prefix(2) == Self.point(place).slots[...])
    }
    #expect(log.snapshot.violation(700) == 2)
  }

  @Test("an objective that a study lacks has no value")
  func objectives() {
    var log = HistoryLog(valueCount: 2, width: 1)
    for number in 0..<2 {
      _ = log.claim(.strategy, at: 0)
      log.fill(number, Self.point(number, width: 1))
      log.finish(number, .complete, values: [1, 2], at: 0)
    }
    for objective in [-1, 2, 3, Int.max] {
      #expect(log.snapshot.value(0, objective: objective).isNaN)
    }
    #expect(log.snapshot.value(0, objective: 1) == 2)
  }

  private final class Shared: Sendable {
    let log = Mutex(HistoryLog(valueCount: 1, width: 3))
    let isDone = Atomic<Bool>(false)
  }

  @Test("snapshots taken while others write never show a half-written trial")
  func threads() async {
    // Writers keep the law of the log: one lock around every write and every snapshot.
    let shared = Shared()
    await withTaskGroup(of: Int.self) { group in
      group.addTask {
        for number in 0..<20_000 {
          shared.log.withLock { log in
            _ = log.claim(.strategy, at: Int64(number))
            if number % 700 == 0 { log.widen(to: 3 + number / 700) }
          }
          let point = Self.point(number, width: 3)
          shared.log.withLock { $0.fill(number, point) }
          shared.log.withLock {
            $0.finish(
              number, .complete, values: [Double(number)], at: 1,
              point: number % 64 == 0 ? Self.point(number, width: 3) : nil)
          }
        }
        shared.isDone.store(true, ordering: .releasing)
        return 0
      }
      for _ in 0..<2 {
        group.addTask {
          var wrong = 0
          while !shared.isDone.load(ordering: .acquiring) {
            let history = shared.log.withLock { $0.snapshot }
            for index in max(0, history.eventCount - 50)..<history.eventCount {
              switch history.event(index) {
              case .asked(let number):
                let point = history.point(number)
                let wanted = Self.point(number, width: 3)
                for parameter in 0..<3 where point[parameter] != wanted[parameter] { wrong += 1 }
              case .finished(let number):
                if history.value(number) != Double(number) { wrong += 1 }
                if history.state(number) != .complete { wrong += 1 }
              }
            }
          }
          return wrong
        }
      }
      for await wrong in group { #expect(wrong == 0) }
    }
  }
}
