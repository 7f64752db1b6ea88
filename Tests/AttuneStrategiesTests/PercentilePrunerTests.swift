import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by percentile")
struct PercentilePrunerTests {
  private func pruner(_ percentile: Double, _ direction: Direction = .minimize) throws
    -> any Pruner
  {
    try PrunerCatalog.make(
      named: "percentile", directions: [direction],
      options: [("percentile", .float(percentile)), ("n_startup_trials", .int(1))])
  }

  @Test("the best share goes on, in both directions, its limit interpolated")
  func limits() throws {
    let others = PrunerSamples.finished((0...4).map { [(Int64(1), Double($0))] })
    for (percentile, limit) in [(25.0, 1.0), (0, 0), (100, 4), (10, 0.4)] {
      let pruner = try pruner(percentile)
      #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, limit)]), given: others))
      #expect(pruner.shouldPrune(PrunerSamples.reports([(1, limit + 0.01)]), given: others))
      let mirrored = try self.pruner(percentile, .maximize)
      #expect(!mirrored.shouldPrune(PrunerSamples.reports([(1, 4 - limit)]), given: others))
      #expect(mirrored.shouldPrune(PrunerSamples.reports([(1, 3.99 - limit)]), given: others))
    }
  }

  @Test("the percentile 50 is the median")
  func median() throws {
    let others = PrunerSamples.finished([[(1, 4)], [(1, 1)], [(1, 2)], [(1, 8)]])
    let half = try pruner(50)
    let median = try PrunerCatalog.make(
      named: "median", directions: [.minimize], options: [("n_startup_trials", .int(1))])
    for value in stride(from: 0.0, through: 9, by: 0.25) {
      let reports = PrunerSamples.reports([(1, value)])
      #expect(
        half.shouldPrune(reports, given: others) == median.shouldPrune(reports, given: others))
    }
  }

  @Test("a decision says why")
  func reason() throws {
    let others = PrunerSamples.finished([[(1, 4)], [(1, 1)]])
    let trial = ReportingTrial(number: 9, reports: PrunerSamples.reports([(1, 5)]))
    let reason = try pruner(25).reasonToPrune(trial, given: StudyReports(finished: others))
    #expect(
      reason
        == "step 1: the best so far, 5.0, is worse than the best 25.0 %'s limit 1.75 of 2 trials")
  }
}
