import AttuneCore
import Testing

@Suite("Values")
struct ValueTests {
  @Test("a value reads as a number only where it is one, and as a whole one only exactly")
  func numbers() {
    let cases: [(Value, Double?, Int64?)] = [
      (.null, nil, nil), (.bool(true), 1, 1), (.bool(false), 0, 0), (.int(-7), -7, -7),
      (.int(.max), 0x1p63, .max), (.float(2.5), 2.5, nil), (.float(4), 4, 4),
      (.float(1e300), 1e300, nil), (.float(.infinity), .infinity, nil), (.string("4"), nil, nil),
    ]
    for (value, number, integer) in cases {
      #expect(value.number == number)
      #expect(value.integer == integer)
    }
    #expect(Value.float(.nan).number?.isNaN == true)
    #expect(Value.float(.nan).integer == nil)
  }

  @Test("texts are as people write them, strings quoted only in errors")
  func texts() {
    let cases: [(Value, String, String)] = [
      (.null, "null", "null"), (.bool(true), "true", "true"), (.int(-3), "-3", "-3"),
      (.float(2.5), "2.5", "2.5"), (.float(3), "3.0", "3.0"), (.string("rbf"), "rbf", "\"rbf\""),
      (.string(""), "", "\"\""),
    ]
    for (value, text, quoted) in cases {
      #expect(value.text == text)
      #expect(value.quoted == quoted)
    }
  }

  @Test(
    "every value goes through JSON and back",
    arguments: [
      .null, .bool(true), .bool(false), .int(.min), .int(.max), .int(0), .float(0.1), .float(3),
      .float(.leastNonzeroMagnitude), .float(1.7976931348623157e308), .float(-.infinity),
      .string("a\"b\\\n\u{0}é"),
    ] as [Value])
  func json(value: Value) throws {
    #expect(Value(try JSON(parsing: value.json.text())) == value)
  }

  @Test("arrays, objects and numbers beyond 64 bits are no values")
  func noValues() {
    #expect(Value(JSON.array([])) == nil)
    #expect(Value(JSON.object([:])) == nil)
    #expect(Value(JSON.uint(.max)) == nil)
  }

  @Test("reading an object of values names what does not fit")
  func objects() throws {
    let values = try JSON.values(parsing: "{\"a\": 1, \"b\": null, \"c\": \"x\"}", what: "params")
    #expect(values.map(\.name) == ["a", "b", "c"])
    #expect(values.map(\.value) == [.int(1), .null, .string("x")])
    let cases = [
      ("[1]", "params: found [1], wanted an object"),
      (
        "{\"a\": [1]}",
        "params: \"a\" is [1], wanted null, a bool, a number or a string"
      ),
      (
        "{\"a\": {}}",
        "params: \"a\" is {}, wanted null, a bool, a number or a string"
      ),
    ]
    for (text, wanted) in cases {
      #expect(
        message { () throws(AttuneError) in try JSON.values(parsing: text, what: "params") }
          == wanted)
    }
    #expect(
      message { () throws(AttuneError) in try JSON.values(parsing: "{\"a\": ", what: "params") }
        .hasPrefix("params: "))
  }
}
