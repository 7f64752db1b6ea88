/// Why trials failed, the commonest reason first.
struct FailureTable {
  private static let limit = 20
  let failures: FailureCounts

  func write(to page: inout Markup) {
    guard failures.total > 0 else {
      page.note("No trial failed.")
      return
    }
    let shown = failures.kinds.sorted {
      ($1.count, $0.firstTrial) < ($0.count, $1.firstTrial)
    }.prefix(Self.limit)
    page.table(
      heading: ["trials", "reason", "first trial"],
      rows: shown.map { ["\($0.count)", $0.reason, "\($0.firstTrial)"] })
    let rest = failures.total - shown.reduce(0) { $0 + $1.count }
    if rest > 0 { page.note("\(counted(rest, "trial")) failed for other reasons.") }
  }
}
