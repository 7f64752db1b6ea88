import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by successive halving")
struct SuccessiveHalvingPrunerTests {
  private func pruner(_ options: [(key: String, value: Value)]) throws -> any Pruner {
    try PrunerCatalog.make(
      named: "successive_halving", directions: [.minimize], options: options)
  }

  @Test("at a rung one in so many goes on; at first the best so far alone")
  func rungs() throws {
    let pruner = try pruner([("min_resource", .int(2)), ("reduction_factor", .int(2))])
    var finished = FinishedReports()
    var decisions: [Bool] = []
    for (number, value) in [5.0, 6, 4, 4.5, 5.5].enumerated() {
      var reports = Reports()
      reports.add(step: 1, values: [value])
      let early = ReportingTrial(number: number, reports: reports)
      #expect(pruner.reasonToPrune(early, given: StudyReports(finished: finished)) == nil)
      reports.add(step: 2, values: [value])
      let trial = ReportingTrial(number: number, reports: reports)
      let reason = pruner.reasonToPrune(trial, given: StudyReports(finished: finished))
      decisions.append(reason != nil)
      finished.add(trial, reason == nil ? .complete : .pruned, values: [value])
    }
    #expect(decisions == [false, true, false, false, true])
  }

  @Test("running trials at the rung count, and only the report that reaches it is judged")
  func running() throws {
    let pruner = try pruner([("min_resource", .int(1)), ("reduction_factor", .int(2))])
    let others = (0..<3).map {
      ReportingTrial(number: $0, reports: PrunerSamples.reports([(1, Double($0))]))
    }
    let study = StudyReports(finished: FinishedReports(), running: others)
    var reports = PrunerSamples.reports([(1, 9)])
    let reason = pruner.reasonToPrune(ReportingTrial(number: 3, reports: reports), given: study)
    #expect(reason == "rung 0, step 1: 9.0 is not among the best one in 2 of 4 trials")
    reports = PrunerSamples.reports([(0, 9), (1, 1.5), (3, 99), (5, 99)])
    #expect(
      pruner.reasonToPrune(ReportingTrial(number: 3, reports: reports), given: study) == nil)
  }

  @Test("the first COMPLETE trial tells the first rung; until then nothing is stopped")
  func resource() throws {
    let pruner = try pruner([("reduction_factor", .int(2))])
    let bad = PrunerSamples.reports([(1, 9), (3, .nan)])
    #expect(!pruner.shouldPrune(bad, given: FinishedReports()))
    var finished = PrunerSamples.finished([[(1, 0), (399, 0)]])
    #expect(pruner.shouldPrune(bad, given: finished))
    // A later one changes nothing.
    finished.add(
      ReportingTrial(number: 1, reports: PrunerSamples.reports([(9999, 0)])), values: [0])
    #expect(pruner.shouldPrune(bad, given: finished))
  }
}
