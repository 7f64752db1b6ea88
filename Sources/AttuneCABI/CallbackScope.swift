#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Which studies' callbacks the current thread is inside: a list on its own stack.
///
/// A thread that waited for the end of a run from inside one of that run's callbacks would wait for
/// itself.
struct CallbackScope {
  private let study: ObjectIdentifier
  private let outer: UnsafeMutableRawPointer?

  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key, nil) == 0 ? key : nil
  }()

  /// Runs `body`, which calls foreign code for a run of `study`.
  @inline(__always)
  static func enter<Result>(_ study: StudyHandle, _ body: () -> Result) -> Result {
    guard let key else { return body() }
    let outer = pthread_getspecific(key)
    var scope = CallbackScope(study: ObjectIdentifier(study), outer: outer)
    return withUnsafeMutablePointer(to: &scope) { scope in
      pthread_setspecific(key, scope)
      defer { pthread_setspecific(key, outer) }
      return body()
    }
  }

  static func isInside(_ study: StudyHandle) -> Bool {
    guard let key else { return false }
    var address = pthread_getspecific(key)
    while let scope = address?.load(as: CallbackScope.self) {
      if scope.study == ObjectIdentifier(study) { return true }
      address = scope.outer
    }
    return false
  }
}
