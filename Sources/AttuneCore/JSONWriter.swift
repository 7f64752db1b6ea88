/// Writes JSON into a growing buffer of UTF-8 bytes, value by value, without building a tree.
///
///     var writer = JSONWriter(.compact)
///     writer.object { object in
///       object.member("number", 3)
///       object.key("values")
///       object.array { $0.write(0.25) }
///     }
///     writer.newline()
///
/// Commas, colons and indentation are its own affair. The caller's is that each member of an object
/// has a key and a value and that no key repeats: debug builds stop at a key or value out of place,
/// release builds write what they are told, and neither looks for repeated keys.
public struct JSONWriter: Sendable {
  /// What is written so far and not taken.
  public private(set) var bytes: [UInt8] = []

  public let style: JSON.Style

  private struct Container {
    let isObject: Bool
    var isEmpty = true
  }

  private var containers: [Container] = []
  private var followsKey = false
  private var followsValue = false

  /// A writer with room for that many bytes.
  public init(_ style: JSON.Style = .compact, capacity: Int = 0) {
    self.style = style
    bytes.reserveCapacity(max(0, capacity))
  }

  /// What is written so far and not taken, as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Hands over what is written so far and goes on in an empty buffer, inside the same containers.
  public mutating func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Forgets what is written so far and keeps the buffer's room, inside the same containers.
  public mutating func removeBytes() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Ends a line between whole values, as JSON lines want it.
  public mutating func newline() {
    assert(containers.isEmpty, "a line ends inside an array or object")
    bytes.append(0x0A)
    followsValue = false
  }
}

// MARK: - Containers

extension JSONWriter {
  /// Writes an object whose members the closure writes.
  public mutating func object<E: Error>(
    _ members: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginObject()
    try members(&self)
    endObject()
  }

  /// Writes an array whose elements the closure writes.
  public mutating func array<E: Error>(
    _ elements: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginArray()
    try elements(&self)
    endArray()
  }

  /// Opens an object, which `endObject` closes.
  public mutating func beginObject() { begin(Container(isObject: true), UInt8(ascii: "{")) }

  /// Closes the object opened last.
  public mutating func endObject() {
    assert(containers.last?.isObject == true, "no object to end here")
    end(UInt8(ascii: "}"))
  }

  /// Opens an array, which `endArray` closes.
  public mutating func beginArray() { begin(Container(isObject: false), UInt8(ascii: "[")) }

  /// Closes the array opened last.
  public mutating func endArray() {
    assert(containers.last?.isObject == false, "no array to end here")
    end(UInt8(ascii: "]"))
  }

  private mutating func begin(_ container: Container, _ bracket: UInt8) {
    beginValue()
    bytes.append(bracket)
    containers.append(container)
    followsValue = false
  }

  private mutating func end(_ bracket: UInt8) {
    assert(!followsKey, "a key lacks its value")
    let container = containers.popLast()
    if container?.isEmpty == false && style.layout == .pretty { breakLine() }
    bytes.append(bracket)
    followsValue = true
  }

  /// Writes a member's key; its value comes next.
  public mutating func key(_ key: String) {
    assert(containers.last?.isObject == true && !followsKey, "no place for a key")
    separate()
    appendQuoted(key)
    bytes.append(UInt8(ascii: ":"))
    if style.layout != .compact { bytes.append(0x20) }
    followsKey = true
  }

  /// Writes what precedes a value: nothing after a key, a comma after a value.
  private mutating func beginValue() {
    if followsKey {
      followsKey = false
    } else {
      assert(containers.last?.isObject != true, "a value in an object lacks its key")
      assert(!containers.isEmpty || !followsValue, "a second value without a newline")
      separate()
    }
    followsValue = true
  }

  private mutating func separate() {
    guard let last = containers.indices.last else { return }
    if containers[last].isEmpty {
      containers[last].isEmpty = false
    } else {
      bytes.append(UInt8(ascii: ","))
      if style.layout == .spaced { bytes.append(0x20) }
    }
    if style.layout == .pretty { breakLine() }
  }

  private mutating func breakLine() {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: containers.count * 2))
  }
}

// MARK: - Values

extension JSONWriter {
  /// Writes null.
  public mutating func null() {
    beginValue()
    append("null")
  }

  /// Writes a boolean.
  public mutating func write(_ value: Bool) {
    beginValue()
    append(value ? "true" : "false")
  }

  /// Writes an integer.
  public mutating func write(_ value: Int64) {
    beginValue()
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude)
  }

  /// Writes an integer.
  public mutating func write(_ value: Int) { write(Int64(value)) }

  /// Writes an integer.
  public mutating func write(_ value: UInt64) {
    beginValue()
    appendDigits(value)
  }

  /// Writes a float: the shortest text that reads back to the same bits, or a bare word.
  public mutating func write(_ value: Double) {
    beginValue()
    if value.isFinite {
      bytes.append(contentsOf: value.description.utf8)
    } else if value.isNaN {
      append("NaN")
    } else {
      append(value < 0 ? "-Infinity" : "Infinity")
    }
  }

  /// Writes a string.
  public mutating func write(_ value: String) {
    beginValue()
    appendQuoted(value)
  }

  /// Writes a whole tree.
  public mutating func write(_ value: JSON) {
    switch value {
    case .null: null()
    case .bool(let value): write(value)
    case .int(let value): write(value)
    case .uint(let value): write(value)
    case .float(let value): write(value)
    case .string(let value): write(value)
    case .array(let elements):
      beginArray()
      for element in elements { write(element) }
      endArray()
    case .object(let members):
      beginObject()
      for (name, value) in members {
        key(name)
        write(value)
      }
      endObject()
    }
  }

  private mutating func append(_ word: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func appendDigits(_ value: UInt64) {
    // The largest 64-bit number has twenty digits.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      var rest = value
      repeat {
        start -= 1
        digits.initializeElement(
          at: start, to: UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0"))
        rest /= 10
      } while rest != 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  private mutating func appendQuoted(_ text: String) {
    bytes.appendJSONString(text, escapesNonASCII: style.escapesNonASCII)
  }
}

extension JSONWriter {
  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: Bool) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: Int64) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: Int) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: UInt64) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: Double) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: String) {
    self.key(key)
    write(value)
  }

  /// Writes a member of the object that is open.
  public mutating func member(_ key: String, _ value: JSON) {
    self.key(key)
    write(value)
  }
}
