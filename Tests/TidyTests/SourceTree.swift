import Foundation
import Testing

/// The Swift files of the package, as text.
enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct File: Sendable, CustomStringConvertible {
    /// From the package's folder: "Sources/AttuneCore/Space.swift".
    let path: String
    let lines: [String]

    var target: String { String(path.split(separator: "/")[1]) }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var description: String { path }
  }

  /// The files under a folder of the package, sorted by path.
  static func files(_ folder: String) -> [File] {
    let base = root.appendingPathComponent(folder)
    let paths =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
      guard
        let text = try? String(
          contentsOf: base.appendingPathComponent(path), encoding: .utf8)
      else {
        Issue.record("\(folder)/\(path) cannot be read")
        return nil
      }
      return File(path: "\(folder)/\(path)", lines: text.components(separatedBy: "\n"))
    }
  }

  static let sources = files("Sources")
  static let tests = files("Tests")

  /// The targets that end up in libattune.so: no Foundation, no Dispatch, no Swift tasks.
  static let libraryTargets: Set<String> = [
    "AttuneNumerics", "AttuneCore", "AttuneStrategies", "AttuneStorage", "AttuneObjectives",
    "Attune", "AttuneCABI",
  ]
}
