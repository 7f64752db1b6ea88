import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by asynchronous halving")
struct ASHAPrunerTests {
  @Test("the first at a rung go on, then the best third")
  func start() throws {
    let pruner = try PrunerCatalog.make(
      named: "asha", directions: [.maximize], options: [("min_resource", .int(1))])
    var finished = FinishedReports()
    var decisions: [Bool] = []
    for (number, value) in [1.0, 0, 0.5, 2, 0.9, 0.8, 1.5].enumerated() {
      let trial = ReportingTrial(number: number, reports: PrunerSamples.reports([(1, value)]))
      let reason = pruner.reasonToPrune(trial, given: StudyReports(finished: finished))
      decisions.append(reason != nil)
      finished.add(trial, reason == nil ? .complete : .pruned, values: [value])
    }
    #expect(decisions == [false, false, true, false, true, true, false])
  }
}
