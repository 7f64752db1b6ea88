import AttuneCore
import Testing

@Suite("Int distributions")
struct IntDistributionTests {
  @Test("the full range of 64 bits works")
  func full() throws {
    let int = try IntDistribution(low: .min, high: .max, name: "x")
    let distribution = Distribution.int(int)
    #expect(distribution.levelCount == .max)
    #expect(distribution.value(ofSlot: distribution.slot(atLevel: 0)) == .int(.min))
    #expect(distribution.value(ofSlot: distribution.slot(atLevel: .max)) == .int(.max))
    #expect(distribution.value(ofSlot: distribution.slot(atUnit: 0.5)) == .int(0))
    #expect(distribution.level(ofSlot: UInt64(bitPattern: -1)) == UInt64.max / 2)
  }

  @Test("the top is the last step")
  func top() throws {
    #expect(try IntDistribution(low: 0, high: 10, step: 4, name: "x").high == 8)
    #expect(try IntDistribution(low: .min, high: .max, step: 2, name: "x").high == .max - 1)
    #expect(try IntDistribution(low: .min, high: .max, step: .max, name: "x").high == .max - 1)
  }

  @Test("a log int gives every value, small ones more often")
  func log() throws {
    let distribution = Distribution.int(
      try IntDistribution(low: 1, high: 100, log: true, name: "x"))
    var seen: Set<UInt64> = []
    for index in 0...20_000 { seen.insert(distribution.slot(atUnit: Double(index) / 20_000)) }
    #expect(seen == Set(1...100))
    let width = distribution.unit(ofSlot: 2) - distribution.unit(ofSlot: 1)
    #expect(width > 30 * (distribution.unit(ofSlot: 100) - distribution.unit(ofSlot: 99)))
  }

  @Test("every malformed int is refused with the value found and the value wanted")
  func refusals() {
    let cases: [(Int64, Int64, Int64, Bool, String)] = [
      (2, 1, 1, false, "low is 2, wanted at most high, which is 1"),
      (
        .max, .min, 1, false,
        "low is 9223372036854775807, wanted at most high, which is -9223372036854775808"
      ),
      (0, 1, 0, false, "step is 0, wanted 1 or more"),
      (0, 1, -1, false, "step is -1, wanted 1 or more"),
      (0, 1, .min, false, "step is -9223372036854775808, wanted 1 or more"),
      (0, 3, 4, false, "step is 4, wanted at most the range high - low, which is 3"),
      (0, 3, 1, true, "low is 0, wanted 1 or more, since log is true"),
      (.min, 3, 1, true, "low is -9223372036854775808, wanted 1 or more, since log is true"),
      (1, 9, 2, true, "step is 2, wanted 1, since log is true"),
    ]
    for (low, high, step, log, text) in cases {
      let error = thrownError { () throws(AttuneError) in
        try IntDistribution(low: low, high: high, step: step, log: log, name: "n")
      }
      #expect(error?.message == "parameter \"n\": \(text)")
      #expect(error?.code == .invalidArgument)
      #expect(error?.subject == "space.n.\(text.prefix { $0 != " " })")
    }
  }
}
