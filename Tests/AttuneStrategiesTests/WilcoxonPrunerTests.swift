import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by signed ranks")
struct WilcoxonPrunerTests {
  private func pruner(_ direction: Direction = .minimize) throws -> any Pruner {
    try PrunerCatalog.make(named: "wilcoxon", directions: [direction])
  }

  @Test("a trial that is worse at every common step is stopped at the fourth, in any order")
  func worse() throws {
    let best = PrunerSamples.finished([[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]])
    for direction in [Direction.minimize, .maximize] {
      let sign = direction == .minimize ? 1.0 : -1
      let pruner = try pruner(direction)
      var reports = Reports()
      var decisions: [Bool] = []
      for (place, step) in ([4, 1, 0, 2] as [Int64]).enumerated() {
        let value = Double(step + 1) + sign * (0.5 + 0.1 * Double(place))
        reports.add(step: step, values: [value])
        decisions.append(pruner.shouldPrune(reports, given: best))
      }
      // 1/4, 1/8 and 1/16 are the least p of two, three and four.
      #expect(decisions == [false, false, false, true])
    }
  }

  @Test("a mean as good as the best one's goes on, and so do values that are not finite")
  func mean() throws {
    let best = PrunerSamples.finished([(0..<6).map { ($0, 1) } + [(6, 0)]])
    let worse = (0..<6).map { (Int64($0), 1.1) }
    #expect(try pruner().shouldPrune(PrunerSamples.reports(worse), given: best))
    let saved = PrunerSamples.reports(worse + [(7, -9)])
    #expect(try !pruner().shouldPrune(saved, given: best))
    let broken = PrunerSamples.reports(worse + [(7, .infinity)])
    #expect(try !pruner().shouldPrune(broken, given: best))
    #expect(try !pruner().shouldPrune(PrunerSamples.reports(worse), given: FinishedReports()))
  }
}
