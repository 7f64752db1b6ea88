import AttuneCore
import AttuneNumerics
import Testing

/// What every distribution promises, whatever its kind.
@Suite("Laws of distributions")
struct DistributionLawTests {
  /// One of every kind, with the ranges that go wrong first.
  static let all: [Distribution] = {
    do {
      return try [
        .float(FloatDistribution(low: 0, high: 1, name: "x")),
        .float(FloatDistribution(low: -0.1, high: 0.3, name: "x")),
        .float(FloatDistribution(low: -1e308, high: 7e307, name: "x")),
        .float(
          FloatDistribution(
            low: .leastNonzeroMagnitude, high: .leastNonzeroMagnitude * 2, name: "x")),
        .float(FloatDistribution(low: 2.5, high: 2.5, name: "x")),
        .float(FloatDistribution(low: -0.0, high: 0.0, name: "x")),
        .float(FloatDistribution(low: 1e-5, high: 0.1, log: true, name: "x")),
        .float(FloatDistribution(low: 1e-300, high: 1e300, log: true, name: "x")),
        .float(FloatDistribution(low: .leastNonzeroMagnitude, high: 1.7e308, log: true, name: "x")),
        .float(FloatDistribution(low: 3, high: 3.0000000000000004, log: true, name: "x")),
        .float(FloatDistribution(low: 7, high: 7, log: true, name: "x")),
        .float(FloatDistribution(low: 0, high: 0.3, step: 0.1, name: "x")),
        .float(FloatDistribution(low: -1, high: 1, step: 0.3, name: "x")),
        .float(FloatDistribution(low: 0.05, high: 0.95, step: 0.05, name: "x")),
        .float(FloatDistribution(low: 1e15, high: 1e15 + 1, step: 0.1, name: "x")),
        .float(FloatDistribution(low: 1e15, high: 1e15 + 2, step: 0.13, name: "x")),
        .float(FloatDistribution(low: 0, high: 9_007_199_254_740_992, step: 1, name: "x")),
        .int(IntDistribution(low: 0, high: 9, name: "x")),
        .int(IntDistribution(low: -5, high: 17, step: 7, name: "x")),
        .int(IntDistribution(low: 4, high: 4, name: "x")),
        .int(IntDistribution(low: .min, high: .max, name: "x")),
        .int(IntDistribution(low: .min, high: .max, step: .max, name: "x")),
        .int(IntDistribution(low: .max - 1, high: .max, name: "x")),
        .int(IntDistribution(low: .min, high: .min + 2, step: 2, name: "x")),
        .int(IntDistribution(low: 1, high: 1000, log: true, name: "x")),
        .int(IntDistribution(low: 1, high: .max, log: true, name: "x")),
        .int(IntDistribution(low: .max, high: .max, log: true, name: "x")),
        .categorical(CategoricalDistribution(choices: [.string("a")], name: "x")),
        .categorical(
          CategoricalDistribution(
            choices: [.null, .bool(true), .int(3), .float(2.5), .string("rbf")], name: "x")),
        .categorical(
          CategoricalDistribution(
            choices: (0..<1000).map { .int($0) }, ordered: true, name: "x")),
        .fixed(.string("adam")), .fixed(.null), .fixed(.int(3)), .fixed(.float(0.5)),
      ]
    } catch {
      Issue.record("a sample distribution is refused: \(error)")
      return []
    }
  }()

  static let units: [Double] = {
    let special: [Double] = [
      0, .leastNonzeroMagnitude, 1e-17, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1 - 0x1p-53, 1,
    ]
    return special + (0..<64).map { (Double($0) + 0.5) / 64 }
  }()

