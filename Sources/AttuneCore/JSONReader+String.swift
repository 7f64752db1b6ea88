extension JSONReader {
  /// Reads a string; the position is at its opening quote.
  mutating func readString() throws(JSONError) -> String {
    let opening = position
    position += 1
    let start = position
    try skipPlainText(of: opening)
    if bytes[position] == UInt8(ascii: "\"") {
      let text = String(
        decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
      position += 1
      return text
    }
    var unescaped = Array(bytes[start..<position])
    while bytes[position] == UInt8(ascii: "\\") {
      try readEscape(into: &unescaped, opening: opening)
      let runStart = position
      try skipPlainText(of: opening)
      unescaped.append(
        contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<position]))
    }
    position += 1
    return String(decoding: unescaped, as: UTF8.self)
  }

  /// Steps to the next quote or backslash and checks the bytes between.
  private mutating func skipPlainText(of opening: Int) throws(JSONError) {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      if byte < 0x20 { throw error("a control character in a string to be escaped") }
      if byte < 0x80 {
        position += 1
      } else {
        guard let length = scalarLength(at: position) else { throw error("valid UTF-8") }
        position += length
      }
    }
    throw unclosed(opening)
  }

  /// Reads one escape; the position is at its backslash.
  private mutating func readEscape(
    into unescaped: inout [UInt8], opening: Int
  ) throws(JSONError) {
    position += 1
    guard let letter = next else { throw unclosed(opening) }
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      unescaped.append(contentsOf: String(Character(try readEscapedScalar())).utf8)
      return
    default: throw error("one of \" \\ / b f n r t u after '\\'")
    }
    position += 1
  }

  /// Reads the digits of `\uXXXX`, and the second half where it is one of a surrogate pair.
  private mutating func readEscapedScalar() throws(JSONError) -> Unicode.Scalar {
    let start = position - 2
    let first = try readFourHexadecimals()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let written = String(decoding: bytes[start..<position], as: UTF8.self)
    guard first < 0xDC00 else {
      throw error("a high surrogate before a low one", found: "\(written) alone", at: start)
    }
    let second = position
    guard next == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw error("a low surrogate \\udc00 to \\udfff after \(written)") }
    position += 2
    let low = try readFourHexadecimals()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + UInt32(first - 0xD800) << 10 + UInt32(low - 0xDC00))
    else {
      throw error(
        "a low surrogate \\udc00 to \\udfff after \(written)",
        found: String(decoding: bytes[second..<position], as: UTF8.self), at: second)
    }
    return scalar
  }

  private mutating func readFourHexadecimals() throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Self.hexadecimal(byte) else {
        throw error("four hexadecimal digits after '\\u'")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The bytes of the well-formed scalar at a place (Unicode 15, table 3-7); nil if there is none.
  func scalarLength(at place: Int) -> Int? {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[place] {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard place + length <= bytes.count, second.contains(bytes[place + 1]) else { return nil }
    for index in 2..<max(length, 2) where bytes[place + index] & 0xC0 != 0x80 { return nil }
    return length
  }
}
