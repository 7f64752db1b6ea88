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
  /// A line that another process appended, with its number from 1.
  typealias Line = (number: Int, bytes: ArraySlice<UInt8>)

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

  /// Locks the file, hands over the lines others appended, and appends the lines `body` returns.
  ///
  /// Lines that `take` refuses are handed over again at the next call. Lines that cannot be written
  /// are dropped, or with `keeps` written by a later call before its own.
  func transact(
    keeps: Bool, take: (_ others: [Line]) throws(AttuneError) -> Void,
    _ body: () throws(AttuneError) -> [UInt8]
  ) throws(AttuneError) {
    try lock()
    defer { flock(descriptor, LOCK_UN) }
    try checkNotDeleted()
    let end = try repairedLength()
    let lines = split(try read(from: offset, to: end))
    try take(lines)
    offset = end
    lineNumber += lines.count
    let added = try body()
    do throws(AttuneError) {
      try append(unwritten + added, at: end)
      unwritten = []
    } catch {
      if keeps { unwritten += added }
      guard !unwritten.isEmpty else { throw error }
      throw AttuneError(
        error.code,
        "\(error.message); \(unwritten.count { $0 == 0x0A }) lines are kept and tried again",
        subject: error.subject)
    }
  }

  private func lock() throws(AttuneError) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("cannot be locked") }
    }
  }

  private func checkNotDeleted() throws(AttuneError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
    guard status.st_nlink > 0 else {
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
    // Nothing is cut off a file that is none of ours.
    if offset == 0 { try checkHeader(to: end) }
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
    Logger.enqueue(
      .warning, component: "storage",
      "\(path): cut off \(end - start) bytes of a line that was not finished")
    return start
  }

  /// Fails unless the file begins with the first line of a journal, or a part of it and nothing else.
  private func checkHeader(to end: Int64) throws(AttuneError) {
    let start = try read(from: 0, to: min(end, 4096))
    if let newline = start.firstIndex(of: 0x0A) {
      try JournalHeader.check(start[..<newline], path: path)
    } else if !JournalHeader.line.starts(with: start) {
      throw JournalHeader.foreign(path: path, "its first line has no end")
    }
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

  private func split(_ bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      lines.append((lineNumber + lines.count + 1, bytes[start..<end]))
      start = end + 1
    }
    return lines
  }

  /// Appends lines, all or none.
  private func append(_ lines: [UInt8], at end: Int64) throws(AttuneError) {
    var done = 0
    while done < lines.count {
      let written = lines.withUnsafeBytes { buffer in
        buffer.baseAddress.map { write(descriptor, $0 + done, buffer.count - done) } ?? 0
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        let code = errno
        if done > 0, ftruncate(descriptor, off_t(end)) != 0 {
          Logger.enqueue(
            .error, component: "storage", "\(path): a torn line stays until the next open")
        }
        errno = code
        throw failure("cannot be written")
      }
      done += written
    }
    offset = end + Int64(done)
    lineNumber += lines.count { $0 == 0x0A }
  }

  private func failure(_ what: String) -> AttuneError {
    AttuneError(.io, "\(path): \(what): \(String(cString: strerror(errno)))", subject: path)
  }
}
