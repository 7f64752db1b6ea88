import AttuneCore
import Testing

@Suite("JSON there and back")
struct JSONRoundTripTests {
  private static let styles: [JSON.Style] = [
    .compact, .spaced, .pretty, .python, JSON.Style(.pretty, escapesNonASCII: true),
  ]

  @Test("random trees survive every style", arguments: 0..<UInt64(40))
  func trees(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for _ in 0..<25 {
      let tree = random.tree(depth: 5)
      for style in Self.styles {
        let text = tree.text(style)
        let read = try JSON(parsing: text)
        #expect(read == tree)
        #expect(read.text(style) == text)
        if style.escapesNonASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }

  @Test("random floats keep their bits")
  func floats() throws {
    var random = SplitMix(state: 1)
    var lost = 0
    for _ in 0..<100_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let read = try JSON(parsing: JSON.float(value).text())
      guard case .float(let back) = read, back.bitPattern == value.bitPattern else {
        lost += 1
        continue
      }
    }
    #expect(lost == 0)
  }

  @Test("decimal texts of any shape read as the standard library reads them")
  func decimals() throws {
    var random = SplitMix(state: 2)
    for _ in 0..<100_000 {
      let whole = random.next() >> (random.next() % 64)
      let fraction = random.next() >> (random.next() % 64)
      let exponent = Int(random.next() % 80) - 40
      let text =
        random.next() % 2 == 0 ? "-\(whole).\(fraction)e\(exponent)" : "\(whole).\(fraction)"
      guard case .float(let read) = try JSON(parsing: text) else {
        Issue.record("\(text) is no float")
        continue
      }
      if read.bitPattern != Double(text)?.bitPattern { Issue.record("\(text) reads as \(read)") }
    }
  }

  @Test("random integers of every length stay exact")
  func integers() throws {
    var random = SplitMix(state: 3)
    for _ in 0..<50_000 {
      let signed = Int64(bitPattern: random.next()) >> Int64(random.next() % 64)
      #expect(try JSON(parsing: "\(signed)") == .int(signed))
      let unsigned = random.next() >> (random.next() % 64)
      #expect(try JSON(parsing: "\(unsigned)") == JSON(unsigned))
    }
  }

  @Test("random bytes are read or refused, never trap")
  func noise() {
    var random = SplitMix(state: 4)
    let alphabet = Array("{}[]:,\"\\u0189eE.-+ntf \u{E9}aNI\n".utf8) + [0x00, 0xFF]
    var refused = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int(random.next() % 24)).map { _ in
        alphabet[Int(random.next() % UInt64(alphabet.count))]
      }
      do throws(JSONError) {
        let read = try JSON(parsing: bytes)
        #expect(throws: Never.self) { try JSON(parsing: read.text()) }
      } catch {
        refused += 1
        #expect(error.offset <= bytes.count)
      }
    }
    #expect(refused > 0)
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), for test data that is the same each time.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func tree(depth: Int) -> JSON {
    switch next() % (depth > 0 ? 9 : 7) {
    case 0: return .null
    case 1: return .bool(next() % 2 == 0)
    case 2: return .int(Int64(bitPattern: next()) >> Int64(next() % 64))
    case 3: return JSON(next())
    case 4: return .float(Double(bitPattern: next()))
    case 5: return .float(Double(Int64(bitPattern: next()) >> Int64(next() % 64)) / 64)
    case 6: return .string(text())
    case 7: return .array((0..<next() % 6).map { _ in tree(depth: depth - 1) })
    default:
      var object = JSON.Object()
      for _ in 0..<next() % 24 { object.append(text(), tree(depth: depth - 2)) }
      return .object(object)
    }
  }

  mutating func text() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<next() % 20 {
      let limit: UInt64 = [0x20, 0x80, 0x80, 0x800, 0x10000, 0x110000][Int(next() % 6)]
      if let scalar = Unicode.Scalar(UInt32(next() % limit)) { text.append(scalar) }
    }
    return String(text)
  }
}
