import AttuneNumerics
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  @Test("the same address gives the same bits, in any order")
  func randomAccess() {
    var stream = RandomStream(seed: 1, trial: 2, stream: 3, salt: 4)
    let inOrder = (0..<100).map { _ in stream.next() }
    let again = RandomStream(seed: 1, trial: 2, stream: 3, salt: 4)
    #expect((0..<100).reversed().map { again.bits(at: $0) } == inOrder.reversed())
    #expect(stream.index == 100)
  }

  /// Recorded once; a change of these bits would change the trials of every seeded study.
  @Test("a seed keeps its bits from release to release")
  func recordedBits() {
    var stream = RandomStream(seed: 42, trial: 7, stream: 1, salt: fnv1a("learning_rate".utf8))
    #expect(stream.next() == 0x66D3_7F99_5816_8DE4)
    #expect(stream.next() == 0xC220_DA2F_819C_739C)
    #expect(stream.substream(salt: 5).bits(at: 9) == 0x566A_3A02_9ECB_411D)
  }

  @Test("every part of the address matters, in all its bits")
  func everyPartMatters() {
    let base = (seed: UInt64(10), trial: UInt64(20), stream: UInt32(30), salt: UInt64(40))
    var seen: Set<UInt64> = []
    var count = 0
    func add(_ stream: RandomStream, _ index: UInt32) {
      seen.insert(stream.bits(at: index))
      count += 1
    }
    for bit in 0..<64 {
      let flip = UInt64(1) << UInt64(bit)
      add(RandomStream(seed: base.seed ^ flip, trial: 20, stream: 30, salt: 40), 0)
      add(RandomStream(seed: 10, trial: base.trial ^ flip, stream: 30, salt: 40), 0)
      add(RandomStream(seed: 10, trial: 20, stream: 30, salt: base.salt ^ flip), 0)
      add(RandomStream(seed: 10, trial: 20, stream: 30, salt: 40).substream(salt: flip), 0)
    }
    for bit in 0..<32 {
      let flip = UInt32(1) << UInt32(bit)
      add(RandomStream(seed: 10, trial: 20, stream: base.stream ^ flip, salt: 40), 0)
      add(RandomStream(seed: 10, trial: 20, stream: 30, salt: 40), flip)
    }
    add(RandomStream(seed: 10, trial: 20, stream: 30, salt: 40), 0)
    #expect(seen.count == count)
  }

  @Test("units lie in [0, 1) and fill it evenly")
  func unitsAreUniform() {
    var stream = RandomStream(seed: 5, trial: 0, stream: 0)
    var bins = [Int](repeating: 0, count: 100)
    let draws = 100_000
    for _ in 0..<draws {
      let unit = stream.nextUnit()
      #expect(unit >= 0 && unit < 1)
      bins[Int(unit * 100)] += 1
    }
    // Chi-squared with 99 degrees of freedom exceeds 160 with probability 10⁻⁴.
    let expected = Double(draws) / 100
    let chiSquared = bins.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    #expect(chiSquared / expected < 160)
  }

  @Test("neighbouring trials are as independent as neighbouring draws")
  func trialsAreIndependent() {
    let draws = 50_000
    var crossing = 0.0
    for trial in 0..<UInt64(draws) {
      let a = RandomStream(seed: 5, trial: trial, stream: 0).unit(at: 0) - 0.5
      let b = RandomStream(seed: 5, trial: trial + 1, stream: 0).unit(at: 0) - 0.5
      crossing += 12 * a * b
    }
    // The mean of the products has standard deviation 1/√draws.
    #expect((crossing / Double(draws)).magnitude < 4 / Double(draws).squareRoot())
  }

  @Test(
    "whole numbers stay below their bound, and small bounds are filled evenly",
    arguments: [1, 2, 3, 10, 1000, 1 << 63, .max] as [UInt64])
  func wholeNumbersStayBelow(count: UInt64) {
    var stream = RandomStream(seed: 6, trial: 0, stream: 0)
    var hits: [UInt64: Int] = [:]
    for _ in 0..<10_000 {
      let number = stream.nextBelow(count)
      #expect(number < count)
      hits[number, default: 0] += 1
    }
    if count <= 10 {
      let expected = 10_000 / Double(count)
      for number in 0..<count {
        let off = Double(hits[number] ?? 0) - expected
        #expect(off.magnitude < 5 * expected.squareRoot())
      }
    }
  }

  @Test("a bound of zero gives zero instead of stopping the program")
  func boundOfZero() {
    var stream = RandomStream(seed: 6, trial: 0, stream: 0)
    #expect(stream.nextBelow(0) == 0)
  }

  @Test("the last index is followed by the first")
  func indexWrapsAround() {
    var stream = RandomStream(seed: 6, trial: 0, stream: 0)
    let first = stream.bits(at: 0)
    stream.index = .max
    _ = stream.next()
    #expect(stream.next() == first)
  }
}
