import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Testing

@Suite("Pruning by ranks of curves")
struct CurvePrunerTests {
  /// Trials whose value at step 1 is their final one, and noise.
  private func finished(_ count: Int, noise: Double) -> FinishedReports {
    var stream = RandomStream(seed: 3, trial: 0, stream: 0)
    return PrunerSamples.finished(
      (0..<count).map { index in
        let value = Double(index) / Double(count)
        return [(1, value + noise * (stream.nextUnit() - 0.5)), (2, value)]
      })
  }

  private func share(_ others: FinishedReports, _ direction: Direction = .minimize) throws
    -> Double
  {
    let pruner = try PrunerCatalog.make(named: "curve", directions: [direction])
    let values = (0...100).map { Double($0) / 100 }
    let stopped = values.filter {
      pruner.shouldPrune(PrunerSamples.reports([(1, $0)]), given: others)
    }
    return Double(stopped.count) / 101
  }

  @Test("where early ranks tell the end most are stopped; where they tell nothing hardly any")
  func noise() throws {
    #expect(try share(finished(40, noise: 0)) > 0.7)
    #expect(try share(finished(40, noise: 0), .maximize) > 0.7)
    let some = try share(finished(40, noise: 0.5))
    #expect(some > 0.2 && some < 0.75)
    #expect(try share(finished(40, noise: 100)) < 0.05)
  }

  @Test("the best so far is never stopped, NaN is")
  func best() throws {
    let pruner = try PrunerCatalog.make(named: "curve", directions: [.minimize])
    let others = finished(30, noise: 0.1)
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(1, -1)]), given: others))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(1, .nan)]), given: others))
  }

  @Test("with fewer than ten trials at the step none is stopped, but for NaN")
  func few() throws {
    let pruner = try PrunerCatalog.make(named: "curve", directions: [.minimize])
    for (count, isStopped) in [(9, false), (10, true)] {
      let others = finished(count, noise: 0)
      let worse = PrunerSamples.reports([(1, 2.5)])
      #expect(pruner.shouldPrune(worse, given: others) == isStopped, "\(count) trials")
      #expect(pruner.shouldPrune(PrunerSamples.reports([(1, .nan)]), given: others))
    }
  }

  @Test(
    "a curve that still falls goes on where a flat one of the same value is stopped",
    arguments: [Int64(1), 10])
  func falling(unit: Int64) throws {
    let pruner = try PrunerCatalog.make(named: "curve", directions: [.minimize])
    let others = PrunerSamples.finished(
      (0..<40).map { index in (1...3).map { ($0 * unit, Double(index) / 40) } })
    func curve(_ values: Double...) -> [(Int64, Double)] {
      values.enumerated().map { (Int64($0 + 1) * unit, $1) }
    }
    #expect(pruner.shouldPrune(PrunerSamples.reports(curve(0.6, 0.6, 0.6)), given: others))
    #expect(!pruner.shouldPrune(PrunerSamples.reports(curve(2, 0.9, 0.6)), given: others))
    // Not as steep: it will end in the middle.
    #expect(pruner.shouldPrune(PrunerSamples.reports(curve(0.8, 0.7, 0.6)), given: others))
    #expect(!pruner.shouldPrune(PrunerSamples.reports(curve(.infinity, 0.1)), given: others))
  }
}
