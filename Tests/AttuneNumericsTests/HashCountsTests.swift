import AttuneNumerics
import Testing

@Suite("Counts of hashes")
struct HashCountsTests {
  /// Few low bits make long runs of taken places, which a removal must mend.
  @Test("as a dictionary counts", arguments: [0x3F, 0x7FF, UInt64.max] as [UInt64])
  func likeDictionary(mask: UInt64) {
    var counts = HashCounts()
    var expected: [UInt64: Int] = [:]
    let draws = RandomStream(seed: 7, trial: mask, stream: 1)
    for step in 0..<20_000 as Range<UInt32> {
      let hash = splitMix64(draws.bits(at: 2 * step) % 700) & mask
      if draws.unit(at: 2 * step + 1) < 0.55 {
        counts.insert(hash)
        expected[max(hash, 1), default: 0] += 1
      } else {
        counts.remove(hash)
        let count = expected[max(hash, 1)] ?? 0
        expected[max(hash, 1)] = count > 1 ? count - 1 : nil
      }
      #expect(counts.contains(hash) == (expected[max(hash, 1)] != nil))
      #expect(counts.count == expected.count)
    }
    for value in 0..<700 as Range<UInt64> {
      let hash = splitMix64(value) & mask
      #expect(counts.contains(hash) == (expected[max(hash, 1)] != nil))
    }
  }

  @Test("an empty one has nothing, and what is not there cannot be removed")
  func empty() {
    var counts = HashCounts()
    #expect(!counts.contains(0) && counts.count == 0)
    counts.remove(5)
    counts.insert(0)
    #expect(counts.contains(0) && counts.count == 1)
    counts.remove(0)
    #expect(!counts.contains(0) && counts.count == 0)
  }
}
