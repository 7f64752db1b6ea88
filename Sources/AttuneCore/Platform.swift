#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time of day in microseconds since 1970, UTC: for records, never for decisions.
public func currentMicroseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

/// Seconds on a clock that never goes back: for timeouts.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Has the calling thread do nothing for a while.
public func sleepMilliseconds(_ count: Int) { usleep(UInt32(clamping: count * 1000)) }

/// Writes text to standard error; what cannot be written there has nowhere else to go.
func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    var written = 0
    while written < bytes.count {
      guard let start = bytes.baseAddress else { return }
      let count = write(STDERR_FILENO, start + written, bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      written += count
    }
  }
}
