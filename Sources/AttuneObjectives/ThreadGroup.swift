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
      let start: @Sendable () -> Void = { job.run() }
      let box = Unmanaged.passRetained(Box(start))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let error = pthread_create(&thread, nil, { threadMain($0) }, box.toOpaque())
      if error == 0 {
        #if canImport(Darwin)
          if let thread { threads.append(thread) }
        #else
          threads.append(thread)
        #endif
      } else {
        box.takeRetainedValue().body()
      }
    }
    for thread in threads { pthread_join(thread, nil) }
    return jobs.compactMap { $0.result.withLock { $0 } }
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
