import AttuneNumerics

/// The box around the best trial to which a search of many axes is held: it grows with success and
/// shrinks without (D. Eriksson and others, "Scalable global optimization via local Bayesian
/// optimization", NeurIPS 2019).
struct TrustRegion: Sendable {
  /// With no more axes than this, the whole space is searched.
  static let axisLimit = 15
  static let (startSide, largestSide, leastSide) = (0.8, 1.6, 0x1p-7)

  private let axisCount: Int
  private var side = TrustRegion.startSide
  private var successes = 0
  private var failures = 0
  private var best = Double.infinity

  init(axisCount: Int) { self.axisCount = axisCount }

  /// Takes in a value: whether it improves on the best counts.
  mutating func follow(_ values: [Double], index: Int) {
    guard axisCount > Self.axisLimit else { return }
    let value = values[index]
    follow(isSuccess: value < best - 1e-3 * best.magnitude || best == .infinity)
    best = min(best, value)
  }

  /// Takes in whether a trial was a success.
  mutating func follow(isSuccess: Bool) {
    guard axisCount > Self.axisLimit else { return }
    if isSuccess {
      (successes, failures) = (successes + 1, 0)
    } else {
      (successes, failures) = (0, failures + 1)
    }
    if successes >= 3 {
      side = min(2 * side, Self.largestSide)
      successes = 0
    } else if failures >= max(4, axisCount) {
      side /= 2
      failures = 0
      if side < Self.leastSide { side = Self.startSide }
    }
  }

  /// The box, longer along axes with longer lengths; unordered axes are not bounded.
  func box(around centre: [Double], lengths: [Double], orderedCount: Int) -> [ClosedRange<Double>] {
    let whole = [ClosedRange<Double>](repeating: 0...1, count: axisCount)
    guard axisCount > Self.axisLimit else { return whole }
    let logs = lengths.map { Elementary.log($0) }
    let mean = logs.reduce(0, +) / Double(max(logs.count, 1))
    return centre.indices.map { axis in
      guard axis < orderedCount else { return 0...1 }
      let half = 0.5 * side * Elementary.exp(logs[axis] - mean)
      let (low, high) = (max(centre[axis] - half, 0), min(centre[axis] + half, 1))
      return low...max(low, high)
    }
  }
}
