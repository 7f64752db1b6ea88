import AttuneCore

/// How the trials of a run ended.
struct TrialCounts: Sendable {
  private(set) var complete = 0
  private(set) var pruned = 0
  private(set) var failed = 0

  var total: Int { complete + pruned + failed }

  mutating func take(_ state: TrialState) {
    switch state {
    case .complete: complete += 1
    case .pruned: pruned += 1
    case .fail: failed += 1
    case .waiting, .running: break
    }
  }

  /// "30 trials (27 complete, 2 pruned, 1 failed)".
  var text: String {
    let trials = total == 1 ? "1 trial" : "\(total) trials"
    guard pruned + failed > 0 else { return trials }
    var parts = ["\(complete) complete"]
    if pruned > 0 { parts.append("\(pruned) pruned") }
    if failed > 0 { parts.append("\(failed) failed") }
    return "\(trials) (\(parts.joined(separator: ", ")))"
  }
}
