import AttuneNumerics
import Testing

@Suite("Philox4x32-10")
struct PhiloxTests {
  /// Lines `philox4x32 10` of tests/kat_vectors in Random123 1.14.0 (D. E. Shaw Research,
  /// https://github.com/DEShawResearch/random123): zeros, ones, digits of pi.
  static let knownAnswers: [(counter: [UInt32], key: [UInt32], block: [UInt32])] = [
    (
      [0, 0, 0, 0], [0, 0],
      [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]
    ),
    (
      [.max, .max, .max, .max], [.max, .max],
      [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
    ),
    (
      [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
      [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
    ),
  ]

  @Test("gives the known answers of its authors", arguments: knownAnswers)
  func knownAnswer(_ answer: (counter: [UInt32], key: [UInt32], block: [UInt32])) {
    let c = answer.counter
    let block = Philox4x32.block(
      counter: (c[0], c[1], c[2], c[3]), key: (answer.key[0], answer.key[1]))
    #expect([block.0, block.1, block.2, block.3] == answer.block)
  }
}
