import AttuneCore
import Testing

@Suite("Errors in JSON")
struct JSONErrorTests {
  private func error(_ bytes: some Sequence<UInt8>, firstLine: Int = 1) -> String {
    do throws(JSONError) {
      return "accepted as \(try JSON(parsing: bytes, firstLine: firstLine))"
    } catch {
      return error.description
    }
  }

  @Test(
    "says where, what was expected and what was found",
    arguments: [
      ("", "line 1, column 1: expected a value, found the end of the text"),
      (" \n ", "line 2, column 2: expected a value, found the end of the text"),
      ("\u{FEFF}", "line 1, column 2: expected a value, found the end of the text"),
      ("+1", "line 1, column 1: expected a value, found '+'"),
      (".5", "line 1, column 1: expected a value, found '.'"),
      ("'a'", "line 1, column 1: expected a value, found '''"),
      ("True", "line 1, column 1: expected a value, found 'True'"),
      ("nul", "line 1, column 1: expected a value, found 'nul'"),
      ("nulls", "line 1, column 1: expected a value, found 'nulls'"),
      ("nan", "line 1, column 1: expected a value, found 'nan'"),
      ("Infinity2", "line 1, column 1: expected a value, found 'Infinity2'"),
      ("// note", "line 1, column 1: expected a value, found '/'"),
      ("]", "line 1, column 1: expected a value, found ']'"),
      ("1 2", "line 1, column 3: expected the end of the text after the value, found '2'"),
      ("[1]]", "line 1, column 4: expected the end of the text after the value, found ']'"),
      ("1\0", "line 1, column 2: expected the end of the text after the value, found U+0000"),
      ("“a”", "line 1, column 1: expected a value, found '“' (U+201C)"),
      ("\u{A0}1", "line 1, column 1: expected a value, found U+00A0"),
      (
        String(repeating: "x", count: 99),
        "line 1, column 1: expected a value, found '\(String(repeating: "x", count: 40))…'"
      ),
    ])
  func values(text: String, message: String) {
    #expect(error(text.utf8) == message)
  }

  @Test(
    "points into arrays and objects",
    arguments: [
      ("[", "line 1, column 2: expected a value or ']', found the end of the text"),
      ("[,1]", "line 1, column 2: expected a value or ']', found ','"),
      ("[1,]", "line 1, column 4: expected a value after ',', found ']'"),
      ("[1,,2]", "line 1, column 4: expected a value after ',', found ','"),
      ("[1 2]", "line 1, column 4: expected ',' or ']' after a value, found '2'"),
      ("[1x]", "line 1, column 3: expected ',' or ']' after a value, found 'x'"),
      ("[1}", "line 1, column 3: expected ',' or ']' after a value, found '}'"),
      ("[\n1,\n\n  2 x]", "line 4, column 5: expected ',' or ']' after a value, found 'x'"),
      ("{", "line 1, column 2: expected a key in double quotes or '}', found the end of the text"),
      ("{a:1}", "line 1, column 2: expected a key in double quotes or '}', found 'a'"),
      ("{1:1}", "line 1, column 2: expected a key in double quotes or '}', found '1'"),
      ("{\"a\"}", "line 1, column 5: expected ':' after a key, found '}'"),
      ("{\"a\"=1}", "line 1, column 5: expected ':' after a key, found '='"),
      ("{\"a\":}", "line 1, column 6: expected a value after ':', found '}'"),
      ("{\"a\":1,}", "line 1, column 8: expected a key in double quotes after ',', found '}'"),
      (
        "{\"a\":1 \"b\":2}",
        "line 1, column 8: expected ',' or '}' after a value, found '\"'"
      ),
      ("{\"a\":1]", "line 1, column 7: expected ',' or '}' after a value, found ']'"),
      (
        "{\n  \"lr\": 0.1,\n  \"depth\": 3x\n}",
        "line 3, column 13: expected ',' or '}' after a value, found 'x'"
      ),
      (
        "{\"a\":1,\n \"b\":2, \"a\":3}",
        "line 2, column 9: expected each key once in an object, found \"a\" again"
      ),
      (
        "{\"a\":1,\"\\u0061\":3}",
        "line 1, column 8: expected each key once in an object, found \"a\" again"
      ),
    ])
  func containers(text: String, message: String) {
    #expect(error(text.utf8) == message)
  }

