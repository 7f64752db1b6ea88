import AttuneCore
import Synchronization

/// A thread that gives signs of life for a study that has claimed trials.
///
/// The thread holds the study only while it gives one, so it ends with it.
final class Heartbeat: Sendable {
  private let signal = Signal()
  private let hasStarted = Atomic(false)

  /// What the thread and its owner share.
  private final class Signal: Sendable {
    let gate = Gate()
    let isOver = Atomic(false)
  }

  deinit {
    signal.gate.signal { signal.isOver.store(true, ordering: .releasing) }
  }

  /// Calls `beat` every so many seconds from now on, until it gives `false`; once, whatever is called.
  func start(every seconds: Double, _ beat: @escaping @Sendable () -> Bool) throws(AttuneError) {
    guard !hasStarted.exchange(true, ordering: .acquiringAndReleasing) else { return }
    let signal = signal
    try WorkerThread {
      while !signal.gate.wait(seconds: seconds, until: { signal.isOver.load(ordering: .acquiring) })
      {
        guard beat() else { return }
      }
    }.detach()
  }
}
