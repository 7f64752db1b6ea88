import AttuneCore
import Testing

@testable import AttuneStrategies

@Suite("Pruning by brackets")
struct HyperbandPrunerTests {
  @Test("brackets get Hyperband's shares, whoever asks")
  func brackets() {
    let shares = HyperbandPruner.shares(count: 3, factor: 3)
    #expect(shares == [9, 5, 3])
    var counts = [0, 0, 0]
    for number in 0..<17_000 { counts[HyperbandPruner.bracket(of: number, shares)] += 1 }
    for (count, share) in zip(counts, shares) {
      #expect((Double(count) - 1000 * share).magnitude < 300)
    }
  }

  @Test("a trial is compared with those of its bracket alone, from its bracket's rung on")
  func bracket() throws {
    let pruner = try PrunerCatalog.make(
      named: "hyperband", directions: [.minimize], options: [("max_resource", .int(9))])
    let shares = HyperbandPruner.shares(count: 3, factor: 3)
    var finished = FinishedReports()
    for number in 0..<60 {
      let reports = PrunerSamples.reports((1...9).map { ($0, 0.0) })
      finished.add(ReportingTrial(number: number, reports: reports), values: [0])
    }
    let study = StudyReports(finished: finished)
    for number in 60..<120 {
      let bracket = HyperbandPruner.bracket(of: number, shares)
      var reports = Reports()
      let first = (1...9).first { step in
        reports.add(step: Int64(step), values: [1])
        let trial = ReportingTrial(number: number, reports: reports)
        return pruner.reasonToPrune(trial, given: study) != nil
      }
      #expect(first == [1, 3, 9][bracket])
    }
  }

  @Test("a range without room is refused, and nothing is stopped before it is known")
  func range() throws {
    #expect(throws: AttuneError.self) {
      try PrunerCatalog.make(
        named: "hyperband", directions: [.minimize],
        options: [("min_resource", .int(9)), ("max_resource", .int(3))])
    }
    let pruner = try PrunerCatalog.make(named: "hyperband", directions: [.minimize])
    let bad = PrunerSamples.reports([(1, .nan)])
    #expect(!pruner.shouldPrune(bad, given: FinishedReports()))
  }
}
