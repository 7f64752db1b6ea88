/// Exponentials and logarithms whose results are the same bits on every machine.
///
/// The platform's own differ in the last bit between C libraries and processors, which would change
/// the trials of a seeded study. These use only IEEE 754 additions, multiplications and divisions,
/// in a fixed order and never fused. Errors are below one unit in the last place of the result;
/// the largest found are 0.75 (exp), 0.98 (expm1), 0.80 (log) and 0.80 (log1p). Not-a-number in
/// gives not-a-number out; infinite, zero and subnormal arguments and results follow IEEE 754's
/// recommended functions. `sqrt` needs no entry here: `Double.squareRoot()` is exactly rounded
/// everywhere.
///
/// The coefficients interpolate each function at Chebyshev nodes, in 250-bit arithmetic.
public enum Elementary {
  /// e to the power `x`. Overflows to infinity above 709.78, vanishes below −745.13. About 8 ns.
  public static func exp(_ x: Double) -> Double {
    if x > 709.79 { return .infinity }
    if x < -745.14 { return 0 }
    if x.isNaN { return x }
    let (k, t, tail) = reduceExponential(x)
    let y = 1 + t
    return scale(y + ((t - (y - 1)) + tail), byPowerOfTwo: k)
  }

  /// e to the power `x`, minus 1, also accurate where `x` is near 0. About 8 ns.
  public static func expm1(_ x: Double) -> Double {
    if x > 709.79 { return .infinity }
    if x < -38 { return -1 }
    if x.magnitude < 0x1p-54 || x.isNaN { return x }
    let (k, t, tail) = reduceExponential(x)
    if k == 0 { return t + tail }
    if k <= -2 {
      let y = 1 + t
      return scale(y + ((t - (y - 1)) + tail), byPowerOfTwo: k) - 1
    }
    // 1 − 2⁻ᵏ is exact up to 53; beyond, 2⁻ᵏ goes into the tail.
    let power = scale(1, byPowerOfTwo: -k)
    let (whole, rest) = k <= 53 ? (1 - power, tail) : (1, tail - power)
    let y = whole + t
    return scale(y + ((t - (y - whole)) + rest), byPowerOfTwo: k)
  }

  /// The natural logarithm: −∞ at 0, not-a-number below. About 8 ns.
  public static func log(_ x: Double) -> Double {
    guard x > 0, x < .infinity else {
      return x == 0 ? -.infinity : x < 0 ? .nan : x
    }
    let (k, m) = splitAroundOne(x)
    return logarithm(k: k, f: m - 1, correction: 0)
  }

  /// The natural logarithm of 1 + `x`, also accurate where `x` is near 0. About 9 ns.
  ///
  /// −∞ at −1, not-a-number below.
  public static func log1p(_ x: Double) -> Double {
    guard x > -1, x < .infinity else {
      return x == -1 ? -.infinity : x < -1 ? .nan : x
    }
    if x > -0.2928 && x < 0.4142 { return logarithm(k: 0, f: x, correction: 0) }
    let u = 1 + x
    // What the rounding of 1 + x lost, relative to it.
    let lost = (x < 1 ? x - (u - 1) : 1 - (u - x)) / u
    let (k, m) = splitAroundOne(u)
    return logarithm(k: k, f: m - 1, correction: lost)
  }

  // ln 2 in two parts; the first has 40 bits, so that its multiples up to 2¹¹ are exact.
  private static let ln2High = 0x1.62e42fefa2p-1
  private static let ln2Low = 0x1.9ef35793c7673p-41

  /// Splits e^x into 2^k · (1 + t + tail), where |t| < 0.42 and tail is t's rounding error.
  private static func reduceExponential(_ x: Double) -> (k: Int, t: Double, tail: Double) {
    // Adding 1.5 · 2⁵² rounds to whole numbers, with the number itself in the low bits.
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52
    let k = Int(Int32(truncatingIfNeeded: shifted.bitPattern))
    let n = shifted - 0x1.8p52
    let high = x - n * ln2High
    let low = n * ln2Low
    let r = high - low
    let rTail = (high - r) - low
    let r2 = r * r
    let s = r2 * exponentialSeries(r, r2) + (rTail + r * rTail)
    let t = r + s
    return (k, t, s - (t - r))
  }

  /// (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, within 2⁻⁶¹ / r².
  private static func exponentialSeries(_ r: Double, _ r2: Double) -> Double {
    let a = 0.5 + r * 0x1.5555555555555p-3
    let b = 0x1.5555555555557p-5 + r * 0x1.1111111111111p-7
    let c = 0x1.6c16c16c15a5ap-10 + r * 0x1.a01a01a0196a5p-13
    let d = 0x1.a01a01a9ef9afp-16 + r * 0x1.71de3a5aaaf36p-19
    let e = 0x1.27e4d409424fcp-22 + r * 0x1.ae642c71ac0f2p-26
    let f = 0x1.1f7f455025eadp-29 + r * 0x1.61bfc9f783648p-33
    return a + r2 * (b + r2 * (c + r2 * (d + r2 * (e + r2 * f))))
  }

  /// y · 2^k, correctly rounded unless both y and the result are rounded as subnormal.
  private static func scale(_ y: Double, byPowerOfTwo k: Int) -> Double {
    if k > 1023 { return y * 2 * powerOfTwo(k - 1) }
    if k < -1022 { return y * powerOfTwo(k + 64) * 0x1p-64 }
    return y * powerOfTwo(k)
  }

  /// 2^k for k in −1022...1023.
  private static func powerOfTwo(_ k: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: k &+ 1023) &<< 52)
  }

  /// Splits a positive finite x into 2^k · m with m from √½ to √2.
  private static func splitAroundOne(_ x: Double) -> (k: Double, m: Double) {
    let isSubnormal = x < 0x1p-1022
    let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
    // Counting exponents from √½ instead of from 1 moves the split there.
    let shifted = bits &- 0x3FE6_A09E_667F_3BCD
    let exponent = Int32(truncatingIfNeeded: Int64(bitPattern: shifted) &>> 52)
    let m = Double(bitPattern: bits &- UInt64(bitPattern: Int64(exponent)) &<< 52)
    return (Double(isSubnormal ? exponent &- 54 : exponent), m)
  }

  /// k · ln 2 + ln(1 + f) + correction for 1 + f from √½ to √2.
  ///
  /// With s = f / (2 + f), ln(1 + f) = 2 atanh(s) = f − f²/2 + s · (f²/2 + series(s²)).
  private static func logarithm(k: Double, f: Double, correction: Double) -> Double {
    let s = f / (2 + f)
    let z = s * s
    let z2 = z * z
    let a = 0x1.5555555555555p-1 + z * 0x1.9999999999a39p-2
    let b = 0x1.2492492476a1ap-2 + z * 0x1.c71c7201a55d7p-3
    let c = 0x1.745cf8e4bba1bp-3 + z * 0x1.3b1c3c1c81c8fp-3
    let d = 0x1.0fbde0f4ad17bp-3 + z * 0x1.0c0aff044a970p-3
    let series = z * (a + z2 * (b + z2 * (c + z2 * d)))
    let halfSquare = 0.5 * f * f
    let rest = s * (halfSquare + series)
    if k == 0 { return f - (halfSquare - (rest + correction)) }
    return k * ln2High - ((halfSquare - (rest + (k * ln2Low + correction))) - f)
  }
}
