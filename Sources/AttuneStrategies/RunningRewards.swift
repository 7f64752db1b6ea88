/// Values as rewards: in standard deviations from their mean so far, and the mean of the rewards.
struct RunningRewards: Sendable {
  static let limit = 3.0

  /// Rewards that the baseline has followed.
  private(set) var count = 0
  /// The moving average of rewards.
  private(set) var baseline = 0.0
  private var valueCount = 0.0
  private var mean = 0.0
  /// The sum of squared distances from the mean.
  private var spread = 0.0

  /// The reward of a value that is to be large, which joins the values so far; within ±`limit`.
  mutating func reward(_ value: Double) -> Double {
    // Quarters, so that no difference of two overflows; +∞ is the best there can be.
    let value = value / 4
    guard value < .infinity else { return Self.limit }
    valueCount += 1
    let distance = value - mean
    mean += distance / valueCount
    spread += distance * (value - mean)
    let deviation = (spread / valueCount).squareRoot()
    guard deviation > 0 else { return 0 }
    let reward = (value - mean) / deviation
    return reward.isNaN ? 0 : min(max(reward, -Self.limit), Self.limit)
  }

  /// Moves the baseline towards a reward that was used.
  mutating func follow(_ reward: Double, decay: Double) {
    baseline = count == 0 ? reward : decay * baseline + (1 - decay) * reward
    count += 1
  }
}
