import AttuneCore

/// A text as C sees it, in memory that stays where it is for as long as this object lives.
final class CText: @unchecked Sendable {
  // Unchecked: the bytes are written here and never again.
  let pointer: UnsafePointer<CChar>
  private let memory: UnsafeMutablePointer<CChar>

  /// Copies a text; one with a NUL inside is cut there.
  init(_ text: String) {
    let count = text.utf8.count + 1
    memory = .allocate(capacity: count)
    for (index, byte) in text.utf8.enumerated() { memory[index] = CChar(bitPattern: byte) }
    memory[count - 1] = 0
    pointer = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}

/// Reads C text that foreign code handed over.
enum ForeignText {
  /// The text, or `nil` when it is not UTF-8.
  static func exact(_ text: UnsafePointer<CChar>) -> String? { String(validatingCString: text) }

  /// The text with what is not UTF-8 replaced, for messages, which must not be lost; at most 64
  /// KiB.
  static func repaired(_ text: UnsafePointer<CChar>) -> String {
    var count = 0
    while count < 65_536, text[count] != 0 { count += 1 }
    return text.withMemoryRebound(to: UInt8.self, capacity: count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
    }
  }
}
