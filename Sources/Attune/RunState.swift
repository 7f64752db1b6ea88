import AttuneCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether a run is going on in a study, which threads work in it, and whether it is to stop.
///
/// The words a signal handler or a polling objective touches are atomics; beginning and ending a run
/// go through a pthread mutex, whose condition `close` waits on.
final class RunState: Sendable {
  private let phase = Atomic<Phase>(.idle)
  /// When the run times out, as bits of monotonic seconds; 0 for never.
  private let deadline = Atomic<UInt64>(0)
  private let threads = Mutex<[UInt]>([])
  private let gate = Gate()

  /// One word, so that a stop is neither lost in a run that begins nor left over to the next.
  private enum Phase: UInt8, AtomicRepresentable {
    case idle, running, stopping
  }

  var isGoingOn: Bool { phase.load(ordering: .acquiring) != .idle }

  /// Whether running trials should end soon.
  var shouldStop: Bool { phase.load(ordering: .relaxed) == .stopping || isPastDeadline }

  var isStopped: Bool { phase.load(ordering: .acquiring) == .stopping }

  var isPastDeadline: Bool {
    let bits = deadline.load(ordering: .relaxed)
    return bits != 0 && monotonicSeconds() >= Double(bitPattern: bits)
  }

  func requestStop() {
    _ = phase.compareExchange(
      expected: .running, desired: .stopping, ordering: .acquiringAndReleasing)
  }

  /// Begins a run; `false` when one is going on.
  func begin(timeout: Double?) -> Bool {
    guard
      phase.compareExchange(
        expected: .idle, desired: .running, ordering: .acquiringAndReleasing
      ).exchanged
    else { return false }
    deadline.store(
      timeout.map { (monotonicSeconds() + $0).bitPattern } ?? 0, ordering: .releasing)
    return true
  }

  func end() {
    deadline.store(0, ordering: .releasing)
    gate.signal { phase.store(.idle, ordering: .releasing) }
  }

  /// Runs `body` as work of the run, so that `close` knows this thread.
  func working<Result, E: Error>(_ body: () throws(E) -> Result) throws(E) -> Result {
    let thread = Self.currentThread
    threads.withLock { $0.append(thread) }
    defer {
      threads.withLock { threads in
        if let index = threads.lastIndex(of: thread) { threads.remove(at: index) }
      }
    }
    return try body()
  }

  /// Whether the calling thread works in the run.
  var isInside: Bool { threads.withLock { $0.contains(Self.currentThread) } }

  /// Stops the run and waits for its end; `false`, without waiting, on one of its own threads.
  func close() -> Bool {
    requestStop()
    guard !isInside else { return false }
    gate.wait { !isGoingOn }
    return true
  }

  static var currentThread: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }
}
