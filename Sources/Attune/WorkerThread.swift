import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of the library's own; but for a heartbeat, joined before the call that started it returns.
///
/// Objectives block, which would starve a shared pool.
struct WorkerThread {
  private let thread: pthread_t

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread; the error names how many were wanted of the system.
  init(_ run: @escaping @Sendable () -> Void) throws(AttuneError) {
    let body = Unmanaged.passRetained(Body(run))
    #if canImport(Darwin)
      var started: pthread_t?
    #else
      var started = pthread_t()
    #endif
    let code = pthread_create(
      &started, nil,
      { argument in
        #if canImport(Darwin)
          let pointer: UnsafeMutableRawPointer? = argument
        #else
          let pointer = argument
        #endif
        if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw AttuneError(
        .outOfMemory, "no thread could be started: \(String(cString: strerror(code)))")
    }
    #if canImport(Darwin)
      guard let started else { throw AttuneError(.internal, "pthread_create gave no thread") }
    #endif
    thread = started
  }

  func join() { pthread_join(thread, nil) }

  /// Lets the thread end by itself, unjoined.
  func detach() { pthread_detach(thread) }
}

/// An evaluator on its way to the one thread that will use it.
struct Handed: @unchecked Sendable {
  let evaluator: any Evaluator
  init(_ evaluator: any Evaluator) { self.evaluator = evaluator }
}
