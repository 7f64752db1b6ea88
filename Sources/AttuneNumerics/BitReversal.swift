extension UInt64 {
  /// This word with its bits in the opposite order.
  @inlinable
  var bitReversed: UInt64 {
    var x = self
    x = (x &>> 1) & 0x5555_5555_5555_5555 | (x & 0x5555_5555_5555_5555) &<< 1
    x = (x &>> 2) & 0x3333_3333_3333_3333 | (x & 0x3333_3333_3333_3333) &<< 2
    x = (x &>> 4) & 0x0F0F_0F0F_0F0F_0F0F | (x & 0x0F0F_0F0F_0F0F_0F0F) &<< 4
    return x.byteSwapped
  }
}

extension UInt32 {
  /// This word with its bits in the opposite order.
  @inlinable
  var bitReversed: UInt32 {
    var x = self
    x = (x &>> 1) & 0x5555_5555 | (x & 0x5555_5555) &<< 1
    x = (x &>> 2) & 0x3333_3333 | (x & 0x3333_3333) &<< 2
    x = (x &>> 4) & 0x0F0F_0F0F | (x & 0x0F0F_0F0F) &<< 4
    return x.byteSwapped
  }
}
