import AttuneCore
import Testing

@Suite("Float distributions")
struct FloatDistributionTests {
  @Test(
    "steps reach the last value in spite of rounding",
    arguments: [
      (0, 0.3, 0.1, 4), (0, 1, 0.1, 11), (-1, 1, 0.2, 11), (0.1, 0.9, 0.1, 9),
      (1000, 1000.3, 0.1, 4), (1e6, 1e6 + 0.3, 0.1, 4), (1e7, 1e7 + 0.3, 0.1, 4),
      (1e9, 1e9 + 0.7, 0.1, 8), (0, 30_000_000.1, 0.1, 300_000_002),
      (0, 1e8 / 3, 1.0 / 3, 100_000_001),
      (0, 7.7, 1.1, 8), (0, 0.95, 0.1, 10), (5, 6, 0.4, 3), (0, 1, 1, 2),
    ] as [(Double, Double, Double, UInt64)])
  func stepCounts(low: Double, high: Double, step: Double, count: UInt64) throws {
    let float = try FloatDistribution(low: low, high: high, step: step, name: "x")
    #expect(Distribution.float(float).levelCount == count)
    #expect(float.high <= high)
    #expect(float.high > high - step)
  }

  @Test("the top is the last step, not beyond the bound")
  func top() throws {
    let loose = try FloatDistribution(low: 5, high: 6, step: 0.4, name: "x")
    #expect(loose.high == 5.8)
    let tight = try FloatDistribution(low: 0, high: 0.3, step: 0.1, name: "x")
    #expect(tight.high == 0.3)
  }

  @Test("minus zero becomes zero, so that equal values have equal bits")
  func minusZero() throws {
    let float = try FloatDistribution(low: -0.0, high: 0.0, name: "x")
    #expect(float.low.bitPattern == 0)
    #expect(float.high.bitPattern == 0)
    let around = Distribution.float(try FloatDistribution(low: -1, high: 1, name: "x"))
    #expect(around.slot(atUnit: 0.5) == 0)
  }

  @Test("every malformed float is refused with the value found and the value wanted")
  func refusals() {
    let cases: [(Double, Double, Double?, Bool, String)] = [
      (2, 1, nil, false, "low is 2.0, wanted at most high, which is 1.0"),
      (.nan, 1, nil, false, "low is nan, wanted a finite number"),
      (-.infinity, 1, nil, false, "low is -inf, wanted a finite number"),
      (0, .nan, nil, false, "high is nan, wanted a finite number"),
      (0, .infinity, nil, false, "high is inf, wanted a finite number"),
      (
        -1e308, 1e308, nil, false,
        "high is 1e+308, wanted a range high - low that a double can hold; low is -1e+308"
      ),
      (0, 1, nil, true, "low is 0.0, wanted more than 0, since log is true"),
      (-1, 1, nil, true, "low is -1.0, wanted more than 0, since log is true"),
      (1, 2, 0.5, true, "step is 0.5, wanted none, since log is true"),
      (0, 1, 0, false, "step is 0.0, wanted a number above 0"),
      (0, 1, -0.1, false, "step is -0.1, wanted a number above 0"),
      (0, 1, .nan, false, "step is nan, wanted a number above 0"),
      (0, 1, .infinity, false, "step is inf, wanted a number above 0"),
      (0, 1, 2, false, "step is 2.0, wanted at most the range high - low, which is 1.0"),
      (0, 1, 1e-17, false, "step is 1e-17, wanted at least \(1 / 9_007_199_254_740_992.0)"),
    ]
    for (low, high, step, log, text) in cases {
      let error = thrownError { () throws(AttuneError) in
        try FloatDistribution(low: low, high: high, step: step, log: log, name: "lr")
      }
      #expect(error?.message == "parameter \"lr\": \(text)")
      #expect(error?.code == .invalidArgument)
      let key = text.prefix { $0 != " " }
      #expect(error?.subject == "space.lr.\(key)")
    }
  }
}
