/// The noiseless value of the best point observed so far, after each trial.
///
/// On a noisy problem what is best is what the strategy was told, not what is true.
struct Incumbent {
  private var best = (observed: Double.infinity, value: Double.infinity)
  private(set) var values: [Double] = []

  mutating func add(observed: Double, value: Double) {
    if observed < best.observed || (observed == best.observed && value < best.value) {
      best = (observed, value)
    }
    values.append(best.value)
  }

  /// After `count` trials, or after the last one where the strategy had no more.
  func value(after count: Int) -> Double {
    values.isEmpty ? .infinity : values[min(count, values.count) - 1]
  }
}
