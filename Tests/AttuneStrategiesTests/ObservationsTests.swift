import AttuneCore
import Testing

@testable import AttuneStrategies

/// That trials count for what they tell, in whatever way they ended.
struct ObservationsTests {
  private func expect(
    _ wanted: Int?, _ index: Int?, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(index == wanted, sourceLocation: location)
  }

  /// A study of one number whose trials' ends are told by hand.
  private struct Told {
    let space: Space
    var log = HistoryLog(valueCount: 1, width: 1)
    var observations: Observations
    private var read = 0

    init(_ direction: Direction = .minimize, usesOutlooks: Bool = false) throws {
      space = try LawSpace.oneFloat.space()
      observations = Observations(
        model: ModelSpace(space), directions: [direction], usesOutlooks: usesOutlooks)
    }

    mutating func ask(_ unit: Double) -> Int {
      let number = log.claim(.strategy, at: 0)
      log.fill(number, point(unit))
      return number
    }

    func point(_ unit: Double) -> Point {
      space.point { space.parameters[$0].distribution.slot(atUnit: unit) }
    }

    @discardableResult
    mutating func follow() -> Int? {
      var index: Int?
      let history = log.snapshot
      while read < history.eventCount {
        index = observations.follow(history.event(read), in: history)
        read += 1
      }
      return index
    }

    @discardableResult
    mutating func end(
      _ value: Double, _ state: TrialState = .complete, violation: Double = 0,
      outlook: Double? = nil, at unit: Double? = nil
    ) -> Int? {
      let number = ask(unit ?? Double(log.trialCount % 32) / 32)
      log.finish(number, state, values: [value], violation: violation, outlook: outlook, at: 1)
      return follow()
    }
  }

  @Test("complete trials have their values in the order they finished, with their coordinates")
  func complete() throws {
    var told = try Told()
    let (a, b) = (told.ask(0.25), told.ask(0.75))
    told.follow()
    #expect(told.observations.pending == [a, b] && told.observations.count == 0)
    #expect(told.observations.hasSeen(told.point(0.75)))
    #expect(!told.observations.hasSeen(told.point(0.5)))
    told.log.finish(b, .complete, values: [3], at: 1)
    expect(0, told.follow())
    #expect(told.observations.pending == [a])
    told.log.finish(a, .complete, values: [5], at: 1)
    expect(1, told.follow())
    #expect(told.observations.pending.isEmpty)
    #expect(told.observations.trials == [b, a])
    #expect(told.observations.values == [3, 5])
    #expect(told.observations.coordinates == [0.75, 0.25])
    #expect(Array(told.observations.coordinates(of: 1)) == [0.25])
    #expect(told.observations.best == 0)
  }

  @Test("values to be made large have their sign turned, and the first of equal ones is the best")
  func maximized() throws {
    var told = try Told(.maximize)
    for value in [1.0, 4, -2, 4] { told.end(value) }
    #expect(told.observations.values == [-1, -4, 2, -4])
    #expect(told.observations.best == 1)
    expect(nil, told.end(-.infinity))
    #expect(told.observations.failureCount == 1)
    expect(4, told.end(.infinity))
    #expect(told.observations.values[4] == -4 - 6)
  }

  @Test("failed, NaN and infinitely bad trials are failures")
  func failures() throws {
    var told = try Told()
    told.end(1)
    expect(nil, told.end(.nan, .fail, at: 0.5))
    expect(nil, told.end(2, .fail, at: 0.5))
    expect(nil, told.end(.nan, at: 0.25))
    expect(nil, told.end(.infinity, at: 0.125))
    expect(nil, told.end(.infinity, .pruned, at: 1))
    #expect(told.observations.failures == [0.5, 0.5, 0.25, 0.125, 1])
    #expect(told.observations.failureCount == 5 && told.observations.count == 1)
    #expect(told.observations.pending.isEmpty)
  }

  @Test("a trial that failed before its point was chosen tells nothing")
  func pointless() throws {
    var told = try Told()
    told.end(1)
    let number = told.log.claim(.strategy, at: 0)
    told.log.finish(number, .fail, values: [], at: 1)
    expect(nil, told.follow())
    #expect(told.observations.failureCount == 0 && told.observations.count == 1)
    #expect(told.observations.seenCount == 1)
  }

  @Test("a trial counts where its end alone is followed, as by the rules that stop a run")
  func endsAlone() throws {
    var told = try Told()
    let (good, bad) = (told.ask(0.25), told.ask(0.75))
    told.log.finish(good, .complete, values: [3], at: 1)
    told.log.finish(bad, .fail, values: [], at: 1)
    let history = told.log.snapshot
    expect(0, told.observations.follow(.finished(good), in: history))
    expect(nil, told.observations.follow(.finished(bad), in: history))
    #expect(told.observations.values == [3] && told.observations.failures == [0.75])
  }

  @Test("an infinitely good value is better than the best by the range so far")
  func infinitelyGood() throws {
    var told = try Told()
    told.end(-.infinity)
    #expect(told.observations.values == [-1])
    told.end(7)
    told.end(-.infinity)
    #expect(told.observations.values[2] == -9)
    #expect(told.observations.best == 2)
  }

