import AttuneCore
import CGuard

/// The kinds of messages between a host and its worker processes.
///
/// Numbers are those of protocol version 1; none is used anew.
enum WireKind: UInt8 {
  // From the host.
  /// JSON: what to open, and the limits it lives under.
  case open = 1
  /// JSON: the study's space, and how many values it wants.
  case create = 2
  case evaluate = 3
  case pruneReply = 4
  // From the worker.
  /// JSON: the description of the objective.
  case opened = 16
  case ready = 17
  /// An `AttuneError`, in place of `opened` or `ready`.
  case refused = 18
  case report = 19
  case attribute = 20
  case constraint = 21
  case gradient = 22
  case log = 23
  case cancel = 24
  case pruneQuery = 25
  case result = 26
  /// The stack is used up; the worker's last word.
  case stackOverflow = 27
}

/// What is said of a trial in one byte. One that may pause has its folder's path at the end.
enum WireFlag {
  static let wantsGradient: UInt8 = 1
  static let mayPause: UInt8 = 2
  static let isResumed: UInt8 = 4
}

/// The header of a message: its size with the header, a mark, the protocol's version, the kind, and the
/// number of the evaluation it belongs to. In the byte order of the machine, which both ends share.
enum WireHeader {
  static let size = 16
  static let mark: UInt16 = 0xA77E
  static let version: UInt8 = 1
  /// No message is larger: what claims to be is damage.
  static let limit = 1 << 28
}

/// Composes a message in memory that is kept for the next one.
final class WireWriter {
  private(set) var count = 0
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)

  deinit { memory.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// Begins a message anew.
  func begin(_ kind: WireKind, _ sequence: UInt64) {
    count = 0
    put(UInt32(0))
    put(WireHeader.mark)
    put(WireHeader.version)
    put(kind.rawValue)
    put(sequence)
  }

  /// Ends it, with its size in the header.
  func end() {
    memory.storeBytes(of: UInt32(truncatingIfNeeded: count), as: UInt32.self)
  }

  func put<Number: BitwiseCopyable>(_ number: Number) {
    reserve(MemoryLayout<Number>.size)
    memory.storeBytes(of: number, toByteOffset: count, as: Number.self)
    count += MemoryLayout<Number>.size
  }

  /// Numbers without their count.
  func put(_ numbers: UnsafeRawBufferPointer) {
    reserve(numbers.count)
    UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + numbers.count])
      .copyMemory(from: numbers)
    count += numbers.count
  }

  func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      put(UInt32(truncatingIfNeeded: bytes.count))
      put(UnsafeRawBufferPointer(bytes))
    }
  }

  private func reserve(_ more: Int) {
    guard count + more > memory.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * memory.count, count + more), alignment: 16)
    larger.copyMemory(from: bytes)
    memory.deallocate()
    memory = larger
  }
}

/// A message that came, valid until the next one is received.
struct WireMessage {
  /// What a message says that is not what its kind wants.
  struct Malformed: Error {}

  let kind: UInt8
  let sequence: UInt64
  private var rest: UnsafeRawBufferPointer

  init(kind: UInt8, sequence: UInt64, payload: UnsafeRawBufferPointer) {
    self.kind = kind
    self.sequence = sequence
    rest = payload
  }

  mutating func take<Number: BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) throws(Malformed) -> Number {
    let size = MemoryLayout<Number>.size
    guard rest.count >= size else { throw Malformed() }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[size...]) }
    return rest.loadUnaligned(as: Number.self)
  }

  mutating func bytes(_ count: Int) throws(Malformed) -> UnsafeRawBufferPointer {
    guard (0...rest.count).contains(count) else { throw Malformed() }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  mutating func text() throws(Malformed) -> String {
    let count = try take(UInt32.self)
    return String(decoding: try bytes(Int(count)), as: UTF8.self)
  }

  mutating func numbers<Number: BitwiseCopyable>(
    _ type: Number.Type, count: Int
  ) throws(Malformed) -> [Number] {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Number>.size)
    guard count >= 0, !overflow else { throw Malformed() }
    let bytes = try bytes(size)
    return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      filled = count
    }
  }

  /// Nothing more may stand in the message.
  func finish() throws(Malformed) {
    guard rest.isEmpty else { throw Malformed() }
  }
}
