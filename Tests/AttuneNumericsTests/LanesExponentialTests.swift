import AttuneNumerics
import CLanes
import Testing

@Suite("Exponentials in lanes")
struct LanesExponentialTests {
  @Test("the quick exponential is as near as it says, down to where it stops falling")
  func quick() {
    let x =
      LanesSamples.numbers(40_000, -700...700, seed: 6)
      + LanesSamples.numbers(40_003, -2...2, seed: 7)
    for kernels in LanesSamples.both {
      let y = LanesSamples.quickExp(kernels, x)
      for (x, y) in zip(x, y) {
        let exact = Elementary.exp(x)
        #expect((y - exact).magnitude <= 0x1p-49 * exact, "\(x)")
      }
      let ends = LanesSamples.quickExp(kernels, [0, -0.0, -1e300, -.infinity, -700])
      #expect(ends[0] == 1 && ends[1] == 1 && ends[2] == ends[4] && ends[3] == ends[4])
      #expect(ends[4] > 0 && ends[4] < 1e-303)
    }
  }

  @Test("the fast exponential keeps its stated relative error, and is never 0")
  func fast() {
    var x: [Float] = []
    while x.count < 10_133 { x.append(-87.3 + 0.0173 * Float(x.count)) }
    for kernels in LanesSamples.both {
      for (x, y) in zip(x, LanesSamples.fastExp(kernels, x)) {
        let relative = (Double(y) / Elementary.exp(Double(x)) - 1).magnitude
        #expect(relative <= 4e-7 + 7.5e-8 * Double(x.magnitude), "at \(x)")
      }
      let ends = LanesSamples.fastExp(kernels, [0, -88, -1e30, -.infinity, .nan])
      #expect(ends[0] == 1 && ends[4].isNaN)
      for low in ends[1...3] { #expect(low > 0 && low < 1.3e-38) }
    }
  }

  @Test("both variants have the same bits", arguments: [1, 3, 4, 7, 8, 9, 31, 4096])
  func sameBits(count: Int) {
    let x = LanesSamples.numbers(count, -720...700, seed: UInt64(count))
    #expect(
      LanesSamples.bits(LanesSamples.quickExp(LanesSamples.baseline, x))
        == LanesSamples.bits(LanesSamples.quickExp(LanesSamples.wide, x)))
    let y = LanesSamples.numbers(count, -90...88, seed: UInt64(count)).map { Float($0) }
    #expect(
      LanesSamples.bits(LanesSamples.fastExp(LanesSamples.baseline, y))
        == LanesSamples.bits(LanesSamples.fastExp(LanesSamples.wide, y)))
  }

  @Test("a number has the same bits alone and among others")
  func alone() {
    let x = LanesSamples.numbers(37, -30...5, seed: 3)
    let y = LanesSamples.quickExp(LanesSamples.wide, x)
    for index in x.indices {
      #expect(LanesSamples.quickExp(LanesSamples.wide, [x[index]]) == [y[index]])
    }
  }
}
