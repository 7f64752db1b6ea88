/// One step of SplitMix64: a bijection of 64-bit words that scatters neighbouring inputs.
///
/// G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014. Equals the first output of the published generator started in state `word`. For making
/// keys from seeds, not as a generator. About 1 ns.
@inlinable
public func splitMix64(_ word: UInt64) -> UInt64 {
  var z = word &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z &>> 31)
}

/// The 64-bit FNV-1a hash of `utf8`, for turning names into salts.
///
/// G. Fowler, L. C. Noll, K.-P. Vo, "The FNV non-cryptographic hash algorithm" (IETF draft).
/// Unlike `Hasher`, the same on every run and machine. Two of n names collide with probability
/// about n²/2⁶⁵. About 1 ns a byte.
@inlinable
public func fnv1a(_ utf8: some Sequence<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
  return hash
}
