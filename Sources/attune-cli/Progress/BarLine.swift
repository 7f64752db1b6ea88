import AttuneCore
import Glibc

/// The text of a progress bar at one moment.
struct BarLine {
  let run: RunFacts
  let best: BestSoFar.Trial?
  let counts: TrialCounts
  let elapsed: Double
  let usesBlocks: Bool

  /// The part that is done; `nil` where nothing limits the run.
  private var fraction: Double? {
    if let limit = run.limit { return limit == 0 ? 1 : Double(counts.total) / Double(limit) }
    return run.timeout.map { min(1, elapsed / $0) }
  }

  func text(columns: Int) -> String {
    var head = ""
    if let best { head = "Best trial: \(best.number). Best value: \(Self.short(best.value)): " }
    var tail = " \(counts.total)" + (run.limit.map { "/\($0)" } ?? "") + " [" + clock
    if counts.total > 0 && elapsed > 0 { tail += ", \(rate)" }
    tail += "]"
    if counts.failed > 0 { tail += " \(counts.failed) failed" }
    guard let fraction else { return Self.cut(head + tail.dropFirst(), to: columns) }
    let percent = Int((min(1, fraction) * 100).rounded(.down))
    head += "\(percent)%"
    let room = columns - head.count - tail.count - 2
    if room < 5 { return Self.cut(head + tail, to: columns) }
    return head + "|" + bar(min(1, fraction), width: min(room, 40)) + "|" + tail
  }

  private var clock: String {
    var text = TimeText.clock(elapsed)
    guard let fraction else { return text }
    // A time limit may come before the number of trials is reached.
    var left = fraction > 0 ? elapsed / fraction - elapsed : Double.nan
    if let timeout = run.timeout {
      left = min(left.isNaN ? .infinity : left, max(0, timeout - elapsed))
    }
    text += "<" + TimeText.clock(left)
    return text
  }

  private var rate: String {
    let rate = Double(counts.total) / elapsed
    if rate >= 1 {
      return rate >= 100 ? "\(Int(rate.rounded()))/s" : "\((rate * 10).rounded() / 10)/s"
    }
    return "\(TimeText.duration(elapsed / Double(counts.total)))/trial"
  }

  private func bar(_ fraction: Double, width: Int) -> String {
    guard usesBlocks else {
      let full = Int((fraction * Double(width)).rounded(.down))
      return String(repeating: "#", count: full) + String(repeating: " ", count: width - full)
    }
    let eighths = Int((fraction * Double(width) * 8).rounded(.down))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let text = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return text + String(repeating: " ", count: width - text.count)
  }

  /// Six digits: enough to see it move.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let exponent = floor(log10(abs(value)))
    guard exponent >= -5, exponent < 15 else {
      let scale = pow(10, exponent)
      let digits = (value / scale * 1e5).rounded() / 1e5
      return "\(digits)e\(Int(exponent))"
    }
    let scale = pow(10, 5 - exponent)
    return "\((value * scale).rounded() / scale)"
  }

  private static func cut(_ text: String, to columns: Int) -> String {
    String(text.prefix(max(0, columns)))
  }
}
