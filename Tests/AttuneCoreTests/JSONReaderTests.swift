import AttuneCore
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  @Test(
    "reads every kind of value",
    arguments: [
      ("null", .null), ("true", true), ("false", false), ("0", 0), ("-7", -7), ("2.5", 2.5),
      (#""""#, ""), (#""a b""#, "a b"), ("[]", []), ("{}", [:]), ("[[],{}]", [[], [:]]),
      (" \t\r\n[ 1 ,\n\"x\" , null ] \n", [1, "x", nil]),
      (#"{"a":{"b":[true]},"c":-0.5}"#, ["a": ["b": [true]], "c": -0.5]),
      ("\u{FEFF}3", 3),
    ] as [(String, JSON)])
  func readsKinds(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test(
    "keeps integers exact and tells them from floats",
    arguments: [
      ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .uint(1 << 63)), ("18446744073709551615", .uint(.max)),
      ("18446744073709551616", .float(18_446_744_073_709_551_616)),
      ("-9223372036854775809", .float(-9_223_372_036_854_775_808)),
      ("99999999999999999999", .float(1e20)),
      ("1000000000000000000", .int(1_000_000_000_000_000_000)),
      ("123456789012345678901234567890", .float(123_456_789_012_345_677_877_719_597_056)),
      ("9007199254740993", .int(9_007_199_254_740_993)), ("-0", .int(0)),
      ("1.0", .float(1)), ("1e0", .float(1)), ("1E+2", .float(100)),
    ] as [(String, JSON)])
  func integers(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test(
    "rounds floats correctly",
    arguments: [
      ("1e308", 1e308), ("1.7976931348623157e308", .greatestFiniteMagnitude),
      ("17976931348623157" + String(repeating: "0", count: 292), .greatestFiniteMagnitude),
      // The largest text that still rounds down to the largest float.
      ("1.7976931348623158079e308", .greatestFiniteMagnitude),
      ("5e-324", .leastNonzeroMagnitude), ("4.9406564584124654e-324", .leastNonzeroMagnitude),
      ("2.2250738585072014e-308", .leastNormalMagnitude),
      ("2.2250738585072011e-308", Double(bitPattern: 0x000F_FFFF_FFFF_FFFF)),
      ("1e-400", 0), ("-1e-400", -0.0), ("1e-99999999999999999999", 0), ("0e99999999999999", 0),
      ("0.1", 0.1), ("0.3", 0.3), ("-0.0", -0.0), ("-0e5", -0.0), ("1e22", 1e22), ("1e23", 1e23),
      ("8.41e21", 8.41e21), ("0.000001", 1e-6), ("9007199254740993.0", 9_007_199_254_740_992),
      ("9007199254740993.00000000000000000001", 9_007_199_254_740_994),
      ("0.1000000000000000055511151231257827021181583404541015625", 0.1),
      ("0." + String(repeating: "0", count: 400) + "1e400", 0.1),
    ] as [(String, Double)])
  func floats(text: String, value: Double) throws {
    let read = try #require(try JSON(parsing: text).floatBits)
    #expect(read == value.bitPattern)
  }

  @Test("reads the bare words Python writes for floats that are not finite")
  func bareFloats() throws {
    let read = try JSON(parsing: "[NaN, Infinity, -Infinity]")
    #expect(read == [.float(.nan), .float(.infinity), .float(-.infinity)])
  }

  @Test(
    "understands every escape",
    arguments: [
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00x""#, "😀x"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
      (#""\ud800\udc00""#, "\u{10000}"), (#""\u0000""#, "\0"), (#""a\u000ab""#, "a\nb"),
      (#""\ufffe\uffff""#, "\u{FFFE}\u{FFFF}"), ("\"é€😀\u{7F}\"", "é€😀\u{7F}"),
      (
        #""plain text that fills no small string\nand more of it""#,
        "plain text that fills no small string\nand more of it"
      ),
    ])
  func escapes(text: String, value: String) throws {
    #expect(try JSON(parsing: text) == .string(value))
  }

  @Test("keeps members in order, and keys apart that differ only in composition")
  func order() throws {
    let read = try JSON(parsing: #"{"z":1,"a":2,"\u00e9":3,"e\u0301":4,"":5}"#)
    let object = try #require(read.objectValue)
    #expect(object.values == [1, 2, 3, 4, 5])
    #expect(read["\u{E9}"] == 3)
    #expect(read["e\u{301}"] == 4)
    #expect(read["é"] != read["e\u{301}"])
  }

  @Test("reads nesting up to the limit")
  func nesting() throws {
    let deepest = JSON.maximumDepth
    var value = try JSON(
      parsing: String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest))
    var depth = 1
    while let inner = value.arrayValue?.first {
      value = inner
      depth += 1
    }
    #expect(depth == deepest)
  }

  @Test("counts nesting, not brackets")
  func width() throws {
    let text = "[" + Array(repeating: #"[{"a":[]},{}]"#, count: 1000).joined(separator: ",") + "]"
    #expect(try JSON(parsing: text).arrayValue?.count == 1000)
  }

  @Test("reads large objects and finds every key")
  func largeObject() throws {
    let count = 100_000
    let members = (0..<count).map { "\"key \($0)\":\($0)" }
    let read = try JSON(parsing: "{" + members.joined(separator: ",") + "}")
    #expect(read.objectValue?.count == count)
    for number in 0..<count where read["key \(number)"] != .int(Int64(number)) {
      Issue.record("key \(number) is lost")
    }
  }

  @Test("reads bytes from any sequence, contiguous or not")
  func sources() throws {
    let bytes = Array(#"{"a":[1]}"#.utf8)
    let value: JSON = ["a": [1]]
    #expect(try JSON(parsing: bytes) == value)
    #expect(try JSON(parsing: ([0] + bytes)[1...]) == value)
    #expect(try JSON(parsing: bytes.lazy.map { $0 }) == value)
    #expect(try JSON(parsing: "x\(#"{"a":[1]}"#)".dropFirst()) == value)
    let raw = try bytes.withUnsafeBytes { try JSON(parsing: $0) }
    #expect(raw == value)
  }
}

extension JSON {
  fileprivate var floatBits: UInt64? {
    switch self {
    case .float(let value): value.bitPattern
    default: nil
    }
  }
}
