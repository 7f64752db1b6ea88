import Glibc

/// Whole files of UTF-8 text.
enum TextFile {
  /// Reads a file; "-" is standard input.
  static func read(_ path: String) throws(CommandError) -> String {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { if descriptor > 0 { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path)
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError("\(path) is not UTF-8 text, wanted a text file", status: .usage)
    }
    return text
  }

  /// Creates a file that must not exist yet.
  static func create(_ path: String, _ text: String) throws(CommandError) {
    try write(path, text, flags: O_WRONLY | O_CREAT | O_EXCL)
  }

  /// Creates a file, or replaces what it holds.
  static func replace(_ path: String, _ text: String) throws(CommandError) {
    try write(path, text, flags: O_WRONLY | O_CREAT | O_TRUNC)
  }

  private static func write(_ path: String, _ text: String, flags: Int32) throws(CommandError) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CommandError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        throw CommandError("cannot write \(path): \(reason)")
      }
      rest = rest.dropFirst(count)
    }
    guard close(descriptor) == 0 else {
      throw CommandError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func unreadable(_ path: String) -> CommandError {
    CommandError("cannot read \(path): \(String(cString: strerror(errno)))", status: .usage)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
