import AttuneCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs jobs at the same time, a thread each.
enum ThreadGroup {
  private final class Job<Result: Sendable>: Sendable {
    let body: @Sendable () -> Result
    let result = Mutex<Result?>(nil)
    init(_ body: @escaping @Sendable () -> Result) { self.body = body }

    func run() {
      let value = body()
      result.withLock { $0 = value }
    }
  }

  /// The results in the order of the jobs. A job for which there is no thread runs on this one.
  static func run<Result: Sendable>(_ bodies: [@Sendable () -> Result]) -> [Result] {
    let jobs = bodies.map { Job($0) }
    var threads: [pthread_t] = []
    for job in jobs {
      let box = Box { job.run() }
      if let thread = start(box) { threads.append(thread) } else { box.body() }
    }
    for thread in threads { pthread_join(thread, nil) }
    return jobs.compactMap { $0.result.withLock { $0 } }
  }

  /// Starts a thread that nobody waits for and that gets no signals; throws when there is none.
  static func detach(_ body: @escaping @Sendable () -> Void) throws(AttuneError) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    let thread = start(Box(body))
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard let thread else { throw AttuneError(.outOfMemory, "no thread could be started") }
    pthread_detach(thread)
  }

  private static func start(_ box: Box) -> pthread_t? {
    let kept = Unmanaged.passRetained(box)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    guard pthread_create(&thread, nil, { threadMain($0) }, kept.toOpaque()) == 0 else {
      kept.release()
      return nil
    }
    return thread
  }

  fileprivate final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

#if canImport(Darwin)
  private func threadMain(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadGroup.Box>.fromOpaque(box).takeRetainedValue().body()
    return nil
  }
#else
  private func threadMain(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    Unmanaged<ThreadGroup.Box>.fromOpaque(box).takeRetainedValue().body()
    return nil
  }
#endif
