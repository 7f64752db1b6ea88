import AttuneCore
import CAttune
import CGuard

/// A caller's pointer with the function that lets go of it: called once, with the last reference.
///
/// Made before anything can fail, so that a registration that fails lets go too.
final class UserData: @unchecked Sendable {
  /// Passed back as it came. The header makes the caller answer for threads.
  let pointer: UnsafeMutableRawPointer?
  private let destroy: attune_destroy_fn?

  init(_ pointer: UnsafeMutableRawPointer?, _ destroy: attune_destroy_fn?) {
    self.pointer = pointer
    self.destroy = destroy
  }

  deinit {
    guard let destroy, !Fork.isChild else { return }
    let (_, thrown) = guarded { attune_guard_destroy(destroy, pointer, $0) }
    if let thrown {
      Logger.log(.error, component: "c", "a destroy function threw an exception: \(thrown)")
    }
  }
}
