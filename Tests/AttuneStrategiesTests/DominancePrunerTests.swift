import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning of several objectives")
struct DominancePrunerTests {
  private static let both: [Direction] = [.minimize, .maximize]

  private func trial(_ number: Int, _ reports: [(Int64, [Double])]) -> ReportingTrial {
    var all = Reports()
    for (step, values) in reports { all.add(step: step, values: values) }
    return ReportingTrial(number: number, reports: all)
  }

  private func study(_ points: [[Double]]) -> StudyReports {
    var finished = FinishedReports()
    for (number, point) in points.enumerated() {
      finished.add(trial(number, [(1, point)]), values: point)
    }
    return StudyReports(finished: finished)
  }

  private func pruner(_ options: [(key: String, value: Value)] = []) throws -> any Pruner {
    try PrunerCatalog.make(named: "dominance", directions: Self.both, options: options)
  }

  @Test("a trial is stopped where half of the others dominate it")
  func half() throws {
    let pruner = try pruner()
    let study = study([[1, 9], [2, 8], [3, 7], [4, 6], [5, 5], [6, 4]])
    // Dominated by those with a smaller first and a larger second value.
    let dominated = trial(9, [(1, [3.5, 6.5])])
    #expect(
      pruner.reasonToPrune(dominated, given: study)
        == "step 1: 3 of 6 trials dominate it, and it adds 0.0 % of their volume")
    #expect(pruner.reasonToPrune(trial(9, [(1, [2.5, 7.5])]), given: study) == nil)
    #expect(pruner.reasonToPrune(trial(9, [(2, [9, 0])]), given: study) == nil)
  }

  @Test("running and pruned trials at the step count, and the trial's best values so far")
  func reached() throws {
    let pruner = try pruner([("n_startup_trials", .int(0))])
    var finished = FinishedReports()
    finished.add(trial(0, [(1, [0, 9]), (2, [0, 9])]), .pruned)
    let study = StudyReports(finished: finished, running: [trial(1, [(1, [1, 9]), (2, [1, 9])])])
    #expect(pruner.reasonToPrune(trial(2, [(2, [2, 2])]), given: study) != nil)
    let early = trial(2, [(1, [-1, 0]), (2, [2, 2])])
    #expect(pruner.reasonToPrune(early, given: study) == nil)
    #expect(pruner.reasonToPrune(trial(2, [(2, [2, .nan])]), given: study) != nil)
  }

  @Test("without a share, what adds little volume is stopped")
  func gain() throws {
    let pruner = try pruner([("share", .float(0)), ("gain", .float(0.05))])
    let study = study([[0, 10], [5, 5], [10, 0], [1, 9], [9, 1]])
    #expect(pruner.reasonToPrune(trial(9, [(1, [5.01, 5.02])]), given: study) != nil)
    #expect(pruner.reasonToPrune(trial(9, [(1, [-1, 12])]), given: study) == nil)
  }

  @Test("with one objective this is the median rule")
  func median() throws {
    let dominance = try PrunerCatalog.make(named: "dominance", directions: [.minimize])
    let median = try PrunerCatalog.make(named: "median", directions: [.minimize])
    let others = PrunerSamples.finished((0..<8).map { [(Int64(1), Double($0 * $0))] })
    for value in stride(from: -1.0, through: 50, by: 0.5) {
      let reports = PrunerSamples.reports([(1, value)])
      #expect(
        dominance.shouldPrune(reports, given: others) == median.shouldPrune(reports, given: others))
    }
  }

  @Test("infinite values and equal ones break nothing")
  func specials() throws {
    let pruner = try pruner([("n_startup_trials", .int(1))])
    let study = study([[.infinity, 1], [-.infinity, 1], [1, 1], [1, 1]])
    #expect(pruner.reasonToPrune(trial(9, [(1, [.infinity, -.infinity])]), given: study) != nil)
    #expect(pruner.reasonToPrune(trial(9, [(1, [-.infinity, .infinity])]), given: study) == nil)
  }
}
