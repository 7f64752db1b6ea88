import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by limits")
struct ThresholdPrunerTests {
  private func pruner(_ options: [(key: String, value: Value)]) throws -> any Pruner {
    try PrunerCatalog.make(named: "threshold", directions: [.minimize], options: options)
  }

  @Test("limits are allowed values; beyond them, and with NaN, a trial is stopped")
  func limits() throws {
    let pruner = try pruner([("lower", .float(-1)), ("upper", .float(2))])
    let nothing = FinishedReports()
    for (value, isPruned) in [
      (-1.0, false), (2, false), (2.1, true), (-1.1, true), (.nan, true), (.infinity, true),
    ] {
      let reports = PrunerSamples.reports([(3, value)])
      #expect(pruner.shouldPrune(reports, given: nothing) == isPruned)
    }
    #expect(!pruner.shouldPrune(Reports(), given: nothing))
  }

  @Test("one limit is enough, none or crossed ones are refused")
  func options() throws {
    let upper = try pruner([("upper", .float(0))])
    let low = PrunerSamples.reports([(0, -1e300)])
    #expect(!upper.shouldPrune(low, given: FinishedReports()))
    let none = #expect(throws: AttuneError.self) { try pruner([]) }
    #expect(none?.message == "pruner threshold: lower and upper are missing, wanted one at least")
    #expect(throws: AttuneError.self) {
      try pruner([("lower", .float(1)), ("upper", .float(0))])
    }
  }

  @Test("nothing is judged in the warm-up, and once an interval")
  func schedule() throws {
    let pruner = try pruner([
      ("upper", .float(0)), ("n_warmup_steps", .int(2)), ("interval_steps", .int(2)),
    ])
    var reports = Reports()
    var judged: [Int64] = []
    for step: Int64 in 0..<7 {
      reports.add(step: step, values: [1])
      if pruner.shouldPrune(reports, given: FinishedReports()) { judged.append(step) }
    }
    #expect(judged == [2, 4, 6])
  }
}
