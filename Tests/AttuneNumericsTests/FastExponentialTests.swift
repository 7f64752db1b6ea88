import AttuneNumerics
import Testing

@Suite("Fast exponential")
struct FastExponentialTests {
  private func exp(_ x: Float) -> Float { FastExponential.exp(SIMD8(repeating: x))[3] }

  @Test("keeps its stated relative error")
  func error() {
    var x: Float = -87.3
    while x < 88 {
      let exact = Elementary.exp(Double(x))
      let relative = (Double(exp(x)) / exact - 1).magnitude
      #expect(relative <= 4e-7 + 7.5e-8 * Double(x.magnitude), "at \(x)")
      x += 0.0173
    }
    #expect(exp(0) == 1)
  }

  @Test("computes each lane for itself")
  func lanes() {
    let x = SIMD8<Float>(-100, -3, -0.5, 0, 0.25, 2, 30, 1000)
    let y = FastExponential.exp(x)
    for lane in 0..<8 { #expect(y[lane] == exp(x[lane])) }
  }

  @Test("is finite and positive beyond its range, and lets not-a-number through")
  func specials() {
    for x in [Float.infinity, 1e30, 89] { #expect(exp(x) > 2e38 && exp(x) < .infinity) }
    for x in [-Float.infinity, -1e30, -88] { #expect(exp(x) > 0 && exp(x) < 1.3e-38) }
    #expect(exp(.nan).isNaN)
  }
}
