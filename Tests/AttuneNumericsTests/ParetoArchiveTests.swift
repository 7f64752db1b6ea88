import AttuneNumerics
import Testing

@Suite("Archive of what nothing dominates")
struct ParetoArchiveTests {
  @Test(
    "members are those that no other point dominates, at every moment", arguments: [1, 2, 3, 5],
    [4, 1000])
  func members(width: Int, levels: UInt64) {
    for seed in 0..<10 {
      var stream = RandomStream(seed: UInt64(seed), trial: 0, stream: 0)
      var archive = ParetoArchive(width: width)
      var points: [[Double]] = []
      for number in 0..<60 {
        let point = (0..<width).map { _ in
          let level = Double(stream.nextBelow(levels))
          return level == 0 ? -.infinity : level == 3 ? .infinity : level
        }
        points.append(point)
        let isMember = archive.add(number, point)
        let wanted = points.indices.filter { mine in
          !points.contains { Dominance.dominates($0, points[mine], width: width) }
        }
        #expect(archive.members.sorted() == wanted)
        #expect(isMember == wanted.contains(number))
        for (place, member) in archive.members.enumerated() {
          let own = archive.values[(place * width)..<((place + 1) * width)]
          #expect(Array(own) == points[member])
        }
      }
    }
  }

  @Test("a point with NaN, or with too few values, is none")
  func refused() {
    var archive = ParetoArchive(width: 2)
    let isAdded = [archive.add(0, [.nan, 1]), archive.add(1, [1])]
    #expect(isAdded == [false, false])
    #expect(archive.count == 0)
  }
}
