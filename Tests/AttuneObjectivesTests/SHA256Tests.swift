import AttuneObjectives
import Testing

struct SHA256Tests {
  private func digest(_ bytes: some Sequence<UInt8>) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.finish()
  }

  @Test("the digests are those of NIST's examples")
  func published() {
    #expect(
      digest("".utf8) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest("abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    let long =
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
    #expect(
      digest(long.utf8) == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")
    #expect(
      digest(repeatElement(UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("pieces give the digest of the whole, at every cut")
  func pieces() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for cut in 0...bytes.count {
      var split = SHA256()
      split.update(bytes[..<cut])
      split.update(bytes[cut...])
      #expect(split.finish() == digest(bytes))
    }
  }
}
