import Glibc

/// What lies beside this program: in an installed tree, or in the source tree it was built in.
enum InstalledFiles {
  /// The folder of attune_plugin.h; `nil` where it is not found.
  static let includeFolder = find("include", with: "attune_plugin.h")

  /// The folder of the sources of the Swift module for authors; `nil` where it is not found.
  static let swiftFolder =
    find("share/attune/swift", with: "") ?? find("Sources/AttunePlugin", with: "")

  /// `folder` in one of the folders above the program that has `file` in it.
  private static func find(_ folder: String, with file: String) -> String? {
    guard var place = programFolder else { return nil }
    // bin/attune is one below its prefix, .build/x86_64-unknown-linux-gnu/release/attune three.
    for _ in 0..<4 {
      place = FilePath.folder(of: place)
      let path = place == "/" ? "/\(folder)" : "\(place)/\(folder)"
      if TextFile.exists(path + "/" + file) { return path }
    }
    return nil
  }

  private static var programFolder: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return FilePath.folder(of: String(cString: path))
  }
}
