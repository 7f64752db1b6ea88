extension JSON {
  /// Reads one JSON value from UTF-8 bytes.
  ///
  /// Accepts RFC 8259, a byte order mark at the start, and the bare floats NaN, Infinity and
  /// -Infinity. Refuses everything else: invalid UTF-8, lone surrogates, bare control characters,
  /// trailing commas, text after the value, a key twice in an object, more than `maximumDepth`
  /// arrays and objects inside one another, and numbers too large for a float. Floats are rounded
  /// correctly; those too small become zero. Takes time linear in the length.
  ///
  /// `firstLine` is the number errors give to the first line: the line of a file of JSON lines.
  public init(parsing utf8: some Sequence<UInt8>, firstLine: Int = 1) throws(JSONError) {
    let read = utf8.withContiguousStorageIfAvailable { bytes in
      JSONReader.read(bytes, firstLine: firstLine)
    }
    let result =
      read
      ?? Array(utf8).withUnsafeBufferPointer { JSONReader.read($0, firstLine: firstLine) }
    self = try result.get()
  }

  /// Reads one JSON value from a text; see `init(parsing:firstLine:)` for bytes.
  public init(parsing text: some StringProtocol, firstLine: Int = 1) throws(JSONError) {
    try self.init(parsing: text.utf8, firstLine: firstLine)
  }
}

/// Reads JSON by recursive descent over borrowed bytes, one pass, without look-back.
struct JSONReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let firstLine: Int
  var position = 0
  private var depth = 0

  private init(bytes: UnsafeBufferPointer<UInt8>, firstLine: Int) {
    self.bytes = bytes
    self.firstLine = firstLine
  }

  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, firstLine: Int
  ) -> Result<JSON, JSONError> {
    var reader = JSONReader(bytes: bytes, firstLine: firstLine)
    do throws(JSONError) {
      return .success(try reader.readText())
    } catch {
      return .failure(error)
    }
  }

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func readText() throws(JSONError) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let value = try readValue("a value")
    skipSpace()
    guard next == nil else { throw error("the end of the text after the value") }
    return value
  }

  /// Reads the value at the position, which space does not precede.
  private mutating func readValue(_ expected: String) throws(JSONError) -> JSON {
    guard let byte = next else { throw error(expected) }
    switch byte {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
    case UInt8(ascii: "{"): return .object(try readObject())
    case UInt8(ascii: "["): return .array(try readArray())
    case UInt8(ascii: "t") where skipWord("true"): return .bool(true)
    case UInt8(ascii: "f") where skipWord("false"): return .bool(false)
    case UInt8(ascii: "n") where skipWord("null"): return .null
    case UInt8(ascii: "N") where skipWord("NaN"): return .float(.nan)
    case UInt8(ascii: "I") where skipWord("Infinity"): return .float(.infinity)
    default: throw error(expected)
    }
  }

  private mutating func readArray() throws(JSONError) -> [JSON] {
    try enter()
    var elements: [JSON] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) {
      depth -= 1
      return elements
    }
    var expected = "a value or ']'"
    while true {
      elements.append(try readValue(expected))
      skipSpace()
      if skip(UInt8(ascii: ",")) {
        skipSpace()
        expected = "a value after ','"
      } else if skip(UInt8(ascii: "]")) {
        depth -= 1
        return elements
      } else {
        throw error("',' or ']' after a value")
      }
    }
  }

  private mutating func readObject() throws(JSONError) -> JSON.Object {
    try enter()
    var object = JSON.Object()
    skipSpace()
    if skip(UInt8(ascii: "}")) {
      depth -= 1
      return object
    }
    var expected = "a key in double quotes or '}'"
    while true {
      guard next == UInt8(ascii: "\"") else { throw error(expected) }
      let keyStart = position
      let key = try readString()
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw error("':' after a key") }
      skipSpace()
      let value = try readValue("a value after ':'")
      guard object.append(key, value) else { throw duplicate(key, at: keyStart) }
      skipSpace()
      if skip(UInt8(ascii: ",")) {
        skipSpace()
        expected = "a key in double quotes after ','"
      } else if skip(UInt8(ascii: "}")) {
        depth -= 1
        return object
      } else {
        throw error("',' or '}' after a value")
      }
    }
  }

  /// Steps over an opening bracket.
  private mutating func enter() throws(JSONError) {
    guard depth < JSON.maximumDepth else {
      throw error("at most \(JSON.maximumDepth) arrays and objects inside one another")
    }
    depth += 1
    position += 1
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// Steps over a word if it stands at the position and no letter or digit follows.
  mutating func skipWord(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] {
      return false
    }
    guard end == bytes.count || !Self.isWordByte(bytes[end]) else { return false }
    position = end
    return true
  }
}
