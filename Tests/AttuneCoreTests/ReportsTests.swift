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

  private func curve(_ values: [Double]) -> Reports {
    var reports = Reports()
    for (step, value) in values.enumerated() { reports.add(step: Int64(step), values: [value]) }
    return reports
  }

  @Test("what a stopped trial would have ended with is read off those that went on")
  func outlook() {
    var finished = FinishedReports()
    #expect(finished.outlook(of: curve([1])) == nil)
    // Their order turns over between the steps; the last has no value at step 1.
    let curves: [[Double]] = [[10, 8, 3], [20, 4, 1], [30, 6, 7], [40]]
    for (number, values) in curves.enumerated() {
      finished.add(
        ReportingTrial(number: number, reports: curve(values)), values: [values[values.count - 1]])
    }
    finished.add(ReportingTrial(number: 4, reports: curve([0, 0])), .pruned, values: [0])
    finished.add(ReportingTrial(number: 5, reports: curve([0, .nan])), values: [0])
    // At step 1 stand 4, 6, 8, and these three ended with 1, 3, 7.
    let expected: [(Double, Double)] = [
      (4, 1), (5, 2), (6, 3), (7, 5), (8, 7), (10, 9), (3, 0), (1e308, 1e308),
    ]
    for (value, outlook) in expected {
      #expect(finished.outlook(of: curve([0, value])) == outlook)
    }
    #expect(finished.outlook(of: curve([0, .nan])) == nil)
    #expect(finished.outlook(of: curve([0, .infinity])) == nil)
    #expect(finished.outlook(of: curve([0, 0, 0, 0])) == nil)
    #expect(finished.outlook(of: Reports()) == nil)
  }

  @Test("equal values at a step leave no gap to read between")
  func levelOutlook() {
    var finished = FinishedReports()
    for (number, final) in [1.0, 2, 3].enumerated() {
      finished.add(ReportingTrial(number: number, reports: curve([5, final])), values: [final])
    }
    #expect(finished.outlook(of: curve([5])) == 3)
    #expect(finished.outlook(of: curve([4])) == 0)
  }

  @Test("trials without a report are counted, and only the best of them kept")
  func silent() {
    var finished = FinishedReports()
    func add(_ number: Int, _ value: Double, _ reports: Reports = Reports()) {
      finished.add(ReportingTrial(number: number, reports: reports), values: [value])
    }
    for number in 0..<1000 { add(number, Double((number * 7 + 3) % 10)) }
    add(1000, .nan)
    finished.add(ReportingTrial(number: 1001, reports: Reports()), .pruned, values: [])
    #expect(finished.completeCount == 1001)
    #expect(finished.entries.count == 5)
    #expect(finished.best(.minimize)?.trial.number == 1)
    #expect(finished.best(.maximize)?.trial.number == 8)
    add(1002, 9, curve([1, 9]))
    #expect(finished.best(.maximize)?.trial.number == 8)
    add(1003, 10, curve([1, 10]))
    #expect(finished.best(.maximize)?.trial.number == 1003)
    #expect(finished.best(.minimize)?.trial.number == 1)
  }
}
