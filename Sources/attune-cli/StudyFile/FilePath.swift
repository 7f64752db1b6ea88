import Glibc

/// Paths that count from a study file's folder.
enum FilePath {
  /// The folder of a file, "." where its path names none.
  static func folder(of path: String) -> String {
    guard path != "-", let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path from a folder; absolute ones stay.
  static func joined(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") { return path }
    return folder == "." ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// A library or plugin: a path where it has a slash or names a file of the folder, otherwise a name
  /// that the loader or the plugin search knows, kept as it is.
  static func resolved(_ name: String, in folder: String) -> String {
    if name.hasPrefix("/") { return name }
    let path = joined(name, in: folder)
    guard name.contains("/") || TextFile.exists(path) else { return name }
    // Loaders take a path only where there is a slash.
    return path.contains("/") ? path : "./" + path
  }

  /// An absolute form of a path, without resolving links.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }

  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
