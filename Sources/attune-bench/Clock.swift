import Glibc

/// Measures time by the monotonic clock.
enum Clock {
  /// Seconds since some fixed moment.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Seconds of processor time that this thread has had.
  static var processor: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Seconds of processor time that `body` takes on this thread.
  static func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
    let start = processor
    try body()
    return processor - start
  }

  /// Seconds that `body` takes.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = now
    try body()
    return now - start
  }

  /// The median of what `rounds` runs of `measure` give.
  static func median(rounds: Int, _ measure: () throws -> Double) rethrows -> Double {
    var results: [Double] = []
    for _ in 0..<rounds { results.append(try measure()) }
    return results.sorted()[rounds / 2]
  }
}