  @Test("values stay finite however far they lie apart")
  func finite() throws {
    var told = try Told()
    let largest = Double.greatestFiniteMagnitude
    let values: [Double] = [largest, -largest, -.infinity, -.infinity, 0]
    for value in values {
      told.end(value)
    }
    #expect(told.observations.count == 5)
    #expect(told.observations.values.allSatisfy { $0.isFinite })
  }

  @Test("a pruned trial counts as its last value or the median, if that is worse")
  func pruned() throws {
    var told = try Told()
    expect(nil, told.end(.nan, .pruned))
    #expect(told.observations.failureCount == 0 && told.observations.count == 0)
    for value in [1.0, 9, 5, 3, 7] { told.end(value) }
    told.end(0, .pruned)
    #expect(told.observations.values[5] == 5)
    told.end(8, .pruned)
    #expect(told.observations.values[6] == 8)
    told.end(-.infinity, .pruned)
    #expect(told.observations.values[7] == 5)
    #expect(told.observations.best == 0)
  }

  @Test(
    "a pruned trial counts as what it would have ended with, not as better than the best complete")
  func outlooks() throws {
    var told = try Told(usesOutlooks: true)
    for value in [5.0, 2, 9] { told.end(value) }
    told.end(30, .pruned, outlook: 7)
    told.end(30, .pruned, outlook: 1)
    told.end(30, .pruned, outlook: 3)
    told.end(0, .pruned)
    told.end(1, violation: 1)
    told.end(30, .pruned, outlook: 1)
    expect(nil, told.end(.infinity, .pruned, outlook: 3))
    #expect(told.observations.values == [5, 2, 9, 7, 2, 3, 5, 1, 2])
    #expect(told.observations.best == 1)
    var turned = try Told(.maximize, usesOutlooks: true)
    for value in [5.0, 2, 3] { turned.end(value) }
    turned.end(0, .pruned, outlook: 1)
    turned.end(0, .pruned, outlook: 6)
    #expect(turned.observations.values == [-5, -2, -3, -1, -5])
    #expect(turned.observations.best == 0)
  }

  @Test("ends that may be taken back are observations that are not settled")
  func provisional() throws {
    var told = try Told()
    told.end(5)
    let paused = told.ask(0.75)
    told.follow()
    #expect(told.observations.settledCount == 1)
    var branch = told
    branch.log = told.log.branched(for: [paused])
    branch.log.finish(paused, .pruned, values: [7], at: 1)
    branch.follow()
    #expect(branch.observations.values == [5, 7] && branch.observations.settledCount == 1)
    told.end(6)
    #expect(told.observations.values == [5, 6] && told.observations.settledCount == 2)
  }

  @Test("the median is that of all values so far, after many of them")
  func runningMedian() throws {
    var told = try Told()
    var known: [Double] = []
    for (number, value) in ModelSamples.normals(120, salt: 71).enumerated() {
      let isPruned = number % 3 == 2
      let expected = isPruned ? max(value, known.sorted()[known.count / 2]) : value
      told.end(value, isPruned ? .pruned : .complete)
      known.append(expected)
    }
    #expect(told.observations.values == known)
  }

  @Test("a feasible trial is better than any that violates a constraint, and less violation better")
  func infeasible() throws {
    var told = try Told()
    told.end(-5, violation: 2, at: 0.25)
    #expect(told.observations.best == 0)
    told.end(-9, violation: 3)
    #expect(told.observations.best == 0)
    told.end(4, violation: 1)
    #expect(told.observations.best == 2)
    told.end(100)
    #expect(told.observations.best == 3)
    told.end(99, violation: .infinity)
    told.end(50, violation: .nan)
    #expect(told.observations.best == 3)
    told.end(98)
    #expect(told.observations.best == 6)
    #expect(told.observations.violations == [2, 3, 1, 0, .infinity, .infinity, 0])
    #expect(told.observations.values == [-5, -9, 4, 100, 99, 50, 98])
    #expect(told.observations.failureCount == 5)
    #expect(told.observations.failures.first == 0.25)
  }

  @Test("equal points have equal hashes, and inactive parameters differ from zeros")
  func hashes() throws {
    let space = try LawSpace.nested.space()
    var hashes: Set<UInt64> = []
    var points: Set<Point> = []
    for number in 0..<500 {
      let point = space.point {
        IndependentSampler.slot(of: space.parameters[$0], seed: 5, trial: number)
      }
      points.insert(point)
      hashes.insert(Observations.hash(point))
      let equal = Point(slots: point.slots, active: point.active)
      #expect(Observations.hash(equal) == Observations.hash(point))
    }
    #expect(hashes.count == points.count)
  }

  @Test("a space without axes is followed too")
  func empty() throws {
    var log = HistoryLog(valueCount: 1, width: 0)
    var observations = Observations(model: ModelSpace(.empty), directions: [.minimize])
    let number = log.claim(.strategy, at: 0)
    log.fill(number, Space.empty.point { _ in 0 })
    log.finish(number, .fail, values: [], at: 1)
    let other = log.claim(.strategy, at: 0)
    log.fill(other, Space.empty.point { _ in 0 })
    log.finish(other, .complete, values: [2], violation: 1, at: 1)
    for index in 0..<4 { observations.follow(log.snapshot.event(index), in: log.snapshot) }
    #expect(observations.values == [2] && observations.failureCount == 0)
    #expect(observations.coordinates(of: 0).isEmpty)
  }
}