  @Test(
    "points into numbers",
    arguments: [
      ("-", "line 1, column 2: expected a digit or Infinity after '-', found the end of the text"),
      ("-x", "line 1, column 2: expected a digit or Infinity after '-', found 'x'"),
      ("-NaN", "line 1, column 2: expected a digit or Infinity after '-', found 'NaN'"),
      ("--1", "line 1, column 2: expected a digit or Infinity after '-', found '-'"),
      ("01", "line 1, column 2: expected no digit after a leading 0, found '1'"),
      ("-00", "line 1, column 3: expected no digit after a leading 0, found '0'"),
      ("1.", "line 1, column 3: expected a digit after '.', found the end of the text"),
      ("[1.]", "line 1, column 4: expected a digit after '.', found ']'"),
      ("1.e5", "line 1, column 3: expected a digit after '.', found 'e5'"),
      ("1e", "line 1, column 3: expected a digit in the exponent, found the end of the text"),
      ("1e+", "line 1, column 4: expected a digit in the exponent, found the end of the text"),
      ("1ex", "line 1, column 3: expected a digit in the exponent, found 'x'"),
      ("0x1F", "line 1, column 2: expected the end of the text after the value, found 'x1F'"),
      ("1_000", "line 1, column 2: expected the end of the text after the value, found '_000'"),
      (
        "[1, 1e400]",
        "line 1, column 5: expected a number within ±1.7976931348623157e+308, found 1e400"
      ),
      (
        "-1e99999999999999999999999",
        "line 1, column 1: expected a number within ±1.7976931348623157e+308, "
          + "found -1e99999999999999999999999"
      ),
      (
        String(repeating: "9", count: 500),
        "line 1, column 1: expected a number within ±1.7976931348623157e+308, "
          + "found \(String(repeating: "9", count: 40))…"
      ),
    ])
  func numbers(text: String, message: String) {
    #expect(error(text.utf8) == message)
  }

  @Test(
    "points into strings",
    arguments: [
      (
        "\n \"ab",
        "line 2, column 5: expected '\"' to close the string of line 2, column 2, "
          + "found the end of the text"
      ),
      (
        "\"ab\\",
        "line 1, column 5: expected '\"' to close the string of line 1, column 1, "
          + "found the end of the text"
      ),
      (
        "\"a\nb\"",
        "line 1, column 3: expected a control character in a string to be escaped, found U+000A"
      ),
      (
        "\"é\tb\"",
        "line 1, column 3: expected a control character in a string to be escaped, found U+0009"
      ),
      ("\"\\x\"", "line 1, column 3: expected one of \" \\ / b f n r t u after '\\', found 'x'"),
      ("\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits after '\\u', found 'g4'"),
      (
        "\"\\u12",
        "line 1, column 6: expected four hexadecimal digits after '\\u', "
          + "found the end of the text"
      ),
      (
        "\"\\ud800\"",
        "line 1, column 8: expected a low surrogate \\udc00 to \\udfff after "
          + "\\ud800, found '\"'"
      ),
      (
        "\"\\ud800\\n\"",
        "line 1, column 8: expected a low surrogate \\udc00 to \\udfff after "
          + "\\ud800, found '\\'"
      ),
      (
        "\"\\uD800\\u0041\"",
        "line 1, column 8: expected a low surrogate \\udc00 to \\udfff after "
          + "\\uD800, found \\u0041"
      ),
      (
        "\"\\ud800\\ud800\"",
        "line 1, column 8: expected a low surrogate \\udc00 to \\udfff after "
          + "\\ud800, found \\ud800"
      ),
      (
        "[\"\\udc00\"]",
        "line 1, column 3: expected a high surrogate before a low one, found "
          + "\\udc00 alone"
      ),
    ])
  func strings(text: String, message: String) {
    #expect(error(text.utf8) == message)
  }

