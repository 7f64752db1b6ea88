import AttuneCore
import Glibc

/// A text file, read or written as a whole.
struct TextFile {
  let path: String

  func read() throws -> String {
    guard let file = fopen(path, "r") else { throw failure() }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    guard ferror(file) == 0 else { throw failure() }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ text: String) throws {
    guard let file = fopen(path, "w") else { throw failure() }
    let bytes = Array(text.utf8)
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else { throw failure() }
  }

  private func failure() -> AttuneError {
    AttuneError(.io, "\(path): \(String(cString: strerror(errno)))", subject: path)
  }
}
