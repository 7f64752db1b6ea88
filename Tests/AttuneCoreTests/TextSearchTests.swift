import AttuneCore
import Testing

@Suite("search in texts")
struct TextSearchTests {
  private static func place(_ text: String, in whole: String) -> Int? {
    whole.firstRange(ofText: text).map {
      whole.utf8.distance(from: whole.startIndex, to: $0.lowerBound)
    }
  }

  @Test("the first place is found, whatever stands before it")
  func found() {
    #expect(Self.place("://", in: "sqlite:///a.db") == 6)
    #expect(Self.place("aab", in: "aaaab") == 2)
    #expect(Self.place("b", in: "ab") == 1)
    #expect(Self.place("ü", in: "aüü") == 1)
    #expect(Self.place("ab", in: "ab") == 0)
    #expect(Self.place("ab", in: "aab"[...].dropFirst().description) == 0)
  }

  @Test("what is not there is not found")
  func missing() {
    #expect(Self.place("abc", in: "ab") == nil)
    #expect(Self.place("c", in: "") == nil)
    #expect(Self.place("", in: "ab") == nil)
    #expect(Self.place("bc", in: "abab") == nil)
  }

  @Test("each place of a text is replaced, and what replaces it is left alone")
  func replaced() {
    #expect("a-b--c".replacing(text: "-", with: "--") == "a--b----c")
    #expect("aaa".replacing(text: "aa", with: "b") == "ba")
    #expect("abc".replacing(text: "x", with: "y") == "abc")
    #expect("abc".replacing(text: "", with: "y") == "abc")
    #expect("secret@secret"[...].replacing(text: "secret", with: "***") == "***@***")
  }
}
