import AttuneNumerics
import Testing

@Suite("Signed ranks")
struct SignedRankTestTests {
  @Test("all signs positive: the least probability there is")
  func least() {
    for count in 1...30 {
      let differences = (1...count).map { Double($0) }
      let p = SignedRankTest.pValue(greater: differences)
      #expect((p - 1 / Double(1 << count)).magnitude < 1e-15)
      let mirrored = SignedRankTest.pValue(greater: differences.map { -$0 })
      #expect(mirrored == 1)
    }
  }

  @Test("zeros alone, and nothing at all, tell nothing")
  func zeros() {
    #expect(SignedRankTest.pValue(greater: []) == 1)
    #expect(SignedRankTest.pValue(greater: [0, 0, 0]) == 1)
    #expect(SignedRankTest.pValue(greater: Array(repeating: 0, count: 60)) == 0.5)
  }

  @Test("with ties the probability is that of all choices of signs")
  func ties() {
    let differences = [1.0, 1, -2, 2, 0, 3, -1]
    let magnitudes = differences.map(\.magnitude)
    let ranks = magnitudes.map { size in
      let below = magnitudes.filter { $0 < size }.count
      return Double(below) + Double(magnitudes.filter { $0 == size }.count + 1) / 2
    }
    func statistic(_ signs: [Double]) -> Double {
      zip(signs, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : $1.0 == 0 ? $1.1 / 2 : 0) }
    }
    let own = statistic(differences)
    let count = (0..<128).filter { mask in
      let signs = differences.enumerated().map { index, value in
        value * (mask >> index & 1 == 1 ? 1 : -1)
      }
      return statistic(signs) >= own
    }.count
    let p = SignedRankTest.pValue(greater: differences)
    #expect((p - Double(count) / 128).magnitude < 1e-15)
  }
}
