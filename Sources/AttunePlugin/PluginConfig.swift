/// The configuration a run gives to an objective: a flat JSON object, or nothing.
///
/// Values are read by key with a default for a key that is not there. `refuseOthers` finds misspelt
/// keys.
public struct PluginConfig: Sendable {
  enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
  }

  /// The JSON text as it came, for those who have a reader of their own; `nil` when there is none.
  public let json: String?
  private let members: [(key: String, value: Value)]

  /// Reads the text later: an objective with a configuration of another shape reads `json` itself.
  init(json: String?) {
    self.json = json
    var reader = PluginConfigReader(json ?? "{}")
    let result = reader.read()
    members = result.members
    problem = result.problem
  }

  /// Why the text is no flat object, or `nil`.
  private let problem: String?

  private func value(_ key: String) throws -> Value? {
    if let problem { throw PluginError("config: \(problem)") }
    return members.last { $0.key == key }?.value
  }

  private func refuse(_ key: String, _ found: Value, _ wanted: String) -> PluginError {
    let text =
      switch found {
      case .null: "null"
      case .bool(let value): "\(value)"
      case .number(let value): "\(value)"
      case .string(let value): quoted(value)
      }
    return PluginError("config: \"\(key)\" is \(text), wanted \(wanted)")
  }

  public func string(_ key: String, default standard: String) throws -> String {
    switch try value(key) {
    case nil: return standard
    case .string(let text): return text
    case let other?: throw refuse(key, other, "a string")
    }
  }

  public func int(
    _ key: String, default standard: Int, in range: ClosedRange<Int> = .min ... .max
  ) throws -> Int {
    guard let found = try value(key) else { return standard }
    if case .number(let number) = found, let integer = Int(exactly: number),
      range.contains(integer)
    {
      return integer
    }
    throw refuse(key, found, "a whole number of \(range.lowerBound) to \(range.upperBound)")
  }

  public func float(
    _ key: String, default standard: Double,
    in range: ClosedRange<Double> = -.infinity ... .infinity
  ) throws -> Double {
    guard let found = try value(key) else { return standard }
    if case .number(let number) = found, range.contains(number) { return number }
    throw refuse(key, found, "a number of \(range.lowerBound) to \(range.upperBound)")
  }

  public func bool(_ key: String, default standard: Bool) throws -> Bool {
    switch try value(key) {
    case nil: return standard
    case .bool(let bool): return bool
    case let other?: throw refuse(key, other, "true or false")
    }
  }

  /// Throws for a key that is none of these.
  public func refuseOthers(than known: String...) throws {
    _ = try value("")
    for (key, _) in members where !known.contains(key) {
      throw PluginError(
        "config: unknown key \"\(key)\", wanted one of \(known.joined(separator: ", "))")
    }
  }
}

/// Reads a JSON object of scalars.
struct PluginConfigReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private struct Problem: Error { let text: String }

  mutating func read() -> (members: [(key: String, value: PluginConfig.Value)], problem: String?) {
    do {
      return (try object(), nil)
    } catch let problem as Problem {
      return ([], problem.text)
    } catch {
      return ([], "\(error)")
    }
  }

  private func refuse(_ wanted: String) -> Problem {
    let rest = String(decoding: bytes[min(position, bytes.count)...].prefix(20), as: UTF8.self)
    return Problem(text: "found \(rest.isEmpty ? "the end" : quoted(rest)), wanted \(wanted)")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  private mutating func object() throws -> [(key: String, value: PluginConfig.Value)] {
    var members: [(key: String, value: PluginConfig.Value)] = []
    guard take("{") else { throw refuse("an object {...}") }
    if !take("}") {
      repeat {
        let key = try string()
        guard take(":") else { throw refuse(": after a key") }
        members.append((key, try scalar()))
      } while take(",")
      guard take("}") else { throw refuse(", or }") }
    }
    skipSpace()
    guard position == bytes.count else { throw refuse("the end") }
    return members
  }

  private mutating func scalar() throws -> PluginConfig.Value {
    skipSpace()
    let words: [(String, PluginConfig.Value)] = [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
    ]
    for (word, value) in words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      return .string(try string())
    }
    let digits = bytes[position...].prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard let number = Double(String(decoding: digits, as: UTF8.self)) else {
      throw refuse("a string, a number, true, false or null")
    }
    position += digits.count
    return .number(number)
  }

  private mutating func string() throws -> String {
    guard take("\"") else { throw refuse("a string") }
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    guard take("\"") else { throw refuse("\" at the end of a string") }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    let plain: [Character: UInt8] = [
      "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 0x08, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
    ]
    guard position + 1 < bytes.count else { throw refuse("an escape") }
    let letter = Character(Unicode.Scalar(bytes[position + 1]))
    if let byte = plain[letter] {
      text.append(byte)
      position += 2
      return
    }
    guard letter == "u", var code = hexadecimal(at: position + 2) else { throw refuse("an escape") }
    position += 6
    if (0xD800...0xDBFF).contains(code), bytes[position...].starts(with: "\\u".utf8),
      let low = hexadecimal(at: position + 2), (0xDC00...0xDFFF).contains(low)
    {
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      position += 6
    }
    guard let scalar = Unicode.Scalar(code) else { throw refuse("a pair of surrogates") }
    text.append(contentsOf: String(Character(scalar)).utf8)
  }

  private func hexadecimal(at start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    return UInt32(String(decoding: bytes[start..<start + 4], as: UTF8.self), radix: 16)
  }
}
