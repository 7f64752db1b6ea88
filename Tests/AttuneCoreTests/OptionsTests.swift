import AttuneCore
import Testing

@Suite("Options")
struct OptionsTests {
  static let known = [
    OptionDescription("scramble", .bool, default: .bool(true), "scramble"),
    OptionDescription("points", .int(low: 1, high: 100), default: .int(10), "points"),
    OptionDescription("skip", .int(low: 0, high: .max), default: .int(0), "skip"),
    OptionDescription("rate", .float(low: 0, high: 1), default: .float(0.5), "rate"),
    OptionDescription("scale", .float(low: 0, high: .infinity), default: .null, "scale"),
    OptionDescription("label", .string, default: .null, "label"),
    OptionDescription("order", .choice(["a", "b"]), default: .string("a"), "order"),
  ]

  static func options(_ given: (String, Value)...) throws(AttuneError) -> Options {
    try Options(given.map { (key: $0.0, value: $0.1) }, known: known, owner: "strategy x")
  }

  @Test("what is not given has its default, or nothing")
  func defaults() throws {
    let options = try Self.options()
    #expect(options.bool("scramble") == true)
    #expect(options.int("points") == 10)
    #expect(options.float("rate") == 0.5)
    #expect(options.float("scale") == nil)
    #expect(options.string("label") == nil)
    #expect(options.string("order") == "a")
    #expect(options.int("unheard") == nil)
  }

  @Test("null leaves the default, 3.0 is an int, 1 is a float, 0 and 1 are bools")
  func conversions() throws {
    let options = try Self.options(
      ("scramble", .int(0)), ("points", .float(3)), ("rate", .int(1)), ("order", .null),
      ("scale", .float(.infinity)))
    #expect(options.bool("scramble") == false)
    #expect(options.int("points") == 3)
    #expect(options.float("rate") == 1)
    #expect(options.string("order") == "a")
    #expect(options.float("scale") == .infinity)
  }

  @Test("what does not fit is refused by key, with the value found and the values wanted")
  func refusals() {
    let cases: [(String, Value, String)] = [
      ("scramble", .string("yes"), "\"yes\", wanted bool, true or false"),
      ("scramble", .int(2), "2, wanted bool, true or false"),
      ("points", .int(0), "0, wanted int, 1 to 100"),
      ("points", .int(101), "101, wanted int, 1 to 100"),
      ("points", .float(2.5), "2.5, wanted int, 1 to 100"),
      ("points", .bool(true), "true, wanted int, 1 to 100"),
      ("skip", .int(-1), "-1, wanted int, 0 or more"),
      ("skip", .float(1e300), "1e+300, wanted int, 0 or more"),
      ("rate", .float(.nan), "nan, wanted float, 0.0 to 1.0"),
      ("rate", .float(1.5), "1.5, wanted float, 0.0 to 1.0"),
      ("scale", .float(-1), "-1.0, wanted float, 0.0 or more"),
      ("label", .int(1), "1, wanted string"),
      ("order", .string("c"), "\"c\", wanted string, one of a, b"),
    ]
    for (key, value, text) in cases {
      let error = thrownError { () throws(AttuneError) in try Self.options((key, value)) }
      #expect(error?.message == "strategy x: option \"\(key)\" is \(text)")
      #expect(error?.code == .invalidArgument)
      #expect(error?.subject == "options.\(key)")
    }
  }

  @Test("unknown and repeated keys are refused, with the nearest known one")
  func keys() {
    #expect(
      message { () throws(AttuneError) in try Self.options(("point", .int(1))) }
        == "strategy x: unknown option \"point\" (did you mean \"points\"?); it takes scramble, points, "
        + "skip, rate, scale, label, order")
    #expect(
      message { () throws(AttuneError) in try Self.options(("rate", .int(1)), ("rate", .int(1))) }
        == "strategy x: option \"rate\" is given twice, wanted once")
    #expect(
      message { () throws(AttuneError) in
        try Options([("a", .null)], known: [], owner: "pruner none")
      } == "pruner none: unknown option \"a\"; it takes none")
  }
}
