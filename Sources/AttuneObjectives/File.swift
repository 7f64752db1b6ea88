import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few things plugins and their cache need of the file system.
enum File {
  /// The path without symbolic links, or the reason why there is none.
  static func canonical(_ path: String) throws(AttuneError) -> String {
    guard !path.utf8.contains(0) else {
      throw AttuneError(.invalidArgument, "the path has a NUL character, wanted text without")
    }
    guard let resolved = realpath(path, nil) else {
      throw AttuneError(
        errno == ENOENT ? .notFound : .io, "\(path): \(reason(errno))", subject: path)
    }
    defer { free(resolved) }
    guard let text = String(validatingCString: resolved) else {
      throw AttuneError(.invalidArgument, "\(path): the path is not UTF-8", subject: path)
    }
    return text
  }

  /// The path from the root on.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }

  static func facts(_ path: String) throws(AttuneError) -> attune_file_facts {
    var facts = attune_file_facts()
    let error = attune_file_facts_of(path, &facts)
    guard error == 0 else {
      throw AttuneError(
        error == ENOENT ? .notFound : .io, "\(path): \(reason(error))", subject: path)
    }
    return facts
  }

  /// The folder of a path: what stands before the last `/`.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The names in a folder, sorted; empty when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name { names.append(name) }
    }
    return names.sorted()
  }

  /// Hands out the bytes of a file in pieces.
  static func read(
    _ path: String, limit: Int = .max, _ take: (UnsafeRawBufferPointer) -> Void
  ) throws(AttuneError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw AttuneError(
        errno == ENOENT ? .notFound : .io, "\(path): \(reason(errno))", subject: path)
    }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    defer { buffer.deallocate() }
    var rest = limit
    while rest > 0 {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, buffer.baseAddress, min(buffer.count, rest))
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, min(buffer.count, rest))
      #else
        let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, rest))
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw AttuneError(.io, "\(path): \(reason(errno))", subject: path)
      }
      if count == 0 { return }
      rest -= count
      take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The first bytes of a file.
  static func start(_ path: String, limit: Int) throws(AttuneError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(path, limit: limit) { bytes.append(contentsOf: $0) }
    return bytes
  }

  static func sha256(_ path: String) throws(AttuneError) -> String {
    var digest = SHA256()
    try read(path) { digest.update($0) }
    return digest.finish()
  }

  /// Writes a file so that a reader sees all of it or none; `false` when it cannot be written.
  static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let isWritten = bytes.withUnsafeBytes { bytes in
      write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
    }
    close(descriptor)
    if isWritten, rename(temporary, path) == 0 { return true }
    unlink(temporary)
    return false
  }

  /// Makes a folder and those above it, as private as caches are.
  static func makeFolder(_ path: String) {
    guard !path.isEmpty, path != "/", access(path, F_OK) != 0 else { return }
    makeFolder(folder(of: path))
    mkdir(path, 0o700)
  }

  /// Makes a folder as `makeFolder` does; whether it is there then. Another process may remove an empty
  /// folder above it at the same moment.
  static func makeOwnFolder(_ path: String) -> Bool {
    for _ in 0..<3 {
      makeFolder(path)
      if isFolder(path) { return true }
    }
    return false
  }

  static func isFolder(_ path: String) -> Bool {
    guard let stream = opendir(path) else { return false }
    closedir(stream)
    return true
  }

  /// Removes a folder with all that is in it, if it is there.
  static func removeFolder(_ path: String) { attune_remove_folder(path) }

  static func isExecutable(_ path: String) -> Bool {
    // A file whose facts cannot be had, mostly since there is none, is nothing to run.
    guard let facts = try? facts(path), facts.is_regular != 0 else { return false }
    return access(path, X_OK) == 0
  }

  static var currentUser: UInt32 { UInt32(geteuid()) }

  /// The system's words for an error number.
  static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
