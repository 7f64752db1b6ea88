import AttuneNumerics
import CLanes

/// Both variants of the loops, and numbers to run them on.
enum LanesSamples {
  typealias Kernels = lanes_kernels

  static let baseline = lanes_baseline().pointee
  /// The variant for AVX2; where there is none, the baseline again, which then is compared with itself.
  static let wide = (lanes_avx2() ?? lanes_baseline()).pointee
  static let both = [baseline, wide]

  /// Numbers from `range`.
  static func numbers(_ count: Int, _ range: ClosedRange<Double>, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, trial: 2, stream: 0)
    return (0..<count).map { _ in
      range.lowerBound + stream.nextUnit() * (range.upperBound - range.lowerBound)
    }
  }

  static func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }
  static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  static func quickExp(_ kernels: Kernels, _ x: [Double]) -> [Double] {
    var result = x
    x.withUnsafeBufferPointer { x in
      if let x = x.baseAddress { kernels.quick_exp(x, result.count, &result) }
    }
    return result
  }

  static func fastExp(_ kernels: Kernels, _ x: [Float]) -> [Float] {
    var result = x
    x.withUnsafeBufferPointer { x in
      if let x = x.baseAddress { kernels.fast_exp(x, result.count, &result) }
    }
    return result
  }
}