  @Test("every unit gives a value that the distribution accepts as its own", arguments: all)
  func unitsGiveValues(distribution: Distribution) throws {
    for unit in Self.units {
      let slot = distribution.slot(atUnit: unit)
      #expect(
        try distribution.slot(of: distribution.value(ofSlot: slot), name: "x") == slot,
        "at \(unit)")
    }
  }

  @Test("a unit outside 0...1, or NaN, counts as the nearest end", arguments: all)
  func outside(distribution: Distribution) {
    let low = distribution.slot(atUnit: 0)
    let high = distribution.slot(atUnit: 1)
    for unit in [-0.0, -1e-300, -1, -.infinity, .nan, -.nan, .signalingNaN] as [Double] {
      #expect(distribution.slot(atUnit: unit) == low, "at \(unit)")
    }
    for unit in [1.0000000000000002, 2, 1e300, .infinity] as [Double] {
      #expect(distribution.slot(atUnit: unit) == high, "at \(unit)")
    }
  }

  @Test("both end points are attainable", arguments: all)
  func ends(distribution: Distribution) throws {
    let (low, high): (Value, Value) =
      switch distribution {
      case .float(let float): (.float(float.low), .float(float.high))
      case .int(let int): (.int(int.low), .int(int.high))
      case .categorical(let categorical):
        (categorical.choices[0], categorical.choices[categorical.choices.count - 1])
      case .fixed(let value): (value, value)
      }
    #expect(distribution.value(ofSlot: distribution.slot(atUnit: 0)) == low)
    #expect(distribution.value(ofSlot: distribution.slot(atUnit: 1)) == high)
  }

  @Test("units rise with values", arguments: all)
  func monotone(distribution: Distribution) {
    var last = -1.0
    var lastNumber = -Double.infinity
    for unit in Self.units.sorted() {
      let slot = distribution.slot(atUnit: unit)
      let back = distribution.unit(ofSlot: slot)
      #expect((0...1).contains(back), "\(back) at \(unit)")
      #expect(back >= last, "\(back) after \(last) at \(unit)")
      last = back
      if case .fixed = distribution { continue }
      let number = distribution.number(ofSlot: slot)
      #expect(number >= lastNumber, "\(number) after \(lastNumber) at \(unit)")
      lastNumber = number
    }
  }

  @Test("a value's unit leads back to the value", arguments: all)
  func roundTrip(distribution: Distribution) {
    for unit in Self.units {
      let slot = distribution.slot(atUnit: unit)
      let back = distribution.slot(atUnit: distribution.unit(ofSlot: slot))
      switch distribution {
      case .categorical, .fixed:
        #expect(back == slot)
      case .int(let int):
        let (a, b) = (Int64(bitPattern: slot), Int64(bitPattern: back))
        // A unit has 53 bits; a range wider than that comes back as near as they can tell.
        let width = UInt64(bitPattern: int.high &- int.low)
        let tolerance = int.log ? UInt64(b.magnitude >> 45) : width >> 51
        #expect(UInt64(bitPattern: max(a, b) &- min(a, b)) <= tolerance, "\(a) came back as \(b)")
      case .float(let float):
        let (a, b) = (Double(bitPattern: slot), Double(bitPattern: back))
        if float.step != nil && distribution.levelCount.map({ $0 < 1 << 51 }) ?? false {
          #expect(a == b)
        } else if float.log {
          #expect(abs(a - b) <= 4e-13 * max(a, b), "\(a) came back as \(b)")
        } else {
          let scale = max(abs(float.low), abs(float.high))
          #expect(abs(a - b) <= 4 * scale.ulp, "\(a) came back as \(b)")
        }
      }
    }
  }

  @Test("levels are the values, each once, in order", arguments: all)
  func levels(distribution: Distribution) throws {
    guard let count = distribution.levelCount else {
      #expect(distribution.level(ofSlot: distribution.slot(atUnit: 0.5)) == 0)
      return
    }
    #expect(count >= 1)
    #expect(distribution.isSingle == (count == 1))
    let last = count == .max ? UInt64.max : count - 1
    let samples = Set(
      [0, 1, 2, last / 3, last / 2, last - min(last, 1), last].filter { $0 <= last })
    var previous: UInt64?
    for level in samples.sorted() {
      let slot = distribution.slot(atLevel: level)
      #expect(
        try distribution.slot(of: distribution.value(ofSlot: slot), name: "x") == slot,
        "level \(level)")
      // Steps below what a double can tell apart share values; all others have their own level.
      if !Self.hasBlurredSteps(distribution) {
        #expect(distribution.level(ofSlot: slot) == level)
        #expect(slot != previous)
      }
      previous = slot
    }
    #expect(distribution.slot(atLevel: 0) == distribution.slot(atUnit: 0))
    #expect(distribution.slot(atLevel: last) == distribution.slot(atUnit: 1))
  }

  static func hasBlurredSteps(_ distribution: Distribution) -> Bool {
    guard case .float(let float) = distribution, let step = float.step else { return false }
    return step < max(abs(float.low), abs(float.high)).ulp * 2
  }

  @Test("random bits reach both ends and nothing outside", arguments: all)
  func randomBits(distribution: Distribution) throws {
    for bits in [0, 1, 1 << 11, 1 << 32, 1 << 63, .max - 1, .max] as [UInt64] {
      let slot = distribution.slot(atRandom: bits)
      #expect(try distribution.slot(of: distribution.value(ofSlot: slot), name: "x") == slot)
    }
    guard let count = distribution.levelCount else { return }
    if case .int(let int) = distribution, int.low == .min, int.step == 1 {
      // All of Int64: the bits are the value.
      #expect(distribution.slot(atRandom: 7) == 7)
      return
    }
    #expect(distribution.slot(atRandom: 0) == distribution.slot(atLevel: 0))
    if case .int(let int) = distribution, int.log, count > 1 << 50 { return }
    #expect(distribution.slot(atRandom: .max) == distribution.slot(atUnit: 1))
  }

  @Test("random bits choose every level about equally often", arguments: all)
  func uniformity(distribution: Distribution) {
    guard let count = distribution.levelCount, (2...64).contains(count),
      !Self.hasBlurredSteps(distribution)
    else { return }
    if case .int(let int) = distribution, int.log { return }
    let stream = RandomStream(seed: 11, trial: 0, stream: 9, salt: 0)
    var hits = [Int](repeating: 0, count: Int(count))
    let draws = 4000 * Int(count)
    for index in 0..<draws {
      let slot = distribution.slot(atRandom: stream.bits(at: UInt32(index)))
      hits[Int(distribution.level(ofSlot: slot))] += 1
    }
    // Five standard deviations of a binomial count of mean 4000: the seed is fixed, the bound fair.
    for (level, hit) in hits.enumerated() {
      #expect(abs(hit - 4000) < 5 * 64, "level \(level) came \(hit) times of 4000")
    }
  }

  @Test("a log int's values come as often as the logarithm of their cell says")
  func logUniformity() throws {
    let distribution = Distribution.int(
      try IntDistribution(low: 1, high: 8, log: true, name: "x"))
    let stream = RandomStream(seed: 3, trial: 0, stream: 9, salt: 0)
    var hits = [Double](repeating: 0, count: 9)
    let draws = 40_000
    for index in 0..<draws {
      let slot = distribution.slot(atRandom: stream.bits(at: UInt32(index)))
      hits[Int(distribution.number(ofSlot: slot))] += 1
    }
    let whole = Elementary.log(8.5) - Elementary.log(0.5)
    for value in 1...8 {
      let share =
        (Elementary.log(Double(value) + 0.5) - Elementary.log(Double(value) - 0.5)) / whole
      #expect(abs(hits[value] / Double(draws) - share) < 0.012, "value \(value)")
    }
  }

  @Test("the slot of a value is found whatever number type it comes as")
  func kinds() throws {
    let float = Distribution.float(try FloatDistribution(low: 0, high: 10, name: "x"))
    #expect(try float.slot(of: .int(3), name: "x") == 3.0.bitPattern)
    #expect(try float.slot(of: .float(-0.0), name: "x") == 0.0.bitPattern)
    let int = Distribution.int(try IntDistribution(low: 0, high: 10, name: "x"))
    #expect(try int.slot(of: .float(3), name: "x") == 3)
    let choice = Distribution.categorical(
      try CategoricalDistribution(choices: [.int(3), .float(4), .bool(true)], name: "x"))
    #expect(try choice.slot(of: .float(3), name: "x") == 0)
    #expect(try choice.slot(of: .int(4), name: "x") == 1)
    #expect(try choice.slot(of: .bool(true), name: "x") == 2)
    #expect(try Distribution.fixed(.float(2)).slot(of: .int(2), name: "x") == 0)
  }

  @Test("a value that does not fit is refused by name, with the value found and the values wanted")
  func refusals() throws {
    let float = Distribution.float(try FloatDistribution(low: 0, high: 1, name: "lr"))
    let int = Distribution.int(try IntDistribution(low: -2, high: 8, step: 5, name: "n"))
    let choice = Distribution.categorical(
      try CategoricalDistribution(choices: [.string("rbf"), .int(3)], name: "k"))
    let cases: [(Distribution, Value, AttuneError.Code, String)] = [
      (float, .float(1.5), .invalidArgument, "value is 1.5, wanted 0.0 to 1.0"),
      (float, .float(.nan), .invalidArgument, "value is nan, wanted 0.0 to 1.0"),
      (float, .float(.infinity), .invalidArgument, "value is inf, wanted 0.0 to 1.0"),
      (float, .string("1"), .typeMismatch, "value is \"1\", wanted a number"),
      (float, .bool(true), .typeMismatch, "value is true, wanted a number"),
      (float, .null, .typeMismatch, "value is null, wanted a number"),
      (int, .int(9), .invalidArgument, "value is 9, wanted -2 to 8"),
      (int, .int(.min), .invalidArgument, "value is -9223372036854775808, wanted -2 to 8"),
      (int, .int(0), .invalidArgument, "value is 0, wanted -2 plus a multiple of 5"),
      (int, .float(2.5), .typeMismatch, "value is 2.5, wanted a whole number"),
      (int, .float(.nan), .typeMismatch, "value is nan, wanted a whole number"),
      (int, .float(1e300), .typeMismatch, "value is 1e+300, wanted a whole number"),
      (int, .bool(false), .typeMismatch, "value is false, wanted a whole number"),
      (choice, .string("poly"), .invalidArgument, "value is \"poly\", wanted one of \"rbf\", 3"),
      (choice, .bool(true), .invalidArgument, "value is true, wanted one of \"rbf\", 3"),
      (.fixed(.int(1)), .int(2), .invalidArgument, "value is 2, wanted 1, the fixed value"),
    ]
    for (distribution, value, code, text) in cases {
      let error = thrownError { () throws(AttuneError) in
        try distribution.slot(of: value, name: "p")
      }
      #expect(error?.code == code)
      #expect(error?.message == "parameter \"p\": \(text)")
      #expect(error?.subject == "params.p")
    }
  }

  @Test("a float within a millionth of a step is on it, and between steps refused")
  func nearestStep() throws {
    let distribution = Distribution.float(
      try FloatDistribution(low: 0, high: 1, step: 0.1, name: "x"))
    for (given, kept) in [(0.3, 0.1 * 3), (0.7, 0.1 * 7), (0.20000005, 0.2), (1.0, 1.0), (0, 0)] {
      #expect(try distribution.slot(of: .float(given), name: "x") == kept.bitPattern)
    }
    for given in [0.35, 0.299, 0.200001, 0.05] {
      #expect(
        message { () throws(AttuneError) in try distribution.slot(of: .float(given), name: "x") }
          == "parameter \"x\": value is \(given), wanted 0.0 plus a multiple of 0.1")
    }
  }

  @Test("numbers are choices' indexes, and NaN where a fixed value is none")
  func numbers() throws {
    let choice = Distribution.categorical(
      try CategoricalDistribution(choices: [.string("a"), .string("b")], name: "x"))
    #expect(choice.number(ofSlot: 1) == 1)
    #expect(Distribution.fixed(.bool(true)).number(ofSlot: 0) == 1)
    #expect(Distribution.fixed(.string("a")).number(ofSlot: 0).isNaN)
    #expect(Distribution.fixed(.null).number(ofSlot: 0).isNaN)
  }
}
