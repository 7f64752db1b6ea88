#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A C string that is never freed.
struct StaticText: Sendable {
  private let address: UInt

  static let empty = StaticText("")

  init(_ text: String) {
    address = UInt(bitPattern: strdup(text))
  }

  /// `text` without a copy.
  init(_ text: StaticString) {
    address = UInt(bitPattern: text.utf8Start)
  }

  var pointer: UnsafePointer<CChar> {
    // Not nil: strdup of these few texts fails only where nothing runs any more.
    UnsafePointer(bitPattern: address).unsafelyUnwrapped
  }
}
