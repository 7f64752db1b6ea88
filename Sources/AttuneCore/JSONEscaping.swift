extension [UInt8] {
  /// Appends a text as a JSON string with its quotes.
  ///
  /// Escapes are those of Python's `json`: the short ones where they exist, lower-case `\uXXXX` for
  /// other control characters and, if asked, for everything beyond ASCII.
  mutating func appendJSONString(_ text: String, escapesNonASCII: Bool) {
    append(UInt8(ascii: "\""))
    let appended: Void? = text.utf8.withContiguousStorageIfAvailable {
      appendEscaped($0, escapesNonASCII: escapesNonASCII)
    }
    if appended == nil {
      Array(text.utf8).withUnsafeBufferPointer {
        appendEscaped($0, escapesNonASCII: escapesNonASCII)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(
    _ utf8: UnsafeBufferPointer<UInt8>, escapesNonASCII: Bool
  ) {
    let plainEnd: UInt8 = escapesNonASCII ? 0x80 : 0xFF
    var runStart = 0
    var position = 0
    while position < utf8.count {
      let byte = utf8[position]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte < plainEnd {
        position += 1
        continue
      }
      append(contentsOf: UnsafeBufferPointer(rebasing: utf8[runStart..<position]))
      if byte < 0x80 {
        appendEscape(ofASCII: byte)
        position += 1
      } else {
        position = appendEscape(ofScalarAt: position, in: utf8)
      }
      runStart = position
    }
    append(contentsOf: UnsafeBufferPointer(rebasing: utf8[runStart...]))
  }

  private mutating func appendEscape(ofASCII byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0D: append(UInt8(ascii: "r"))
    case 0x09: append(UInt8(ascii: "t"))
    default: appendHexadecimals(of: UInt16(byte))
    }
  }

  /// Appends the escapes of a scalar beyond ASCII and returns the place behind it.
  private mutating func appendEscape(
    ofScalarAt start: Int, in utf8: UnsafeBufferPointer<UInt8>
  ) -> Int {
    // A String holds well-formed UTF-8 only, so the bytes that follow are there.
    let lead = utf8[start]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    for index in start + 1..<start + length { scalar = scalar << 6 | UInt32(utf8[index] & 0x3F) }
    let units: [UInt16] =
      scalar < 0x10000
      ? [UInt16(scalar)]
      : [UInt16(0xD800 + (scalar - 0x10000) >> 10), UInt16(0xDC00 + scalar & 0x3FF)]
    for unit in units {
      append(UInt8(ascii: "\\"))
      appendHexadecimals(of: unit)
    }
    return start + length
  }

  private mutating func appendHexadecimals(of unit: UInt16) {
    append(UInt8(ascii: "u"))
    for shift: UInt16 in [12, 8, 4, 0] {
      let digit = UInt8(unit >> shift & 0xF)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
