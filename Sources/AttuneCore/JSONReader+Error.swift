extension JSONReader {
  /// An error at the position, which finds what stands there.
  func error(_ expected: String) -> JSONError {
    error(expected, found: found(at: position), at: position)
  }

  func error(_ expected: String, found: String, at offset: Int) -> JSONError {
    let (line, column) = place(of: offset)
    return JSONError(offset: offset, line: line, column: column, expected: expected, found: found)
  }

  func duplicate(_ key: String, at offset: Int) -> JSONError {
    let quoted = JSON.string(Self.shortened(key)).text(.compact)
    return error("each key once in an object", found: "\(quoted) again", at: offset)
  }

  func unclosed(_ opening: Int) -> JSONError {
    let (line, column) = place(of: opening)
    return error(
      "'\"' to close the string of line \(line), column \(column)",
      found: "the end of the text", at: bytes.count)
  }

  /// The line and column of an offset; lines end with LF, CR or both.
  private func place(of offset: Int) -> (line: Int, column: Int) {
    var line = firstLine
    var column = 1
    for index in 0..<offset {
      let byte = bytes[index]
      let endsLine =
        byte == 0x0A || (byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A))
      if endsLine {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  /// What stands at an offset, in words: a word or a character in quotes, or its code.
  private func found(at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    if Self.isWordByte(byte) && !Self.isDigit(byte) {
      let word = bytes[offset...].prefix(while: Self.isWordByte)
      return "'\(Self.shortened(String(decoding: word.prefix(200), as: UTF8.self)))'"
    }
    guard let length = scalarLength(at: offset),
      let scalar = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
        .unicodeScalars.first
    else { return "the byte 0x\(Self.hexadecimals(UInt32(byte), width: 2))" }
    let code = "U+\(Self.hexadecimals(scalar.value, width: 4))"
    switch scalar.value {
    case 0x20...0x7E: return "'\(scalar)'"
    case 0...0xA0: return code
    default: return "'\(scalar)' (\(code))"
    }
  }

  private static func hexadecimals(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A text cut to forty characters, the cut marked.
  static func shortened(_ text: String) -> String {
    let start = text.prefix(40)
    return start.endIndex == text.endIndex ? text : start + "…"
  }

  /// Whether a byte belongs to a word: a letter, a digit or an underscore of ASCII.
  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
