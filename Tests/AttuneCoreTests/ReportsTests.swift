import AttuneCore
import Testing

@Suite("Reports")
struct ReportsTests {
  @Test("the first report at a step counts, in whatever order steps come")
  func firstCounts() {
    var reports = Reports()
    let steps: [Int64] = [5, 2, 5, 2, .max, 0, 0]
    var kept: [Bool] = []
    for (index, step) in steps.enumerated() {
      kept.append(reports.add(step: step, values: [Double(index)]))
    }
    #expect(kept == [true, true, false, false, true, true, false])
    #expect(reports.all.map(\.step) == [5, 2, .max, 0])
    #expect(reports.all.map(\.values) == [[0], [1], [4], [5]])
    #expect(reports.latest?.step == .max)
    #expect(Reports().latest == nil)
  }

  @Test("a step once reported is found again behind one that went back")
  func backAndForth() {
    var reports = Reports()
    for step in [1, 3, 2] as [Int64] { reports.add(step: step, values: [0]) }
    let isKept = reports.add(step: 3, values: [9])
    #expect(!isKept)
    #expect(reports.all.count == 3)
  }

  @Test("finished values are sorted by step, NaN left out, infinities kept")
  func sorted() {
    var finished = FinishedReports()
    for value in [3, .nan, 1, .infinity, 2, -.infinity, 2] as [Double] {
      var reports = Reports()
      reports.add(step: 1, values: [value, 99])
      finished.add(ReportingTrial(number: 0, reports: reports))
    }
    finished.add(ReportingTrial(number: 1, reports: Reports()))
    #expect(finished.completeCount == 8)
    #expect(finished.values(at: 1) == [-.infinity, 1, 2, 2, 3, .infinity])
    #expect(finished.values(at: 2) == [])
  }
}
