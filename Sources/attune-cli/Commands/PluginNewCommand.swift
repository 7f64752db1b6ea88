import ArgumentParser
import AttuneCore
import Glibc

/// Writes a working plugin to start from.
struct PluginNewCommand: ParsableCommand {
  enum Language: String, ExpressibleByArgument, CaseIterable {
    case c
    case cpp
    case swift
  }

  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a working plugin to start from.",
    discussion: "attune plugin new --lang c svm && cd svm && make && make check && make run")

  @Option(help: "The language.")
  var lang: Language = .c

  @Option(
    help: ArgumentHelp(
      "Folder to write, made when missing. Default: one of the plugin's name.",
      valueName: "folder"), completion: .directory)
  var dir: String?

  @Argument(help: ArgumentHelp("Name of the plugin: letters, digits, - and _.", valueName: "name"))
  var name: String

  func run() throws {
    let names = try PluginNames(name)
    let files =
      switch lang {
      case .c: CPluginScaffold.files(names)
      case .cpp: CppPluginScaffold.files(names)
      case .swift: SwiftPluginScaffold.files(names)
      }
    let folder = dir ?? name
    let paths = files.map { "\(folder)/\($0.name)" }
    if let taken = paths.first(where: TextFile.exists) {
      throw CommandError("\(taken) exists, wanted a place for a new file", hint: "--dir FOLDER")
    }
    guard mkdir(folder, 0o777) == 0 || TextFile.isDirectory(folder) else {
      throw CommandError("cannot make \(folder): \(String(cString: strerror(errno)))")
    }
    for (path, file) in zip(paths, files) { try TextFile.create(path, file.text) }
    for path in paths { StandardStream.output.writeLine(path) }
    StandardStream.error.write(
      "\nNext:\n  cd \(Shell.quoted(folder)) && make && make check && make run\n")
  }
}
