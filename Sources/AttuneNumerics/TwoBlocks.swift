/// Two neighbouring blocks of a stream, computed together by Philox4x32.
///
/// Each lane holds 32 bits; what stands above them is ignored, and goes when all is done.
struct TwoBlocks {
  /// The first words of both blocks, as `RandomStream.block(at:)` gives them.
  let first: SIMD2<UInt64>
  /// Their second words.
  let second: SIMD2<UInt64>

  /// The blocks at `index` and the next one.
  @inline(__always)
  init(_ stream: RandomStream, at index: UInt32) {
    let low = SIMD2<UInt64>(repeating: 0xFFFF_FFFF)
    var x0 = SIMD2(repeating: stream.trial)
    var x1 = SIMD2(repeating: stream.trial &>> 32)
    var x2 = SIMD2(repeating: UInt64(stream.stream))
    var x3 = SIMD2(UInt64(index), UInt64(index &+ 1))
    var k0 = SIMD2(repeating: stream.key)
    var k1 = SIMD2(repeating: stream.key &>> 32)
    var round = 0
    // Two rounds at a time: more at once, and the optimizer takes the vectors apart.
    while round < 10 {
      let even = (x0 & low) &* SIMD2(repeating: 0xD251_1F53)
      let odd = (x2 & low) &* SIMD2(repeating: 0xCD9E_8D57)
      let y0 = (odd &>> 32) ^ x1 ^ k0
      let y2 = (even &>> 32) ^ x3 ^ k1
      k0 = k0 &+ SIMD2(repeating: 0x9E37_79B9)
      k1 = k1 &+ SIMD2(repeating: 0xBB67_AE85)
      x3 = (y0 & low) &* SIMD2(repeating: 0xD251_1F53)
      x1 = (y2 & low) &* SIMD2(repeating: 0xCD9E_8D57)
      x0 = (x1 &>> 32) ^ odd ^ k0
      x2 = (x3 &>> 32) ^ even ^ k1
      k0 = k0 &+ SIMD2(repeating: 0x9E37_79B9)
      k1 = k1 &+ SIMD2(repeating: 0xBB67_AE85)
      round &+= 2
    }
    first = (x0 & low) | (x1 &<< 32)
    second = (x2 & low) | (x3 &<< 32)
  }
}
