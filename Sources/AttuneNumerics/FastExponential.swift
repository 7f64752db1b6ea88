/// A quick e^x in single precision, eight at a time, with the same bits on every machine.
///
/// The exponent is split off by adding 1.5 · 2²³, which rounds to whole numbers and leaves the number
/// itself in the low bits: conversions between numbers and integers of a vector are many times
/// slower. A polynomial of degree five gives 2^f for the rest |f| ≤ ½.
public enum FastExponential {
  /// e to the power of each lane.
  ///
  /// Relative error below 4e-7 + 7.5e-8 · |x| for −87.3 ≤ x ≤ 88; 1.2e-38 below and 2.4e38 above, never
  /// 0 or infinite. Not-a-number stays it. About 5 ns for all eight lanes.
  @inlinable @inline(__always)
  public static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let t = x * 1.442695
    let high = SIMD8<Float>(repeating: 127.49)
    return powerOfTwo(t.replacing(with: high, where: t .> high))
  }

  /// e to the power of each lane, all of which must be at most 88; above that, meaningless numbers.
  @inlinable @inline(__always)
  static func expOfNegative(_ x: SIMD8<Float>) -> SIMD8<Float> {
    powerOfTwo(x * 1.442695)
  }

  /// 2^t for t < 127.5; −126 stands for anything below.
  @inlinable @inline(__always)
  static func powerOfTwo(_ t: SIMD8<Float>) -> SIMD8<Float> {
    let low = SIMD8<Float>(repeating: -126)
    let clamped = t.replacing(with: low, where: t .< low)
    let shifted = clamped + 12_582_912
    let f = clamped - (shifted - 12_582_912)
    var p = 0x1.5ec866p-10 * f + 0x1.3cbf6p-7
    p = p * f + 0x1.c6afeep-5
    p = p * f + 0x1.ebfa4cp-3
    p = p * f + 0x1.62e43p-1
    p = p * f + 1
    let exponent = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
    return unsafeBitCast(
      unsafeBitCast(p, to: SIMD8<UInt32>.self) &+ exponent, to: SIMD8<Float>.self)
  }
}
