public import CGuard

/// The place where guarded calls leave the text of a C++ exception: memory for one thread at a
/// time.
///
/// Made once and used for many calls, so that a call allocates nothing.
public final class CaughtException {
  private static let capacity = 1024

  /// What the functions of `CGuard` take.
  public let pointer: UnsafeMutablePointer<attune_caught>
  private let buffer: UnsafeMutablePointer<CChar>

  public init() {
    buffer = .allocate(capacity: Self.capacity)
    buffer.initialize(repeating: 0, count: Self.capacity)
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: attune_caught(text: buffer, capacity: Self.capacity, thrown: 0))
  }

  deinit {
    pointer.deallocate()
    buffer.deallocate()
  }

  /// The text of the exception that the call before threw, or `nil`; forgets it.
  public func take() -> String? {
    guard pointer.pointee.thrown != 0 else { return nil }
    pointer.pointee.thrown = 0
    return String(cString: buffer)
  }
}
