import AttuneCore
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
  private let tree: JSON = [
    "name": "svm", "n": 3, "values": [0.5, -1.0, 1e-05], "empty": [[], [:]],
    "nested": ["a": nil, "b": [true, false]],
  ]

  @Test("writes compact, spaced and pretty")
  func layouts() {
    #expect(
      tree.text(.compact)
        == #"{"name":"svm","n":3,"values":[0.5,-1.0,1e-05],"empty":[[],{}],"#
        + #""nested":{"a":null,"b":[true,false]}}"#)
    #expect(
      tree.text(.spaced)
        == #"{"name": "svm", "n": 3, "values": [0.5, -1.0, 1e-05], "empty": [[], {}], "#
        + #""nested": {"a": null, "b": [true, false]}}"#)
    #expect(
      tree.text(.pretty) == """
        {
          "name": "svm",
          "n": 3,
          "values": [
            0.5,
            -1.0,
            1e-05
          ],
          "empty": [
            [],
            {}
          ],
          "nested": {
            "a": null,
            "b": [
              true,
              false
            ]
          }
        }
        """)
    #expect(tree.description == tree.text(.spaced))
    #expect(JSON.array([]).text(.pretty) == "[]")
    #expect(JSON.int(5).text(.pretty) == "5")
  }

  @Test(
    "writes the shortest float that reads back, never as an integer",
    arguments: [
      (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"),
      (1e-05, "1e-05"), (.leastNonzeroMagnitude, "5e-324"), (1e22, "1e+22"),
      (123456.789, "123456.789"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.nan, "NaN"),
      (.infinity, "Infinity"), (-.infinity, "-Infinity"),
    ])
  func floats(value: Double, text: String) {
    #expect(JSON.float(value).text() == text)
  }

  @Test(
    "writes integers to their limits",
    arguments: [
      (0, "0"), (7, "7"), (-10, "-10"), (.int(.max), "9223372036854775807"),
      (.int(.min), "-9223372036854775808"), (.uint(.max), "18446744073709551615"),
      (JSON(UInt64(12)), "12"), (JSON(1 << 63 as UInt64), "9223372036854775808"),
    ] as [(JSON, String)])
  func integers(value: JSON, text: String) {
    #expect(value.text() == text)
  }

  @Test(
    "escapes what must be, and all beyond ASCII on demand",
    arguments: [
      ("", #""""#, #""""#), ("a/b", #""a/b""#, #""a/b""#),
      ("\"\\\u{8}\u{C}\n\r\t", #""\"\\\b\f\n\r\t""#, #""\"\\\b\f\n\r\t""#),
      ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\"", "\"\\u0000\\u001f\u{7F}\""),
      ("é€", "\"é€\"", #""\u00e9\u20ac""#), ("x😀y", "\"x😀y\"", #""x\ud83d\ude00y""#),
      ("\u{10FFFF}\u{FFFF}", "\"\u{10FFFF}\u{FFFF}\"", #""\udbff\udfff\uffff""#),
      (
        "\u{80}\u{7FF}\u{800}\u{10000}", "\"\u{80}\u{7FF}\u{800}\u{10000}\"",
        #""\u0080\u07ff\u0800\ud800\udc00""#
      ),
    ])
  func escapes(value: String, plain: String, ascii: String) {
    #expect(JSON.string(value).text(.spaced) == plain)
    #expect(JSON.string(value).text(.python) == ascii)
    let object: JSON = [value: [.string(value)]]
    #expect(object.text(.python) == "{\(ascii): [\(ascii)]}")
  }

  @Test("streams the same text as the tree", arguments: [JSON.Style.compact, .spaced, .pretty])
  func streams(style: JSON.Style) {
    var writer = JSONWriter(style)
    writer.object { object in
      object.member("name", "svm")
      object.member("n", 3)
      object.key("values")
      object.array { values in
        for value in [0.5, -1.0, 1e-05] { values.write(value) }
      }
      object.key("empty")
      object.beginArray()
      object.array { _ in }
      object.object { _ in }
      object.endArray()
      object.key("nested")
      object.object { nested in
        nested.key("a")
        nested.null()
        nested.member("b", [true, false] as JSON)
      }
    }
    #expect(writer.text == tree.text(style))
  }

  @Test("writes JSON lines and hands the buffer over in pieces")
  func lines() throws {
    var writer = JSONWriter(.compact, capacity: 64)
    for number in 0..<3 {
      writer.object { $0.member("number", number) }
      writer.newline()
    }
    #expect(writer.text == "{\"number\":0}\n{\"number\":1}\n{\"number\":2}\n")
    writer.removeBytes()
    #expect(writer.bytes.isEmpty)

    var pieces: [UInt8] = []
    writer.beginArray()
    for number in 0..<1000 {
      writer.write(UInt64(number))
      if number % 10 == 0 { pieces += writer.takeBytes() }
    }
    writer.endArray()
    pieces += writer.takeBytes()
    #expect(try JSON(parsing: pieces) == .array((0..<1000).map { .int($0) }))
  }

  @Test("a failing closure passes its error on")
  func failing() {
    struct Stop: Error, Equatable {}
    var writer = JSONWriter()
    #expect(throws: Stop()) { try writer.array { _ in throw Stop() } }
  }
}
