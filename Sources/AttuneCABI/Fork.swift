import AttuneCore
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Whether this process is a fork of one that used the library: its threads and locks are gone.
enum Fork {
  private static let inChild = Atomic<Bool>(false)

  /// Watches from here on; more than once does no harm.
  static func watch() {
    // Without memory for the handler a fork goes unnoticed, as before the first call.
    _ = pthread_atfork(nil, nil, { Fork.inChild.store(true, ordering: .relaxed) })
  }

  static var isChild: Bool { inChild.load(ordering: .relaxed) }

  /// Refuses to go on in a forked child.
  static func check() throws(AttuneError) {
    if isChild {
      throw AttuneError(
        .invalidState,
        "called in a child after fork(), wanted a process of its own: exec, then open again"
      )
    }
  }
}