  @Test(
    "refuses invalid UTF-8 and names the byte",
    arguments: [
      ([0xFF], "0xFF"), ([0x80], "0x80"), ([0xC0, 0x80], "0xC0"), ([0xC3], "0xC3"),
      ([0xE0, 0x80, 0x80], "0xE0"), ([0xED, 0xA0, 0x80], "0xED"), ([0xE2, 0x82], "0xE2"),
      ([0xF0, 0x80, 0x80, 0x80], "0xF0"), ([0xF4, 0x90, 0x80, 0x80], "0xF4"),
      ([0xF0, 0x9F, 0x98], "0xF0"), ([0xF5, 0x80, 0x80, 0x80], "0xF5"), ([0xC3, 0x41], "0xC3"),
    ] as [([UInt8], String)])
  func invalidUTF8(bytes: [UInt8], named: String) {
    let quote = UInt8(ascii: "\"")
    #expect(
      error([quote, 0x61] + bytes + [quote])
        == "line 1, column 3: expected valid UTF-8, found the byte \(named)")
    #expect(
      error([quote, 0x61] + bytes)
        == "line 1, column 3: expected valid UTF-8, found the byte \(named)")
    #expect(error(bytes) == "line 1, column 1: expected a value, found the byte \(named)")
  }

  @Test("refuses nesting beyond the limit, however deep, without overflowing the stack")
  func nesting() {
    let message =
      "line 1, column 257: expected at most 256 arrays and objects inside one another, found '['"
    #expect(error(String(repeating: "[", count: 257).utf8) == message)
    #expect(error(String(repeating: "[", count: 1_000_000).utf8) == message)
    let objects = error(String(repeating: "{\"a\":", count: 100_000).utf8)
    #expect(objects.hasSuffix("at most 256 arrays and objects inside one another, found '{'"))
  }

  @Test("counts lines ended by LF, CR or both, from the line it is given")
  func lines() {
    #expect(error("[\n\r\n\r 1 x".utf8).hasPrefix("line 4, column 4:"))
    #expect(error("[1 x".utf8, firstLine: 41).hasPrefix("line 41, column 4:"))
    #expect(error("[\n1 x".utf8, firstLine: 41).hasPrefix("line 42, column 3:"))
    #expect(error("[\"é😀\", x".utf8).hasPrefix("line 1, column 8:"))
  }

  @Test("names the same duplicate in small objects and in large ones")
  func duplicates() {
    for count in [1, 15, 16, 17, 18, 1000] {
      for duplicate in [0, count / 2, count - 1] {
        let members = ((0..<count) + [duplicate]).map { "\"k\($0)\":0" }
        let text = "{" + members.joined(separator: ",\n") + "}"
        #expect(
          error(text.utf8).hasSuffix(
            ": expected each key once in an object, found \"k\(duplicate)\" again"))
        #expect(error(text.utf8).hasPrefix("line \(count + 1), column 1:"))
      }
    }
  }

  @Test("carries its parts")
  func parts() {
    do throws(JSONError) {
      _ = try JSON(parsing: "[1,\n 2 é]")
      Issue.record("accepted")
    } catch {
      #expect(error.offset == 7)
      #expect(error.line == 2)
      #expect(error.column == 4)
      #expect(error.expected == "',' or ']' after a value")
      #expect(error.found == "'é' (U+00E9)")
      #expect(error.message == "expected ',' or ']' after a value, found 'é' (U+00E9)")
      #expect(error.description == "line 2, column 4: \(error.message)")
    }
  }

  @Test("never traps or accepts when a good text is cut or one byte is changed to nonsense")
  func damaged() {
    let good = Array(
      #"{"a":[1,-2.5e+3,"x\u00e9\ud83d\ude00",{"b":null}],"c":true,"d":NaN,"e":-Infinity}"#.utf8)
    #expect(!error(good).hasPrefix("line"))
    for length in 0..<good.count {
      #expect(error(good[..<length]).hasPrefix("line"))
    }
    for index in good.indices {
      for byte in [0x00, 0x01, 0xFF, 0xC0] as [UInt8] {
        var bad = good
        bad[index] = byte
        #expect(error(bad).hasPrefix("line"))
      }
    }
  }
}
