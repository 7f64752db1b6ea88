/// A space of floats alone, without steps, logarithms, conditions: its points are made two coordinates at a
/// time.
public struct FloatBox: Sendable {
  private let space: Space
  private let lows: [Double]
  private let highs: [Double]

  /// `nil` for a space of another kind.
  public init?(_ space: Space) {
    let lines = space.parameters.compactMap { $0.distribution.float?.line }
    guard lines.count == space.count, !space.isConditional else { return nil }
    self.space = space
    lows = lines.map(\.low)
    highs = lines.map(\.high)
  }

  /// The point whose values lie at `units` in 0...1, as `FloatLine.value(atUnit:)` has them.
  public func point(atUnits units: [Double]) -> Point {
    precondition(units.count == lows.count)
    return space.filledPoint { slots in
      units.withUnsafeBufferPointer { units in
        lows.withUnsafeBufferPointer { lows in
          highs.withUnsafeBufferPointer { highs in
            guard let units = units.baseAddress, let lows = lows.baseAddress,
              let highs = highs.baseAddress, let out = slots.baseAddress
            else { return }
            let even = slots.count & ~1
            var index = 0
            while index < even {
              Self.store(
                Self.value(
                  Self.pair(units, index), Self.pair(lows, index), Self.pair(highs, index)),
                out + index)
              index &+= 2
            }
            if even < slots.count {
              let line = FloatLine(low: lows[even], high: highs[even])
              out[even] = line.value(atUnit: units[even]).bitPattern
            }
          }
        }
      }
    }
  }

  /// `FloatLine.value(atUnit:)`, step for step.
  @inline(__always)
  private static func value(
    _ unit: SIMD2<Double>, _ low: SIMD2<Double>, _ high: SIMD2<Double>
  ) -> SIMD2<Double> {
    let plain = low + unit * (high - low)
    let notBelow = plain.replacing(with: low, where: low .>= plain)
    let inside = notBelow.replacing(with: high, where: high .< notBelow) + 0
    let notAbove = inside.replacing(with: high, where: unit .>= 1)
    // Not-a-number counts as 0 too.
    return low.replacing(with: notAbove, where: unit .> 0)
  }

  @inline(__always)
  private static func pair(_ row: UnsafePointer<Double>, _ index: Int) -> SIMD2<Double> {
    UnsafeRawPointer(row + index).loadUnaligned(as: SIMD2<Double>.self)
  }

  @inline(__always)
  private static func store(_ pair: SIMD2<Double>, _ out: UnsafeMutablePointer<UInt64>) {
    UnsafeMutableRawPointer(out).storeBytes(of: pair, as: SIMD2<Double>.self)
  }
}
