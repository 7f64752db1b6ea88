public import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open shared object. Never closed: code that ran may have left threads and destructors behind.
///
/// All symbols are resolved at once and kept apart from other objects' (RTLD_NOW, RTLD_LOCAL,
/// RTLD_NODELETE). Opening runs the object's initialisers.
public final class DynamicLibrary: @unchecked Sendable {
  // Unchecked: the handle is written once, and the loader's functions are thread-safe.

  /// The path or bare name it was opened by.
  public let path: String
  private let handle: UnsafeMutableRawPointer

  /// Opens a path with `/`, or a bare name such as `libm.so.6`, which the loader looks up.
  public init(_ path: String) throws(AttuneError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw AttuneError(
        .invalidArgument,
        "the shared object's name is \(path.isEmpty ? "empty" : "a text with a NUL"), "
          + "wanted a path with / or a name such as libm.so.6",
        subject: path)
    }
    guard let handle = attune_open_library(path) else {
      throw AttuneError(
        .notFound, "cannot open shared object \(path): \(Self.loaderError())", subject: path)
    }
    self.path = path
    self.handle = handle
  }

  /// The address of a symbol; the error keeps the loader's text.
  public func symbol(_ name: String) throws(AttuneError) -> UnsafeMutableRawPointer {
    _ = dlerror()
    guard !name.isEmpty, !name.utf8.contains(0), let address = dlsym(handle, name) else {
      throw AttuneError(
        .notFound, "no symbol \"\(name)\" in \(path): \(Self.loaderError())", subject: path)
    }
    return address
  }

  private static func loaderError() -> String {
    dlerror().map { String(cString: $0) } ?? "the loader gives no reason"
  }
}
