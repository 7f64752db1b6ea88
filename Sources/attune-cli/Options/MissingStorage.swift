import AttuneCore
import Glibc

/// A database file that is not there, and those that are meant instead perhaps.
struct MissingStorage {
  private let path: String

  init(_ path: String) { self.path = path }

  var error: CommandError {
    CommandError(
      "\(path): no such file",
      hint: hint ?? "attune run ... --storage \(Shell.quoted(path)) makes it")
  }

  /// The databases that its folder has; `nil` for none.
  var hint: String? {
    let folder = FilePath.folder(of: path)
    guard TextFile.isDirectory(folder) else { return "there is no folder \(folder)" }
    let names = Self.databases(of: folder)
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(3).map { FilePath.joined($0, in: folder) }
    return "there is \(shown.joined(separator: ", "))\(names.count > 3 ? ", ..." : "")"
  }

  private static func databases(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if [".db", ".sqlite", ".sqlite3"].contains(where: name.hasSuffix) { names.append(name) }
    }
    return names.sorted()
  }
}
