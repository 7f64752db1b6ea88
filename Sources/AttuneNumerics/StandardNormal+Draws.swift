extension StandardNormal {
  /// Writes standard normal numbers, two from each block of a stream, the first block's first.
  ///
  /// Each has the bits of `quantile((u + ½) · 2⁻⁵³)`, where u are the upper 53 of 64 random bits; so it is
  /// infinite once in 2⁵³ times. Two blocks and two numbers are computed together: about 8 ns a number.
  public static func draw(
    _ numbers: UnsafeMutableBufferPointer<Double>, from stream: RandomStream
  ) {
    guard let out = numbers.baseAddress else { return }
    let count = numbers.count
    // First their probabilities. In one pass the optimizer would take the pairs apart.
    var (place, index) = (0, UInt32(0))
    while place < count {
      let blocks = TwoBlocks(stream, at: index)
      out[place] = probability(blocks.first.x)
      if place &+ 1 < count { out[place &+ 1] = probability(blocks.second.x) }
      if place &+ 2 < count { out[place &+ 2] = probability(blocks.first.y) }
      if place &+ 3 < count { out[place &+ 3] = probability(blocks.second.y) }
      place &+= 4
      index &+= 2
    }
    let even = count & ~1
    place = 0
    while place < even {
      let probability = DotKernel.pair(out, place)
      let q = probability - 0.5
      DotKernel.store(centralQuantile(q), out, place)
      // Three in twenty.
      if q.x.magnitude > 0.425 { out[place] = quantile(probability.x) }
      if q.y.magnitude > 0.425 { out[place &+ 1] = quantile(probability.y) }
      place &+= 2
    }
    if even < count { out[even] = quantile(out[even]) }
  }

  @inline(__always)
  private static func probability(_ bits: UInt64) -> Double {
    (Double(Int64(truncatingIfNeeded: bits &>> 11)) + 0.5) * 0x1p-53
  }
}
