import AttuneNumerics
import Testing

@Suite("Random orders")
struct PermutationTests {
  @Test("every element comes exactly once", arguments: Array(1...130) + [1000, 1024, 4097])
  func isBijection(count: UInt64) {
    for key in 0..<4 as Range<UInt64> {
      let order = Permutation(count: count, key: key)
      let elements = (0..<count).map(order.forward)
      #expect(elements.sorted() == Array(0..<count))
      #expect(elements.map(order.inverse) == Array(0..<count))
    }
  }

  @Test(
    "positions are found again in orders too long to list",
    arguments: [1 << 20, 1 << 32, (1 << 32) + 1, 1 << 63, (1 << 63) + 1, .max - 1, .max]
      as [UInt64])
  func inverseOnLongOrders(count: UInt64) {
    let order = Permutation(count: count, key: 99)
    var stream = RandomStream(seed: 1, trial: count, stream: 0)
    for index in [0, 1, count / 2, count - 1] + (0..<1000).map({ _ in stream.nextBelow(count) }) {
      let element = order.forward(index)
      #expect(element < count)
      #expect(order.inverse(element) == index)
      #expect(order.forward(order.inverse(index)) == index)
    }
  }

  @Test("words outside map to themselves, so nothing a caller asks stops the program")
  func outsideIsFixed() {
    for count in [0, 1, 2, 5] as [UInt64] {
      let order = Permutation(count: count, key: 3)
      for word in [count, count + 1, .max] {
        #expect(order.forward(word) == word)
        #expect(order.inverse(word) == word)
      }
    }
  }

  @Test("every order of three, and every place of ten, is equally likely over keys")
  func keysAreUniform() {
    var orders: [[UInt64]: Int] = [:]
    var places = [Int](repeating: 0, count: 100)
    let keys: UInt64 = 6000
    for key in 0..<keys {
      let three = Permutation(count: 3, key: key)
      orders[(0..<3).map(three.forward), default: 0] += 1
      let ten = Permutation(count: 10, key: key)
      for index in 0..<10 as Range<UInt64> { places[Int(10 * index + ten.forward(index))] += 1 }
    }
    #expect(orders.count == 6)
    // Five standard deviations of a count of mean 1000 or 600.
    #expect(orders.values.allSatisfy { ($0 - 1000).magnitude < 145 })
    #expect(places.allSatisfy { ($0 - 600).magnitude < 117 })
  }

  @Test("a long order does not follow its positions")
  func noCorrelation() {
    let count: UInt64 = 1 << 40
    let order = Permutation(count: count, key: 8)
    let draws = 50_000
    var crossing = 0.0
    for index in 0..<UInt64(draws) {
      let a = Double(order.forward(index)) / Double(count) - 0.5
      let b = Double(order.forward(index + 1)) / Double(count) - 0.5
      crossing += 12 * a * b
    }
    #expect((crossing / Double(draws)).magnitude < 4 / Double(draws).squareRoot())
  }

  @Test("a key keeps its order from release to release")
  func recordedOrder() {
    let order = Permutation(count: 10, key: 1)
    #expect((0..<10).map(order.forward) == [6, 2, 1, 9, 8, 5, 0, 4, 3, 7])
  }
}
