/// A random-looking order of 0..<count in constant memory, and its inverse.
///
/// A keyed Feistel network permutes the words of ⌈log₂ count⌉ bits; images outside 0..<count are
/// permuted again until they fall inside ("cycle walking": J. Black, P. Rogaway, "Ciphers with
/// arbitrary finite domains", CT-RSA 2002). At most half of the words lie outside, so fewer than
/// two evaluations are needed on average. Nothing is stored but the round keys: a grid of 2⁶³
/// points can be visited in random order, stopped and taken up again with a counter alone.
///
/// Words not below `count` map to themselves, so both directions are total, and bijections of all
/// 64-bit words. The order depends on `key` and `count`. About 30 ns for either direction.
public struct Permutation: Sendable, Hashable {
  /// How many elements are permuted.
  public let count: UInt64

  private let lowWidth: UInt64
  private let lowMask: UInt64
  private let highMask: UInt64
  private let roundKeys: SIMD8<UInt64>

  /// Creates the order of 0..<`count` that belongs to `key`.
  public init(count: UInt64, key: UInt64) {
    let width = count < 2 ? 0 : UInt64.bitWidth - (count - 1).leadingZeroBitCount
    let low = (width + 1) / 2
    self.count = count
    self.lowWidth = UInt64(low)
    self.lowMask = (1 << UInt64(low)) - 1
    self.highMask = (1 << UInt64(width - low)) - 1
    var keys = SIMD8<UInt64>()
    var word = splitMix64(key ^ splitMix64(count))
    for round in 0..<8 {
      keys[round] = word
      word = splitMix64(word)
    }
    self.roundKeys = keys
  }

  /// The element at position `index` of the order.
  public func forward(_ index: UInt64) -> UInt64 {
    guard index < count else { return index }
    var word = index
    repeat { word = encipher(word) } while word >= count
    return word
  }

  /// The position of `element` in the order: `inverse(forward(i)) == i`.
  public func inverse(_ element: UInt64) -> UInt64 {
    guard element < count else { return element }
    var word = element
    repeat { word = decipher(word) } while word >= count
    return word
  }

  // The halves differ by at most one bit. They take turns: an even round masks the high half with a
  // function of the low one, an odd round the reverse, so a round undoes itself.
  private func encipher(_ word: UInt64) -> UInt64 {
    var (high, low) = (word &>> lowWidth, word & lowMask)
    for round in stride(from: 0, to: 8, by: 2) {
      high ^= splitMix64(low ^ roundKeys[round]) & highMask
      low ^= splitMix64(high ^ roundKeys[round + 1]) & lowMask
    }
    return high &<< lowWidth | low
  }

  private func decipher(_ word: UInt64) -> UInt64 {
    var (high, low) = (word &>> lowWidth, word & lowMask)
    for round in stride(from: 6, through: 0, by: -2) {
      low ^= splitMix64(high ^ roundKeys[round + 1]) & lowMask
      high ^= splitMix64(low ^ roundKeys[round]) & highMask
    }
    return high &<< lowWidth | low
  }
}
