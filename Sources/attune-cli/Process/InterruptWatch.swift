import Glibc
import Synchronization

/// Turns the first SIGINT, SIGTERM or SIGHUP into a request; the second one kills.
///
/// The handler only writes to a pipe; a thread of its own does the rest, so that a run in a busy loop
/// on the main thread still hears.
final class InterruptWatch: Sendable {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private let first = Atomic<Int32>(0)
  private let onFirst: @Sendable (Int32) -> Void
  private let onSecond: @Sendable () -> Void

  /// The signal that came, or `nil`.
  var signal: Int32? {
    let signal = first.load(ordering: .sequentiallyConsistent)
    return signal == 0 ? nil : signal
  }

  /// Starts watching; `onSecond` runs just before the process dies.
  init(
    onFirst: @escaping @Sendable (Int32) -> Void, onSecond: @escaping @Sendable () -> Void = {}
  ) throws(CommandError) {
    self.onFirst = onFirst
    self.onSecond = onSecond
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandError("cannot watch for signals: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe.store(ends[1], ordering: .sequentiallyConsistent)
    try start(reading: ends[0])
    for number in Self.signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
        errno = before
      }
      action.sa_flags = SA_RESTART
      var old = sigaction()
      // nohup and background jobs of scripts ignore signals on purpose.
      let isIgnored =
        sigaction(number, nil, &old) == 0
        && unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
          == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored { continue }
      sigaction(number, &action, nil)
    }
  }

  private func start(reading descriptor: Int32) throws(CommandError) {
    let context = Unmanaged.passRetained(Reader(watch: self, descriptor: descriptor))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Reader>.fromOpaque(argument).takeRetainedValue().loop()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw CommandError("cannot watch for signals: \(String(cString: strerror(code)))")
    }
    pthread_detach(thread)
  }

  fileprivate func heard(_ number: Int32) {
    let (isFirst, _) = first.compareExchange(
      expected: 0, desired: number, ordering: .sequentiallyConsistent)
    if isFirst { return onFirst(number) }
    onSecond()
    Glibc.signal(number, SIG_DFL)
    kill(getpid(), number)
  }

  private final class Reader {
    let watch: InterruptWatch
    let descriptor: Int32

    init(watch: InterruptWatch, descriptor: Int32) {
      self.watch = watch
      self.descriptor = descriptor
    }

    func loop() {
      var byte: UInt8 = 0
      while true {
        let count = read(descriptor, &byte, 1)
        if count == 1 { watch.heard(Int32(byte)) }
        if count == 0 || (count < 0 && errno != EINTR) { return }
      }
    }
  }
}

/// The write end of the pipe, for the handler.
private let signalPipe = Atomic<Int32>(-1)
