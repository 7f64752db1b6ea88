import AttuneNumerics
import Testing

@Suite("Coarse-to-fine order")
struct CoarseToFineOrderTests {
  @Test("visits ends and middle before what lies between")
  func knownOrders() {
    func order(_ count: UInt64) -> [UInt64] {
      (0..<count).map(CoarseToFineOrder(count: count).forward)
    }
    #expect(order(1) == [0])
    #expect(order(2) == [0, 1])
    #expect(order(3) == [0, 2, 1])
    #expect(order(8) == [0, 4, 2, 6, 1, 5, 3, 7])
    #expect(order(9) == [0, 8, 4, 2, 6, 1, 5, 3, 7])
  }

  @Test("every element comes exactly once", arguments: Array(1...200) + [1000, 1024, 4097])
  func isBijection(count: UInt64) {
    let order = CoarseToFineOrder(count: count)
    let elements = (0..<count).map(order.forward)
    #expect(elements.sorted() == Array(0..<count))
    #expect(elements.map(order.inverse) == Array(0..<count))
  }

  @Test("every prefix is spread evenly", arguments: [2, 3, 7, 10, 31, 100, 127, 128, 129, 200])
  func prefixesAreBalanced(count: UInt64) {
    let order = CoarseToFineOrder(count: count)
    let bound = Double(64 - (count - 1).leadingZeroBitCount) + 1
    var taken = [Bool](repeating: false, count: Int(count))
    for n in 1...count {
      taken[Int(order.forward(n - 1))] = true
      var held = 0
      for end in 1...count {
        held += taken[Int(end - 1)] ? 1 : 0
        let fair = Double(n) * Double(end) / Double(count)
        #expect((Double(held) - fair).magnitude < bound)
      }
    }
  }

  @Test(
    "positions are found again in orders too long to list",
    arguments: [1 << 40, (1 << 40) + 12345, 1 << 63, (1 << 63) + 1, .max - 1, .max] as [UInt64])
  func inverseOnLongOrders(count: UInt64) {
    let order = CoarseToFineOrder(count: count)
    var stream = RandomStream(seed: 1, trial: count, stream: 0)
    for index in [0, 1, count / 2, count - 1] + (0..<100).map({ _ in stream.nextBelow(count) }) {
      let element = order.forward(index)
      #expect(element < count)
      #expect(order.inverse(element) == index)
    }
  }

  @Test("words outside map to themselves, so nothing a caller asks stops the program")
  func outsideIsFixed() {
    for count in [0, 1, 5] as [UInt64] {
      let order = CoarseToFineOrder(count: count)
      for word in [count, .max] {
        #expect(order.forward(word) == word)
        #expect(order.inverse(word) == word)
      }
    }
  }
}
