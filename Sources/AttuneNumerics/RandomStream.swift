/// Random numbers addressed by (seed, trial, stream, salt, index), never by who asked first.
///
/// Every draw is a pure function of its address, so results do not depend on threads, on the order
/// of calls, or on what other streams have used up.
///
/// The address enters Philox4x32-10 like this:
///
/// - key = SplitMix64(SplitMix64(seed) xor salt): one to one in the seed for a given salt, and in
///   the salt for a given seed;
/// - counter = (trial low word, trial high word, stream, index): all 128 bits are used.
///
/// So within one seed and salt no two addresses share a counter, and within one seed no two salts
/// share a key. Only different pairs (seed, salt) may meet by chance, with probability 2⁻⁶⁴ a pair.
///
/// There is no conformance to `RandomNumberGenerator`: how the standard library's `shuffled` and
/// `random(in:)` use a generator may differ between its releases, and seeds must outlive those.
public struct RandomStream: Sendable, Hashable {
  @usableFromInline let key: UInt64
  /// The number of the trial these draws belong to.
  public let trial: UInt64
  /// The purpose of these draws, one number per consumer.
  public let stream: UInt32
  /// The index of the draw that `next()` returns next. Wraps around after 2³² draws.
  public var index: UInt32

  /// Creates the stream at index 0.
  ///
  /// `salt` separates what shares a purpose, such as parameters: `fnv1a(name.utf8)`.
  @inlinable
  public init(seed: UInt64, trial: UInt64, stream: UInt32, salt: UInt64 = 0) {
    self.init(key: splitMix64(splitMix64(seed) ^ salt), trial: trial, stream: stream)
  }

  @inlinable
  init(key: UInt64, trial: UInt64, stream: UInt32) {
    self.key = key
    self.trial = trial
    self.stream = stream
    self.index = 0
  }

  /// A stream of its own for the same trial and purpose, at index 0.
  ///
  /// Depends on `salt` and the address of this stream, not on its `index`.
  @inlinable
  public func substream(salt: UInt64) -> RandomStream {
    RandomStream(key: splitMix64(key ^ salt), trial: trial, stream: stream)
  }

  /// The 128 bits of the draw at `index`: the first word is `bits(at: index)`.
  @inlinable
  public func block(at index: UInt32) -> (UInt64, UInt64) {
    let words = Philox4x32.block(
      counter: (
        UInt32(truncatingIfNeeded: trial), UInt32(truncatingIfNeeded: trial &>> 32), stream, index
      ),
      key: (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key &>> 32)))
    return (
      UInt64(words.0) | UInt64(words.1) &<< 32,
      UInt64(words.2) | UInt64(words.3) &<< 32
    )
  }

  /// The 64 bits of the draw at `index`.
  @inlinable
  public func bits(at index: UInt32) -> UInt64 {
    block(at: index).0
  }

  /// The draw at `index` as a number in [0, 1), a multiple of 2⁻⁵³.
  @inlinable
  public func unit(at index: UInt32) -> Double {
    Self.unit(bits(at: index))
  }

  /// The next 64 bits.
  @inlinable
  public mutating func next() -> UInt64 {
    defer { index &+= 1 }
    return bits(at: index)
  }

  /// The next number in [0, 1), a multiple of 2⁻⁵³. Takes one draw.
  @inlinable
  public mutating func nextUnit() -> Double {
    Self.unit(next())
  }

  /// The next whole number in 0..<`count`, or 0 when `count` is 0. Takes one draw.
  ///
  /// The high word of draw × count (D. Lemire, "Fast random integer generation in an interval",
  /// ACM TOMACS 29, 2019), without his rejection loop, which would make the number of draws depend
  /// on their values. No result's probability is off by more than 2⁻⁶⁴ from 1/count, so their sum
  /// over a set of results is off by less than 2⁻⁶⁴ × count.
  @inlinable
  public mutating func nextBelow(_ count: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: count).high
  }

  @inlinable
  static func unit(_ bits: UInt64) -> Double {
    Double(bits &>> 11) * 0x1p-53
  }
}
