import AttuneNumerics

/// A whole number in `low...high`, both ends included, by steps, or evenly spread in its logarithm.
///
/// The range may be all of `Int64`: widths are unsigned.
public struct IntDistribution: Hashable, Sendable {
  public let low: Int64
  /// The largest value that steps from `low` reach.
  public let high: Int64
  public let step: Int64
  public let log: Bool

  /// The number of the last level, counted from 0.
  @usableFromInline let lastLevel: UInt64
  @usableFromInline let logLow: Double
  @usableFromInline let logHigh: Double

  /// Checks the bounds; `name` is the parameter's, for the error text.
  public init(
    low: Int64, high: Int64, step: Int64 = 1, log: Bool = false, name: String
  ) throws(AttuneError) {
    func refuse(_ key: String, _ found: Int64, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "parameter \"\(name)\": \(key) is \(found), wanted \(wanted)",
        subject: "space.\(name).\(key)")
    }
    guard low <= high else { throw refuse("low", low, "at most high, which is \(high)") }
    guard step >= 1 else { throw refuse("step", step, "1 or more") }
    let width = UInt64(bitPattern: high &- low)
    guard step == 1 || UInt64(step) <= width else {
      throw refuse("step", step, "at most the range high - low, which is \(width)")
    }
    if log {
      guard low >= 1 else { throw refuse("low", low, "1 or more, since log is true") }
      guard step == 1 else { throw refuse("step", step, "1, since log is true") }
    }
    lastLevel = width / UInt64(step)
    self.low = low
    self.high = Int64(bitPattern: UInt64(bitPattern: low) &+ lastLevel &* UInt64(step))
    self.step = step
    self.log = log
    // Half a step outside, so that the end points are as likely as their neighbours.
    logLow = log ? Elementary.log(Double(low) - 0.5) : 0
    logHigh = log ? Elementary.log(Double(high) + 0.5) : 0
  }

  /// The value of a level, which must not be beyond the last.
  func value(atLevel level: UInt64) -> Int64 {
    Int64(bitPattern: UInt64(bitPattern: low) &+ min(level, lastLevel) &* UInt64(step))
  }

  /// The level nearest below a value in range.
  func level(of value: Int64) -> UInt64 {
    guard value > low else { return 0 }
    return min(UInt64(bitPattern: value &- low) / UInt64(step), lastLevel)
  }

  /// The value at `unit`, which counts as clamped to 0...1; NaN counts as 0.
  func value(atUnit unit: Double) -> Int64 {
    guard log else { return value(atLevel: cell(atUnit: unit, last: lastLevel)) }
    guard unit > 0 else { return low }
    guard unit < 1 else { return high }
    let raw = Elementary.exp(logLow + unit * (logHigh - logLow)).rounded()
    guard raw > Double(low) else { return low }
    guard raw < Double(high) else { return high }
    return min(max(Int64(raw), low), high)
  }

  /// Where `value` lies in 0...1: the middle of its cell.
  func unit(of value: Int64) -> Double {
    guard low < high else { return 0.5 }
    guard log else { return (Double(level(of: value)) + 0.5) / (Double(lastLevel) + 1) }
    let unit = (Elementary.log(Double(value)) - logLow) / (logHigh - logLow)
    return min(max(unit, 0), 1)
  }
}
