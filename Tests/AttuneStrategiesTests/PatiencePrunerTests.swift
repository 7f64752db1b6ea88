import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruning by patience")
struct PatiencePrunerTests {
  private func pruner(
    _ options: [(key: String, value: Value)], _ direction: Direction = .minimize
  ) throws -> any Pruner {
    try PrunerCatalog.make(named: "patience", directions: [direction], options: options)
  }

  @Test("a trial is stopped when the last reports are all worse than one before")
  func flat() throws {
    let pruner = try pruner([("patience", .int(1))])
    let nothing = FinishedReports()
    func judged(_ values: [Double]) -> Bool {
      let pairs = values.enumerated().map { (Int64($0.offset), $0.element) }
      return pruner.shouldPrune(PrunerSamples.reports(pairs), given: nothing)
    }
    #expect(!judged([1, 2]))
    #expect(judged([1, 2, 2]))
    #expect(!judged([1, 2, 1]))
    #expect(!judged([.nan, 2, 3]))
    #expect(judged([1, .nan, 3]))
    #expect(!judged([1, .nan, .nan]))
  }

  @Test("a margin, and the other direction")
  func margin() throws {
    let pruner = try pruner([("patience", .int(0)), ("min_delta", .float(0.5))], .maximize)
    let nothing = FinishedReports()
    #expect(!pruner.shouldPrune(PrunerSamples.reports([(0, 2), (1, 1.5)]), given: nothing))
    #expect(pruner.shouldPrune(PrunerSamples.reports([(0, 2), (1, 1.4)]), given: nothing))
  }

  @Test("another pruner judges what has lost patience; itself it cannot be")
  func inner() throws {
    let pruner = try pruner([("patience", .int(0)), ("pruner", .string("MedianPruner"))])
    let good = PrunerSamples.finished((0..<5).map { _ in [(0, 9), (1, 9)] })
    let bad = PrunerSamples.finished((0..<5).map { _ in [(0, 0), (1, 0)] })
    let reports = PrunerSamples.reports([(0, 2), (1, 3)])
    #expect(!pruner.shouldPrune(reports, given: good))
    #expect(pruner.shouldPrune(reports, given: bad))
    #expect(throws: AttuneError.self) { try self.pruner([("pruner", .string("patient"))]) }
    #expect(throws: AttuneError.self) { try self.pruner([("pruner", .string("impatience"))]) }
  }
}
