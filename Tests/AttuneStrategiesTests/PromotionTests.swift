import AttuneCore
import AttuneStrategies
import Testing

/// Which paused trials go on, against small tables made by hand.
@Suite("Promotion of paused trials")
struct PromotionTests {
  /// A trial by its number: steps with values, and whether it is paused.
  private struct Row {
    let number: Int
    let reports: [(Int64, Double)]
    var isPaused = true

    init(_ number: Int, _ reports: [(Int64, Double)], paused: Bool = true) {
      self.number = number
      self.reports = reports
      isPaused = paused
    }
  }

  private static func promotion(
    _ rows: [Row], by name: String = "asha", _ options: [(key: String, value: Value)] = [],
    direction: Direction = .minimize, finished: FinishedReports = FinishedReports()
  ) throws -> Int? {
    let given: [(key: String, value: Value)] = [
      ("min_resource", .int(1)), ("reduction_factor", .int(3)), ("resume", .bool(true)),
    ]
    let pruner = try PrunerCatalog.make(
      named: name, directions: [direction], options: given + options)
    let running = rows.map {
      ReportingTrial(number: $0.number, reports: PrunerSamples.reports($0.reports))
    }
    let paused = zip(rows, running).filter(\.0.isPaused).map(\.1)
    return pruner.promotion(
      among: paused, given: StudyReports(finished: finished, running: running))
  }

  @Test("with resume not even the first of asha go on at once, without it they do")
  func first() throws {
    for resumes in [false, true] {
      let pruner = try PrunerCatalog.make(
        named: "asha", directions: [.minimize],
        options: [("min_resource", .int(1)), ("resume", .bool(resumes))])
      #expect(pruner.resumes == resumes)
      let first = ReportingTrial(number: 0, reports: PrunerSamples.reports([(1, 5)]))
      let none = StudyReports(finished: FinishedReports())
      #expect((pruner.reasonToPrune(first, given: none) != nil) == resumes)
    }
  }

  @Test("none is promoted before a rung has as many as the factor, then the best third, best first")
  func third() throws {
    var rows = [Row(0, [(1, 5)]), Row(1, [(1, 3)])]
    #expect(try Self.promotion(rows) == nil)
    rows.append(Row(2, [(1, 4)]))
    #expect(try Self.promotion(rows) == 1)
    #expect(try Self.promotion(rows, direction: .maximize) == 0)
    // The best of six goes on already: the second is next, the third is not.
    rows[1] = Row(1, [(1, 3)], paused: false)
    rows += [Row(3, [(1, 9)]), Row(4, [(1, 3.5)]), Row(5, [(1, 8)])]
    #expect(try Self.promotion(rows) == 4)
    rows[4] = Row(4, [(1, 3.5)], paused: false)
    #expect(try Self.promotion(rows) == nil)
  }

  @Test("the highest rung goes first, and of equals the first")
  func order() throws {
    let rows = [
      Row(0, [(1, 1), (3, 4)]), Row(1, [(1, 2), (3, 2)]), Row(2, [(1, 2), (3, 2)]),
      Row(3, [(1, 0.5)]), Row(4, [(1, 9)]),
    ]
    // Rung 0: trial 3 is the best of five. Rung 1: trials 1 and 2 are the best of three alike.
    #expect(try Self.promotion(rows) == 1)
    let left = [Row(1, rows[1].reports, paused: false), Row(2, rows[2].reports, paused: false)]
    #expect(try Self.promotion([rows[0], left[0], left[1], rows[3], rows[4]]) == 3)
  }

  @Test("a trial whose report reached several rungs must be among the best of each")
  func several() throws {
    var rows = [Row(0, [(3, 2)]), Row(1, [(1, 1)]), Row(2, [(1, 1.5)])]
    #expect(try Self.promotion(rows, by: "successive_halving") == 1)
    rows[1] = Row(1, [(1, 1)], paused: false)
    #expect(try Self.promotion(rows, by: "successive_halving") == nil)
    rows += [Row(3, [(1, 5)]), Row(4, [(1, 5)]), Row(5, [(1, 5)]), Row(6, [(1, 5)])]
    rows[2] = Row(2, [(1, 1.5)], paused: false)
    rows += [Row(7, [(1, 5)]), Row(8, [(1, 5)])]
    #expect(try Self.promotion(rows, by: "successive_halving") == 0)
  }

  @Test("finished trials count at their rungs, and NaN is never promoted")
  func finished() throws {
    var finished = FinishedReports()
    for number in 0..<4 {
      finished.add(
        ReportingTrial(number: number, reports: PrunerSamples.reports([(1, 2)])), .pruned)
    }
    #expect(try Self.promotion([Row(4, [(1, 3)])], finished: finished) == nil)
    #expect(try Self.promotion([Row(4, [(1, 1)])], finished: finished) == 4)
    #expect(try Self.promotion([Row(4, [(1, .nan)])], finished: finished) == nil)
  }

  @Test("hyperband promotes within a bracket, the highest step of all brackets first")
  func brackets() throws {
    let options: [(key: String, value: Value)] = [("max_resource", .int(9))]
    // Alone in its bracket a trial is the best of it: one of each bracket, each at its first rung.
    let pruner = try PrunerCatalog.make(
      named: "hyperband", directions: [.minimize],
      options: [
        ("min_resource", .int(1)), ("reduction_factor", .int(3)), ("max_resource", .int(9)),
        ("resume", .bool(true)), ("bootstrap_count", .int(1)),
      ])
    var brackets: [String: Int] = [:]
    for number in 0..<40 {
      let trial = ReportingTrial(number: number, reports: PrunerSamples.reports([(9, 1)]))
      let none = StudyReports(finished: FinishedReports())
      guard let reason = pruner.reasonToPrune(trial, given: none) else { continue }
      let bracket = String(reason.prefix { $0 != "," })
      if brackets[bracket] == nil { brackets[bracket] = number }
    }
    let early = try #require(brackets["bracket 0"])
    let late = try #require(brackets["bracket 2"])
    #expect(try Self.promotion([Row(early, [(1, 1)])], by: "hyperband", options) == early)
    #expect(
      try Self.promotion([Row(early, [(1, 1)]), Row(late, [(9, 5)])], by: "hyperband", options)
        == late)
  }
}
