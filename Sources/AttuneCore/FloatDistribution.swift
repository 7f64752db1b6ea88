import AttuneNumerics

/// A real number in `low...high`, evenly spread, by steps, or evenly spread in its logarithm.
public struct FloatDistribution: Hashable, Sendable {
  public let low: Double
  /// The largest value; with a step, the last one that steps from `low` reach.
  public let high: Double
  /// The distance of neighbouring values; `nil` for a continuous parameter.
  public let step: Double?
  public let log: Bool

  /// The number of the last level, counted from 0; 0 when continuous.
  @usableFromInline let lastLevel: UInt64
  @usableFromInline let logLow: Double
  @usableFromInline let logHigh: Double

  /// More levels than a double can tell apart would make steps that do not step.
  static let maximumLastLevel = 9_007_199_254_740_992.0

  /// Checks the bounds; `name` is the parameter's, for the error text.
  public init(
    low: Double, high: Double, step: Double? = nil, log: Bool = false, name: String
  ) throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "parameter \"\(name)\": \(key) is \(found), wanted \(wanted)",
        subject: "space.\(name).\(key)")
    }
    guard low.isFinite else { throw refuse("low", "\(low)", "a finite number") }
    guard high.isFinite else { throw refuse("high", "\(high)", "a finite number") }
    guard low <= high else { throw refuse("low", "\(low)", "at most high, which is \(high)") }
    guard (high - low).isFinite else {
      throw refuse("high", "\(high)", "a range high - low that a double can hold; low is \(low)")
    }
    if log {
      guard low > 0 else { throw refuse("low", "\(low)", "more than 0, since log is true") }
      guard step == nil else {
        throw refuse("step", "\(step ?? 0)", "none, since log is true")
      }
    }
    var lastLevel: UInt64 = 0
    var top = high
    if let step {
      guard step.isFinite, step > 0 else { throw refuse("step", "\(step)", "a number above 0") }
      guard step <= high - low else {
        throw refuse("step", "\(step)", "at most the range high - low, which is \(high - low)")
      }
      // A range of 0.3 in steps of 0.1 has four values though 0.3 / 0.1 is below 3: what rounding
      // the bounds and the quotient may have taken away is given back.
      let quotient = (high - low) / step
      let lost = max(low.magnitude, high.magnitude).ulp / step + 2 * quotient.ulp
      let levels = (quotient + min(max(lost, 1e-9), 0.5)).rounded(.down)
      guard levels <= Self.maximumLastLevel else {
        throw refuse("step", "\(step)", "at least \((high - low) / Self.maximumLastLevel)")
      }
      lastLevel = UInt64(levels)
      top = min(low + levels * step, high)
    }
    self.low = low + 0  // -0 becomes 0, so that equal values have equal bits
    self.high = top + 0
    self.step = step
    self.log = log
    self.lastLevel = lastLevel
    logLow = log ? Elementary.log(low) : 0
    logHigh = log ? Elementary.log(high) : 0
  }

  /// The value of a level; levels beyond the last count as the last.
  func value(atLevel level: UInt64) -> Double {
    guard let step, level < lastLevel else { return level == 0 ? low : high }
    return min(low + Double(level) * step, high) + 0
  }

  /// The level nearest to a value.
  func level(of value: Double) -> UInt64 {
    guard let step else { return 0 }
    let level = ((value - low) / step).rounded()
    return level <= 0 ? 0 : min(UInt64(min(level, Self.maximumLastLevel)), lastLevel)
  }

  /// The value at `unit`, which counts as clamped to 0...1; NaN counts as 0.
  public func value(atUnit unit: Double) -> Double {
    if step != nil { return value(atLevel: cell(atUnit: unit, last: lastLevel)) }
    guard log else { return FloatLine(low: low, high: high).value(atUnit: unit) }
    // The ends exactly: the logarithm does not lead back to them.
    guard unit > 0 else { return low }
    guard unit < 1 else { return high }
    return min(max(Elementary.exp(logLow + unit * (logHigh - logLow)), low), high) + 0
  }

  /// What it is without steps and logarithm; `nil` where it has one of them.
  public var line: FloatLine? { step == nil && !log ? FloatLine(low: low, high: high) : nil }

  /// The value that 64 random bits choose.
  func value(atRandom bits: UInt64) -> Double {
    if step != nil { return value(atLevel: bits.multipliedFullWidth(by: lastLevel + 1).high) }
    return value(atUnit: Double(bits >> 11) * 0x1p-53)
  }

  /// Where `value` lies in 0...1: the middle of its cell when stepped.
  func unit(of value: Double) -> Double {
    guard low < high else { return 0.5 }
    if step != nil { return (Double(level(of: value)) + 0.5) / (Double(lastLevel) + 1) }
    let unit =
      log
      ? (Elementary.log(value) - logLow) / (logHigh - logLow) : (value - low) / (high - low)
    return min(max(unit, 0), 1)
  }
}

/// Real numbers in `low...high`, evenly spread.
public struct FloatLine: Sendable {
  public let low: Double
  public let high: Double

  @inlinable
  init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The value at `unit`, which counts as clamped to 0...1; NaN counts as 0.
  @inlinable
  public func value(atUnit unit: Double) -> Double {
    // The ends exactly: low + (high - low) does not lead back to them.
    guard unit > 0 else { return low }
    guard unit < 1 else { return high }
    return min(max(low + unit * (high - low), low), high) + 0
  }
}

/// The level that `unit` falls in when 0...1 is cut in `last + 1` equal cells.
///
/// `last + 1` need not fit in 64 bits; a unit outside 0...1, or NaN, counts as the nearest end.
func cell(atUnit unit: Double, last: UInt64) -> UInt64 {
  let scaled = unit * (Double(last) + 1)
  guard scaled >= 1 else { return 0 }
  guard scaled < 18_446_744_073_709_551_616 else { return last }
  return min(UInt64(scaled), last)
}
