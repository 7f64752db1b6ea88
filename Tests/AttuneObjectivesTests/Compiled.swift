import Foundation
import Synchronization

/// Shared objects that tests compile from `Tests/plugins`, each once.
enum Compiled {
  private static let built = Mutex<[String: String]>([:])

  /// The package's folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A fresh folder that only this user writes.
  static let folder: String = {
    let folder = NSTemporaryDirectory() + "attune-objectives-tests-\(getpid())"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    atexit { try? FileManager.default.removeItem(atPath: Compiled.folder) }
    return folder
  }()

  struct CompilerFailed: Error { let output: String }

  /// The path of `source`, compiled with these macros; `name` ends in `.so`.
  static func library(_ source: String, as name: String, _ macros: String...) throws -> String {
    let path = "\(folder)/\(name)"
    return try built.withLock { built in
      if let path = built[name] { return path }
      let isCXX = source.hasSuffix(".cpp")
      let output = try run(
        isCXX ? "c++" : "cc",
        [
          isCXX ? "-std=c++17" : "-std=c11", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra",
          "-Werror", "-I\(root)/include",
        ] + macros.map { "-D\($0)" } + [
          "\(root)/Tests/plugins/\(source)", "-o", path, "-lm", "-lpthread",
        ])
      guard output.status == 0 else { throw CompilerFailed(output: output.text) }
      built[name] = path
      return path
    }
  }

  static func plugin(_ source: String, _ variant: String? = nil) throws -> String {
    let base = source.split(separator: ".")[0]
    guard let variant else { return try library(source, as: "\(base).attune.so") }
    return try library(source, as: "\(base)-\(variant).attune.so", variant)
  }

  static func native() throws -> String { try library("native.c", as: "libnative.so") }

  /// Runs a program and gives its status and all it printed.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
