import AttuneCore
import Glibc

/// Moments and durations for people; moments are microseconds since 1970.
enum TimeText {
  static var microseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Seconds on a clock that never goes back.
  static var monotonic: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Local time as log lines have it: 2026-11-23 08:48:51,291.
  static func logStamp(_ microseconds: Int64) -> String {
    var moment = LocalMoment(microseconds)
    return moment.format("%Y-%m-%d %H:%M:%S") + "," + padded(moment.fraction / 1000, to: 3)
  }

  /// UTC as tables have it: 2026-11-23 08:48:51.
  static func utc(_ microseconds: Int64) -> String {
    String(Timestamp.text(microseconds).prefix("2026-11-23 08:48:51".count))
  }

  /// A duration as pandas writes it: 0 days 00:00:01.250000.
  static func pandasDuration(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    return "\(seconds / 86400) days " + padded(seconds / 3600 % 24, to: 2) + ":"
      + padded(seconds / 60 % 60, to: 2) + ":" + padded(seconds % 60, to: 2) + "."
      + padded(microseconds % 1_000_000, to: 6)
  }

  /// A duration of that many seconds: 250 µs, 12.5 ms, 1.25 s, 2 min 5 s, 3 h 20 min.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-" }
    if seconds < 1e-3 { return "\(Int((seconds * 1e6).rounded())) µs" }
    if seconds < 1 { return "\(threeDigits(seconds * 1e3)) ms" }
    if seconds < 60 { return "\(threeDigits(seconds)) s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  /// A duration as progress bars have it: 01:05, 1:02:03.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int64(seconds)
    let tail = padded(whole / 60 % 60, to: 2) + ":" + padded(whole % 60, to: 2)
    return whole < 3600 ? tail : "\(whole / 3600):" + tail
  }

  private static func threeDigits(_ value: Double) -> String {
    let scale = value < 10 ? 100.0 : value < 100 ? 10 : 1
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func padded(_ number: Int64, to width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private struct LocalMoment {
    var fields = tm()
    let fraction: Int64

    init(_ microseconds: Int64) {
      var seconds = time_t(microseconds / 1_000_000)
      fraction = max(0, microseconds % 1_000_000)
      localtime_r(&seconds, &fields)
    }

    mutating func format(_ pattern: String) -> String {
      var buffer = [CChar](repeating: 0, count: 64)
      let count = strftime(&buffer, buffer.count, pattern, &fields)
      return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
