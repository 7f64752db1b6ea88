import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of lines that several processes append to, one of them at a time.
///
/// Appends are whole lines; a line that its writer did not live to end is cut off by the next one to
/// hold the lock. Not safe for two threads: the owner locks.
final class JournalFile {
  let path: String
  private let descriptor: Int32
  /// How far this process has read.
  private var offset: Int64 = 0
  private var lineNumber = 0
  /// Lines that could not be written yet, for want of space say.
  private var unwritten: [UInt8] = []

  /// Opens a file, or creates it when `creates` and it is absent.
  init(path: String, creates: Bool) throws(AttuneError) {
    self.path = path
    let flags = O_RDWR | O_APPEND | O_CLOEXEC | (creates ? O_CREAT : 0)
    descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else {
      let code = errno
      throw AttuneError(
        code == ENOENT && !creates ? .notFound : .io,
        "\(path): cannot be opened: \(String(cString: strerror(code)))", subject: path)
    }
  }

  deinit { close(descriptor) }

  /// Locks the file, hands over the lines others appended, with their line numbers, and appends the
  /// lines `body` returns.
  func transact(
    _ body: (_ others: [(number: Int, line: ArraySlice<UInt8>)]) throws(AttuneError) -> [UInt8]
  ) throws(AttuneError) {
    try lock()
    defer { flock(descriptor, LOCK_UN) }
    let end = try repairedLength()
    let bytes = try read(from: offset, to: end)
    let lines = split(bytes)
    // Others' lines count as read only once they are taken in.
    let added = try body(lines)
    offset = end
    lineNumber += lines.count
    unwritten += added
    try writeUnwritten(at: end)
  }

  private func lock() throws(AttuneError) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("cannot be locked") }
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
    guard status.st_nlink > 0 else {
      flock(descriptor, LOCK_UN)
      throw AttuneError(
        .storage, "\(path): the file was deleted while the study was open", subject: path)
    }
  }

  /// The length up to the last whole line; what follows is cut off.
  private func repairedLength() throws(AttuneError) -> Int64 {
    let end = Int64(lseek(descriptor, 0, SEEK_END))
    guard end >= offset else {
      throw AttuneError(
        .storage, "\(path): the file has shrunk from \(offset) to \(end) bytes", subject: path)
    }
    guard end > offset else { return end }
    if try read(from: end - 1, to: end).last == 0x0A { return end }
    var start = end
    while start > offset {
      let from = max(offset, start - 65_536)
      if let index = try read(from: from, to: start).lastIndex(of: 0x0A) {
        start = from + Int64(index) + 1
        break
      }
      start = from
    }
    guard ftruncate(descriptor, off_t(start)) == 0 else { throw failure("cannot be repaired") }
    Logger.log(
      .warning, component: "storage",
      "\(path): cut off \(end - start) bytes of a line that was not finished")
    return start
  }

  private func read(from start: Int64, to end: Int64) throws(AttuneError) -> [UInt8] {
    let count = Int(end - start)
    guard count > 0 else { return [] }
    var done = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while done < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + done, count - done, off_t(start) + off_t(done))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 {
          code = got < 0 ? errno : EIO
          break
        }
        done += got
      }
      initialized = done
    }
    guard done == count else {
      errno = code
      throw failure("cannot be read")
    }
    return bytes
  }

  private func split(_ bytes: [UInt8]) -> [(number: Int, line: ArraySlice<UInt8>)] {
    var lines: [(number: Int, line: ArraySlice<UInt8>)] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      lines.append((lineNumber + lines.count + 1, bytes[start..<end]))
      start = end + 1
    }
    return lines
  }

  /// Appends what waits, whole or not at all.
  private func writeUnwritten(at end: Int64) throws(AttuneError) {
    guard !unwritten.isEmpty else { return }
    var done = 0
    while done < unwritten.count {
      let written = unwritten.withUnsafeBytes { buffer in
        buffer.baseAddress.map { write(descriptor, $0 + done, buffer.count - done) } ?? 0
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        let code = errno
        if done > 0, ftruncate(descriptor, off_t(end)) != 0 {
          Logger.log(.error, component: "storage", "\(path): a torn line stays until the next open")
        }
        errno = code
        throw failure("cannot be written; \(unwritten.count) bytes are kept and tried again")
      }
      done += written
    }
    offset = end + Int64(done)
    lineNumber += unwritten.count { $0 == 0x0A }
    unwritten.removeAll(keepingCapacity: true)
  }

  private func failure(_ what: String) -> AttuneError {
    AttuneError(.io, "\(path): \(what): \(String(cString: strerror(errno)))", subject: path)
  }
}
