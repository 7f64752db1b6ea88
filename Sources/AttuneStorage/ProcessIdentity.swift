import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which process this is, so that others on its machine can tell whether it lives.
///
/// A process number alone is used again after its owner's death; with the time that it started it is not.
struct ProcessIdentity: Sendable, Hashable {
  let host: String
  /// This run of the machine, and within it the group of processes that see each other's numbers.
  let boot: String
  let pid: Int64
  /// In ticks since the machine started; 0 where the system does not tell.
  let start: Int64

  /// This process. Not kept: a fork makes it another.
  static var current: ProcessIdentity {
    let pid = getpid()
    return ProcessIdentity(
      host: hostName(), boot: bootText(), pid: Int64(pid), start: startTime(of: pid) ?? 0)
  }

  /// Whether the process lives, as seen from `observer`; `nil` when that cannot see.
  func isAlive(seenFrom observer: ProcessIdentity) -> Bool? {
    guard host == observer.host else { return nil }
    guard boot == observer.boot else {
      // The same machine was started again, or it is another container of one name.
      let isSameRun = boot.prefix { $0 != "/" } == observer.boot.prefix { $0 != "/" }
      return isSameRun ? nil : false
    }
    guard let pid = pid_t(exactly: pid), pid > 0 else { return false }
    if kill(pid, 0) != 0, errno == ESRCH { return false }
    guard start != 0, let now = Self.startTime(of: pid) else { return true }
    return now == start
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  #if os(Linux)
    private static func bootText() -> String {
      let boot = read("/proc/sys/kernel/random/boot_id").prefix { $0 != 0x0A }
      var link = [CChar](repeating: 0, count: 64)
      let count = max(0, readlink("/proc/self/ns/pid", &link, link.count))
      let space = link.prefix(count).map(UInt8.init(bitPattern:))
      return String(decoding: boot + [UInt8(ascii: "/")] + space, as: UTF8.self)
    }

    /// Field 22 of its stat line, counted behind the name in parentheses, which may hold anything.
    /// `nil` for a process that is none, or dead and not yet buried.
    private static func startTime(of pid: pid_t) -> Int64? {
      let line = read("/proc/\(pid)/stat")
      guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
      let fields = line[(end + 1)...].split(separator: UInt8(ascii: " "))
      guard fields.count > 19, fields[0] != [UInt8(ascii: "Z")], fields[0] != [UInt8(ascii: "X")]
      else { return -1 }
      return Int64(String(decoding: fields[19], as: UTF8.self))
    }

    private static func read(_ path: String) -> [UInt8] {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return [] }
      defer { close(file) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = Glibc.read(file, &buffer, buffer.count)
      return Array(buffer.prefix(max(0, count)))
    }
  #else
    private static func bootText() -> String { "" }
    private static func startTime(of pid: pid_t) -> Int64? { nil }
  #endif
}
