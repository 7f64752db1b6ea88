import AttuneCore
import Testing

@Suite("Active sets")
struct ActiveSetTests {
  @Test("bits are kept one by one beyond 64 and beyond 128")
  func bits() {
    var set = ActiveSet()
    let members = [0, 1, 63, 64, 65, 127, 128, 500]
    for index in members { set[index] = true }
    for index in 0..<600 { #expect(set[index] == members.contains(index)) }
    set[64] = false
    set[63] = false
    #expect(!set[63] && !set[64] && set[65])
  }

  @Test("sets with the same members are equal and hash alike, whatever their history")
  func equality() {
    var grown = ActiveSet()
    grown[3] = true
    grown[700] = true
    grown[700] = false
    var small = ActiveSet()
    small[3] = true
    #expect(grown == small)
    #expect(grown.hashValue == small.hashValue)
    #expect(Set([grown, small]).count == 1)
    small[200] = true
    #expect(grown != small)
    grown[200] = true
    #expect(grown == small)
    #expect(grown.hashValue == small.hashValue)
  }

  @Test("clearing a bit that was never there takes no memory")
  func clearing() {
    var set = ActiveSet()
    set[100_000] = false
    #expect(set == ActiveSet())
    #expect(!set[100_000])
  }
}
