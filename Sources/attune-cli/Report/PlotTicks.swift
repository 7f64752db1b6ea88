import Glibc

/// The numbers that are written along an axis.
struct PlotTicks {
  struct Tick {
    let number: Double
    let label: String
  }

  let ticks: [Tick]

  /// Round numbers in a range: about `count` of them.
  init(linear low: Double, _ high: Double, count: Int, isWhole: Bool = false) {
    let raw = high / Double(max(count, 1)) - low / Double(max(count, 1))
    guard raw > 0, raw.isFinite else {
      ticks = [Tick(number: low, label: NumberText.short(low))]
      return
    }
    let power = pow(10, Double(NumberText.exponent(of: raw)))
    var step = ([1, 2, 5].map { $0 * power }.first { $0 >= raw * 0.999 }) ?? 10 * power
    if isWhole { step = max(1, step.rounded()) }
    let (first, last) = (ceil(low / step - 1e-9), floor(high / step + 1e-9))
    guard power > 0, last - first < 50, last >= first else {
      ticks = [low, high].map { Tick(number: $0, label: NumberText.short($0)) }
      return
    }
    let numbers = (0...Int(last - first)).map { (first + Double($0)) * step }
    let greatest = max(low.magnitude, high.magnitude)
    ticks = numbers.map { Tick(number: $0, label: Self.label($0, step: step, greatest: greatest)) }
  }

  /// Powers of ten in a range, with 2 and 5 between where there are few of them.
  init(logarithmic low: Double, _ high: Double, count: Int) {
    guard log10(high) - log10(low) >= 0.7 else {
      self.init(linear: low, high, count: count)
      return
    }
    let numbers = Self.powers(low, high, count: count)
    self.init(numbers.map { Tick(number: $0, label: NumberText.short($0, digits: 3)) })
  }

  private init(_ ticks: [Tick]) { self.ticks = ticks }

  private static func powers(_ low: Double, _ high: Double, count: Int) -> [Double] {
    let decades = log10(high) - log10(low)
    let stride = max(1, Int((decades / Double(max(count, 1))).rounded(.up)))
    let factors: [Double] = decades * 3 <= Double(count) + 1 ? [1, 2, 5] : [1]
    var numbers: [Double] = []
    for power in Int(floor(log10(low)))...Int(ceil(log10(high))) where power % stride == 0 {
      for factor in factors {
        let number = factor * pow(10, Double(power))
        if number >= low * 0.999, number <= high * 1.001 { numbers.append(number) }
      }
    }
    return numbers.count < 2 ? [low, low.squareRoot() * high.squareRoot(), high] : numbers
  }

  /// As many decimals as tell neighbours apart; with a power of ten where zeros would be many.
  private static func label(_ number: Double, step: Double, greatest: Double) -> String {
    guard number != 0 else { return "0" }
    let (top, bottom) = (NumberText.exponent(of: greatest), NumberText.exponent(of: step * 1.0001))
    guard top >= 6 || top < -4 else {
      return NumberText.fixed(number, decimals: min(max(0, -bottom), 15))
    }
    let own = NumberText.exponent(of: number * 1.000_000_1)
    let mantissa = NumberText.mantissa(of: number, own)
    return NumberText.trimmed(mantissa, decimals: min(max(0, own - bottom), 15)) + "e\(own)"
  }
}
