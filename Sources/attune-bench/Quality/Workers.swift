import AttuneCore
import Glibc
import Synchronization

/// Threads that share the indexes of a list.
final class Workers<Result: Sendable>: Sendable {
  private let count: Int
  private let body: @Sendable (Int) throws -> Result
  private let next = Atomic(0)
  private let results: Mutex<[Swift.Result<Result, any Error>?]>

  private init(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Result) {
    self.count = count
    self.body = body
    results = Mutex(Array(repeating: nil, count: count))
  }

  /// What `body` gives for every index below `count`, in order, worked out by `jobs` threads. Throws
  /// the error of the lowest index that failed.
  static func map(
    _ count: Int, jobs: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let workers = Workers(count, body)
    let threads = try (1..<max(2, min(jobs, count))).map { _ in try workers.start() }
    workers.work()
    for thread in threads { pthread_join(thread, nil) }
    return try workers.results.withLock { $0 }.compactMap { try $0?.get() }
  }

  private func start() throws -> pthread_t {
    var thread = pthread_t()
    let run = Unmanaged.passRetained(Body { self.work() })
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, run.toOpaque())
    guard code == 0 else {
      run.release()
      throw AttuneError(.outOfMemory, "no thread: \(String(cString: strerror(code)))")
    }
    return thread
  }

  private func work() {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = Swift.Result { try body(index) }
      results.withLock { $0[index] = result }
    }
  }
}

private final class Body {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
