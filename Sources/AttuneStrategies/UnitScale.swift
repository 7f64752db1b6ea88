import AttuneCore
import AttuneNumerics

/// How a continuous parameter changes with its place in 0...1: the chain rule for its derivatives.
struct UnitScale: Sendable {
  /// high − low, or ln(high / low).
  private let span: Double
  private let isLogarithmic: Bool

  init(_ float: FloatDistribution) {
    span =
      float.log ? Elementary.log(float.high) - Elementary.log(float.low) : float.high - float.low
    isLogarithmic = float.log
  }

  /// The derivative by the place, from that by the parameter at the value in `slot`.
  func slope(_ derivative: Double, atSlot slot: UInt64) -> Double {
    derivative * (isLogarithmic ? Double(bitPattern: slot) * span : span)
  }
}
