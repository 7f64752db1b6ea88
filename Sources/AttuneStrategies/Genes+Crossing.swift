import AttuneCore
import AttuneNumerics

/// How two points have a child, for populations of several objectives.
///
/// Simulated binary crossover for numbers (K. Deb, R. Agrawal, "Simulated binary crossover for
/// continuous search space", Complex Systems 9, 1995), either parent's value for the others; then
/// polynomial mutation (K. Deb, M. Goyal, 1996). The larger an index, the nearer children are: usual are 15
/// and 20, for thousands of trials; with hundreds, wider steps find more.
extension Genes {
  static let crossingIndex = 5.0
  static let mutationIndex = 5.0

  /// A child of two points; `crosses` is whether they mix, else it begins as the first.
  func child(
    of mother: Point, and father: Point, crosses: Bool, mutationRate: Double, _ request: Request,
    _ stream: inout RandomStream
  ) -> Point {
    point(request) { index in
      let own: UInt64
      switch (mother[index], father[index]) {
      case (let slot?, let other?): own = crosses ? crossed(index, slot, other, &stream) : slot
      case (let slot?, nil), (nil, let slot?): own = slot
      case (nil, nil): return drawn(index, &stream)
      }
      guard stream.nextUnit() < mutationRate else { return own }
      return changed(index, own, &stream) { Self.polynomiallyMoved($0, &$1) }
    }
  }

  /// A point that differs from `base` in one gene, and in what this makes active.
  func mutated(_ base: Point, _ request: Request, _ stream: inout RandomStream) -> Point {
    let free = free(base, request)
    let changed = free.isEmpty ? -1 : free[Int(stream.nextBelow(UInt64(free.count)))]
    return point(request) { index in
      guard let slot = base[index] else { return drawn(index, &stream) }
      guard index == changed else { return slot }
      return self.changed(index, slot, &stream) { Self.polynomiallyMoved($0, &$1) }
    }
  }

  private func crossed(
    _ index: Int, _ slot: UInt64, _ other: UInt64, _ stream: inout RandomStream
  ) -> UInt64 {
    guard slot != other else { return slot }
    guard kinds[index] == .number, stream.next() & 1 == 0 else {
      return stream.next() & 1 == 0 ? slot : other
    }
    let distribution = space.parameters[index].distribution
    let (a, b) = (distribution.unit(ofSlot: slot), distribution.unit(ofSlot: other))
    let child = Self.binaryCrossed(min(a, b), max(a, b), &stream)
    return distribution.slot(atUnit: child)
  }

  /// A child of two places, `low` below `high`, spread as their distance, none outside 0...1.
  private static func binaryCrossed(
    _ low: Double, _ high: Double, _ stream: inout RandomStream
  ) -> Double {
    let distance = high - low
    guard distance > 1e-12 else { return low }
    let isLower = stream.next() & 1 == 0
    let room = isLower ? low : 1 - high
    let spread = 1 + 2 * room / distance
    let alpha = 2 - power(spread, -(crossingIndex + 1))
    let unit = stream.nextUnit()
    let factor =
      unit <= 1 / alpha
      ? power(unit * alpha, 1 / (crossingIndex + 1))
      : power(1 / (2 - unit * alpha), 1 / (crossingIndex + 1))
    let middle = 0.5 * (low + high)
    return isLower ? middle - 0.5 * factor * distance : middle + 0.5 * factor * distance
  }

  /// A place moved by the polynomial distribution that ends at the bounds.
  static func polynomiallyMoved(_ unit: Double, _ stream: inout RandomStream) -> Double {
    let draw = stream.nextUnit()
    let exponent = 1 / (mutationIndex + 1)
    if draw < 0.5 {
      let rest = power(1 - unit, mutationIndex + 1)
      return unit + power(2 * draw + (1 - 2 * draw) * rest, exponent) - 1
    }
    let rest = power(unit, mutationIndex + 1)
    return unit + 1 - power(2 * (1 - draw) + (2 * draw - 1) * rest, exponent)
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    base > 0 ? Elementary.exp(exponent * Elementary.log(base)) : 0
  }
}
