import AttuneNumerics
import Testing

@Suite("Intervals of the normal distribution")
struct NormalIntervalTests {
  @Test("have their probability, also when narrow or far out")
  func probability() {
    for (low, high, y) in NormalIntervalReference.probability {
      let found = StandardNormal.probability(from: low, to: high)
      let far = max(low * low, high * high)
      #expect((found - y).magnitude <= (1e-14 + far * 0x1p-52) * y, "from \(low) to \(high)")
    }
  }

  @Test("have the logarithm of their probability where it vanishes")
  func logProbability() {
    for (low, high, y) in NormalIntervalReference.logProbability {
      let found = StandardNormal.logProbability(from: low, to: high)
      #expect((found - y).magnitude <= 1e-14 * max(1, y.magnitude), "from \(low) to \(high)")
    }
    #expect(StandardNormal.logProbability(from: 1e6, to: .infinity) < -4.9e11)
    #expect(StandardNormal.logProbability(from: -.infinity, to: .infinity) == 0)
  }

  @Test("have none when empty, and not-a-number when undefined")
  func emptyIntervals() {
    #expect(StandardNormal.probability(from: 1, to: 1) == 0)
    #expect(StandardNormal.probability(from: 2, to: 1) == 0)
    #expect(StandardNormal.logProbability(from: 2, to: 1) == -.infinity)
    #expect(StandardNormal.probability(from: .nan, to: 1).isNaN)
    #expect(StandardNormal.logProbability(from: 0, to: .nan).isNaN)
    #expect(StandardNormal.probability(from: -.infinity, to: .infinity) == 1)
    #expect(StandardNormal.probability(from: -1e308, to: 1e308) == 1)
  }

  @Test("are sampled by the inverse of their distribution")
  func quantile() {
    for (low, high, unit, y) in NormalIntervalReference.quantile {
      let normal = TruncatedNormal(mean: 0, deviation: 1, low: low, high: high)
      let found = normal.quantile(unit)
      let error = (found - y).magnitude
      #expect(error <= 2e-13 * min(1, high - low) + 4 * y.ulp, "\(low)...\(high) at \(unit)")
    }
  }

  @Test("give values within the bounds that rise with the draw")
  func boundsAndOrder() {
    let cases: [(Double, Double, Double, Double)] = [
      (0.5, 0.1, 0, 1), (0, 0.01, 0, 1), (1, 1, 0, 1), (40, 0.1, 0, 1), (-1e9, 1, 0, 1),
      (0.5, 1e-300, 0, 1), (0.5, 1e300, 0, 1), (2, 0.001, 0, 1), (0.3, 5, 0.3, 0.3000000001),
    ]
    for (mean, deviation, low, high) in cases {
      let normal = TruncatedNormal(mean: mean, deviation: deviation, low: low, high: high)
      var last = low
      for step in 0...64 {
        let value = normal.quantile(Double(step) / 64)
        #expect(value >= low && value <= high)
        #expect(value >= last - 1e-12 * (high - low), "\(mean) ± \(deviation) at \(step)")
        last = value
      }
      #expect(normal.logMass <= 0)
    }
  }

  @Test("turn into a point mass without deviation, and into not-a-number when undefined")
  func degenerate() {
    #expect(TruncatedNormal(mean: 0.3, deviation: 0, low: 0, high: 1).quantile(0.9) == 0.3)
    #expect(TruncatedNormal(mean: -3, deviation: -1, low: 0, high: 1).quantile(0.9) == 0)
    #expect(TruncatedNormal(mean: 0, deviation: 1, low: 2, high: 2).quantile(0.4) == 2)
    #expect(TruncatedNormal(mean: 0, deviation: 1, low: 2, high: 1).quantile(0.4).isNaN)
    #expect(TruncatedNormal(mean: .nan, deviation: 1, low: 0, high: 1).quantile(0.4).isNaN)
    #expect(TruncatedNormal(mean: 0, deviation: .nan, low: 0, high: 1).quantile(0.4).isNaN)
    #expect(TruncatedNormal(mean: 0, deviation: 1, low: 0, high: 1).quantile(.nan).isNaN)
    #expect(TruncatedNormal(mean: 9, deviation: .infinity, low: 2, high: 4).quantile(0.25) == 2.5)
    #expect(TruncatedNormal(mean: .infinity, deviation: 1, low: 2, high: 4).quantile(0.25) == 4)
    #expect(TruncatedNormal(mean: 9, deviation: 0x1p-1074, low: 2, high: 4).quantile(0.25) == 4)
    let half = TruncatedNormal(mean: 0, deviation: 1, low: 0, high: .infinity)
    #expect((half.quantile(0.5) - 0.674489750196082).magnitude < 1e-14)
    #expect(half.quantile(7) == .infinity)
    #expect(half.quantile(-7) == 0)
  }
}
