import Glibc

/// A time zone by name or offset, which turns local times into UTC.
struct TimeZoneOption {
  /// Seconds east of UTC; `nil` for the zone of this process.
  private let offset: Int64?

  /// `nil` is the zone of this machine. A name becomes the zone of this process.
  init(_ text: String?) throws(CommandError) {
    guard let text else {
      offset = nil
      return
    }
    if ["UTC", "Z", "utc"].contains(text) {
      offset = 0
    } else if text.hasPrefix("+") || text.hasPrefix("-") {
      let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2, let hours = Int64(parts[0]), (0...15).contains(hours),
        let minutes = parts.count == 2 ? Int64(parts[1]) : 0, (0..<60).contains(minutes)
      else { throw Self.unknown(text) }
      offset = (hours * 3600 + minutes * 60) * (text.hasPrefix("-") ? -1 : 1)
    } else {
      // The C library takes any name, and reads those it does not know as UTC.
      let path = "/usr/share/zoneinfo/\(text)"
      guard !text.isEmpty, !text.contains(".."), TextFile.exists(path), !TextFile.isDirectory(path)
      else { throw Self.unknown(text) }
      setenv("TZ", text, 1)
      tzset()
      offset = nil
    }
  }

  private static func unknown(_ text: String) -> CommandError {
    .usage(
      "--tz is \"\(text)\", wanted UTC, an offset such as +09:00, or a name such as Asia/Tokyo that "
        + "this machine knows")
  }

  /// Microseconds since 1970, UTC, of a local time given as if it were UTC.
  func utc(_ local: Int64) -> Int64 {
    if let offset { return local - offset * 1_000_000 }
    var seconds = Int(local / 1_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    // Whether summer time holds is for the zone to say.
    parts.tm_isdst = -1
    return Int64(mktime(&parts)) * 1_000_000 + local % 1_000_000
  }
}
