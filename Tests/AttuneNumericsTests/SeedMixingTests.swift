import AttuneNumerics
import Testing

@Suite("Seeds and salts")
struct SeedMixingTests {
  /// First outputs of splitmix64.c (S. Vigna, https://prng.di.unimi.it) for seed 1234567.
  @Test("SplitMix64 gives the published sequence")
  func splitMixSequence() {
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    let found = (0..<5).map { splitMix64(1_234_567 &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
    #expect(found == expected)
  }

  /// From the test suite of the FNV reference code (L. C. Noll, http://www.isthe.com/chongo).
  @Test(
    "FNV-1a gives the published hashes",
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
      ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func fnvHash(name: String, hash: UInt64) {
    #expect(fnv1a(name.utf8) == hash)
  }
}
