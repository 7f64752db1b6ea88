import AttuneNumerics
import Testing

@Suite("Elementary functions in lanes")
struct ElementaryLanesTests {
  @Test("have the bits of the same functions of one number")
  func sameBits() {
    var stream = RandomStream(seed: 5, trial: 0, stream: 0)
    for _ in 0..<5000 {
      let scale = stream.nextUnit() < 0.5 ? 1416.0 : 4
      var x = SIMD4<Double>()
      for lane in 0..<4 { x[lane] = (stream.nextUnit() - 0.5) * scale }
      let y = Elementary.exp(x)
      for lane in 0..<4 { #expect(y[lane] == Elementary.exp(x[lane])) }
    }
  }

  @Test("keep their specials when one lane is unusual")
  func specials() {
    for special in [Double.nan, .infinity, -.infinity, 710, -720, -745.2, 1e300, -1e300] {
      for lane in 0..<4 {
        var x = SIMD4<Double>(0, -0.0, 1, -708)
        x[lane] = special
        let y = Elementary.exp(x)
        for k in 0..<4 {
          #expect(y[k].bitPattern == Elementary.exp(x[k]).bitPattern)
        }
      }
    }
    #expect(Elementary.exp(SIMD4<Double>(repeating: 0)) == SIMD4(repeating: 1))
  }
}
