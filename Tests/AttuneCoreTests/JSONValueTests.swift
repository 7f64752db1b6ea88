import AttuneCore
import Testing

@Suite("JSON values")
struct JSONValueTests {
  @Test("numbers convert only where nothing is lost")
  func numbers() {
    #expect(JSON.int(-3).int64Value == -3)
    #expect(JSON.float(3.0).int64Value == 3)
    #expect(JSON.float(3.5).int64Value == nil)
    #expect(JSON.float(.nan).int64Value == nil)
    #expect(JSON.float(9.3e18).int64Value == nil)
    #expect(JSON.float(9.3e18).uint64Value == 9_300_000_000_000_000_000)
    #expect(JSON.uint(.max).int64Value == nil)
    #expect(JSON.uint(.max).uint64Value == .max)
    #expect(JSON.int(-1).uint64Value == nil)
    #expect(JSON.int(5).uint64Value == 5)
    #expect(JSON.int(5).doubleValue == 5)
    #expect(JSON.uint(1 << 63).doubleValue == 0x1p63)
    #expect(JSON.float(0.5).doubleValue == 0.5)
    #expect(JSON.string("5").doubleValue == nil)
    #expect(JSON.bool(true).int64Value == nil)
  }

  @Test("other kinds answer only for themselves")
  func kinds() {
    let values: [JSON] = [nil, true, 1, 1.5, "a", [1], ["k": 1], JSON.uint(.max)]
    #expect(values.map(\.isNull) == [true] + Array(repeating: false, count: 7))
    #expect(values.compactMap(\.boolValue) == [true])
    #expect(values.compactMap(\.stringValue) == ["a"])
    #expect(values.compactMap(\.arrayValue) == [[1]])
    #expect(values.compactMap(\.objectValue) == [["k": 1]])
    #expect(values.compactMap(\.["k"]) == [1])
    #expect(
      values.map(\.kindName) == [
        "null", "a boolean", "an integer", "a float", "a string", "an array", "an object",
        "an integer",
      ])
  }

  @Test("equality is exact, and NaN equals itself")
  func equality() {
    #expect(JSON.float(.nan) == .float(.nan))
    #expect(JSON.int(1) != .float(1))
    #expect(JSON.int(1) == .uint(1))
    #expect(JSON.string("\u{E9}") != .string("e\u{301}"))
    #expect((["a": 1, "b": 2] as JSON) == ["a": 1, "b": 2])
    #expect((["a": 1, "b": 2] as JSON) != ["b": 2, "a": 1])
    #expect((["a": 1] as JSON) != ["a": 2])
    #expect((["a": 1] as JSON) != ["a": 1, "b": 2])
    #expect((["\u{E9}": 1] as JSON) != ["e\u{301}": 1])
  }

  @Test("an object keeps order through changes, small or large", arguments: [3, 16, 17, 18, 200])
  func objects(count: Int) {
    var object = JSON.Object()
    object.reserveCapacity(count)
    for number in 0..<count {
      let added = object.append("k\(number)", .int(Int64(number)))
      #expect(added)
    }
    let again = object.append("k1", "other")
    #expect(!again)
    #expect(object["k1"] == 1)
    #expect(object.count == count)

    object["k1"] = "set"
    object["k0"] = nil
    object["absent"] = nil
    object["added"] = true
    #expect(object.count == count)
    #expect(object.keys == (1..<count).map { "k\($0)" } + ["added"])
    #expect(object.values.first == "set")
    #expect(object.values.last == true)
    #expect(object["k0"] == nil)
    for (place, member) in object.enumerated() {
      #expect(object.position(of: member.key) == place)
      #expect(object[place].value == member.value)
    }
  }

  @Test("a literal with a repeated key keeps the first place and the last value")
  func repeatedLiteral() {
    let object: JSON.Object = ["a": 1, "b": 2, "a": 3]
    #expect(object.keys == ["a", "b"])
    #expect(object.values == [3, 2])
  }
}
