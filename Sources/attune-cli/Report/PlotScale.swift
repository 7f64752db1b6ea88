import AttuneCore
import Glibc

/// Where things stand along an axis, as shares of it: numbers plainly or by their logarithm, or choices
/// side by side.
struct PlotScale {
  enum Kind {
    case linear(low: Double, high: Double, isWhole: Bool)
    case logarithmic(low: Double, high: Double)
    case choices([String])
  }

  let kind: Kind
  /// Bounds that leave out far values: those are drawn at the end of the axis.
  private(set) var isCut = false

  private init(_ kind: Kind) { self.kind = kind }

  /// Numbers between bounds, which may be one number.
  init(_ low: Double, _ high: Double, isLogarithmic: Bool = false, isWhole: Bool = false) {
    if isLogarithmic, low > 0 {
      kind =
        low < high ? .logarithmic(low: low, high: high) : .logarithmic(low: low / 2, high: high * 2)
      return
    }
    guard !(low < high) else {
      kind = .linear(low: low, high: high, isWhole: isWhole)
      return
    }
    let margin = isWhole ? 1 : low == 0 ? 1 : low.magnitude / 10
    kind = .linear(
      low: max(low - margin, -.greatestFiniteMagnitude),
      high: min(low + margin, .greatestFiniteMagnitude), isWhole: isWhole)
  }

  init(choices: [String]) { kind = .choices(choices) }

  /// The range of a parameter.
  init(_ distribution: Distribution) {
    switch distribution {
    case .float(let float): self.init(float.low, float.high, isLogarithmic: float.log)
    case .int(let int):
      self.init(Double(int.low), Double(int.high), isLogarithmic: int.log, isWhole: true)
    case .categorical(let categorical): self.init(choices: categorical.choices.map(\.text))
    case .fixed(let value): self.init(choices: [value.text])
    }
  }

  /// A range for values that are better in one direction: by their logarithm where most of them span two powers of
  /// ten; without the worst tenth where that would squeeze the others into a corner.
  init(values: [Double], direction: Direction) {
    let sorted = values.filter(\.isFinite).sorted()
    guard let least = sorted.first, let most = sorted.last else {
      self.init(0, 1)
      return
    }
    let tenth = sorted.count / 10
    if least > 0, sorted[sorted.count - 1 - tenth] / sorted[tenth] >= 100 {
      self.init(least, most, isLogarithmic: true)
      return
    }
    let (low, high) =
      direction == .minimize
      ? (least, sorted[sorted.count - 1 - tenth]) : (sorted[tenth], most)
    let (inner, outer) = (high / 2 - low / 2, most / 2 - least / 2)
    guard tenth > 0, inner > 0, outer > 5 * inner else {
      self = Self(least, most).widened
      return
    }
    self =
      direction == .minimize
      ? Self(low, min(high + inner, most)).widened : Self(max(low - inner, least), high).widened
    isCut = true
  }

  /// With a margin at both ends.
  private var widened: PlotScale {
    guard case .linear(let low, let high, let isWhole) = kind else { return self }
    let margin = (high / 2 - low / 2) / 12
    return PlotScale(
      .linear(
        low: max(low - margin, -.greatestFiniteMagnitude),
        high: min(high + margin, .greatestFiniteMagnitude), isWhole: isWhole))
  }

  /// The place of a number, or of the choice of that index, in 0...1; beyond the ends counts as the end.
  func place(_ number: Double) -> Double {
    switch kind {
    case .linear(let low, let high, _):
      // Halves where the difference is more than a double can hold.
      min(
        max(
          (high - low).isFinite
            ? (number - low) / (high - low) : (number / 2 - low / 2) / (high / 2 - low / 2), 0), 1)
    case .logarithmic(let low, let high):
      min(max((log(max(number, low)) - log(low)) / (log(high) - log(low)), 0), 1)
    case .choices(let names): (number + 0.5) / Double(names.count)
    }
  }

  /// Whether a number lies beyond the ends.
  func isBeyond(_ number: Double) -> Bool {
    switch kind {
    case .linear(let low, let high, _), .logarithmic(let low, let high):
      number < low || number > high
    case .choices: false
    }
  }

  var choices: [String]? { if case .choices(let names) = kind { names } else { nil } }

  /// What is written along the axis, about so many.
  func ticks(_ count: Int) -> [PlotTicks.Tick] {
    switch kind {
    case .linear(let low, let high, let isWhole):
      return PlotTicks(linear: low, high, count: count, isWhole: isWhole).ticks
    case .logarithmic(let low, let high):
      return PlotTicks(logarithmic: low, high, count: count).ticks
    case .choices(let names):
      let stride = max(1, (names.count + count - 1) / max(count, 1))
      return names.indices.filter { $0 % stride == 0 }.map {
        PlotTicks.Tick(number: Double($0), label: names[$0])
      }
    }
  }
}
