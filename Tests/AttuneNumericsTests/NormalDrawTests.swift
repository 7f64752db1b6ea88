import AttuneNumerics
import Testing

@Suite("Standard normal numbers from a stream")
struct NormalDrawTests {
  @Test("many numbers have the bits of quantiles one by one", arguments: 1...21)
  func bits(count: Int) {
    for trial in 0..<40 as Range<UInt64> {
      let stream = RandomStream(
        seed: 9 &+ trial << 40, trial: trial &* 0x1234_5678_9ABC, stream: 0xF000_0001, salt: trial)
      var numbers = [Double](repeating: .nan, count: count)
      numbers.withUnsafeMutableBufferPointer { StandardNormal.draw($0, from: stream) }
      for (index, number) in numbers.enumerated() {
        let (first, second) = stream.block(at: UInt32(index / 2))
        let bits = index % 2 == 0 ? first : second
        let alone = StandardNormal.quantile((Double(bits >> 11) + 0.5) * 0x1p-53)
        #expect(number.bitPattern == alone.bitPattern)
      }
    }
  }

  @Test("no numbers are none")
  func empty() {
    let stream = RandomStream(seed: 1, trial: 2, stream: 3)
    StandardNormal.draw(UnsafeMutableBufferPointer(start: nil, count: 0), from: stream)
  }
}
