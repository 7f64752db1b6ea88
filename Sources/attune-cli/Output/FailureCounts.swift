import AttuneCore

/// The reasons of failed trials, equal ones together.
struct FailureCounts: Sendable {
  struct Kind: Sendable {
    let reason: String
    let firstTrial: Int
    var count: Int
  }

  /// More kinds than this are counted together: an objective may put a number in each reason.
  private static let maximumKinds = 100
  private(set) var kinds: [Kind] = []
  private(set) var total = 0

  mutating func take(_ reason: String, trial: Int) {
    total += 1
    if let index = kinds.firstIndex(where: { $0.reason == reason }) {
      kinds[index].count += 1
    } else if kinds.count < Self.maximumKinds {
      kinds.append(Kind(reason: reason, firstTrial: trial, count: 1))
    }
  }

  /// The commonest reasons, for people.
  var text: String {
    guard total > 0 else { return "" }
    let shown = kinds.sorted { ($1.count, $0.firstTrial) < ($0.count, $1.firstTrial) }.prefix(5)
    var text = total == 1 ? "1 trial failed:\n" : "\(total) trials failed:\n"
    for kind in shown {
      let reason = TextTable.oneLine(kind.reason)
      text += "  \(kind.count) x \(reason) (trial \(kind.firstTrial))\n"
    }
    let rest = total - shown.reduce(0) { $0 + $1.count }
    if rest > 0 { text += "  \(rest) x other reasons\n" }
    return text
  }
}
