import ArgumentParser
import AttuneCore
import AttuneObjectives
import Glibc

/// Works on objective plugins.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "List, check and write plugins.",
    subcommands: [
      PluginListCommand.self, PluginCheckCommand.self, PluginNewCommand.self,
      PluginPathCommand.self,
    ],
    aliases: ["plugins"])
}

/// Lists the plugins that are found, without running any code of theirs here.
struct PluginListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the plugins that are found.",
    discussion: """
      Looks for NAME.attune.so in the folders of `attune plugin path`. Each is opened in a process \
      of its own.
      """)

  @Option(
    help: ArgumentHelp("Look in these folders first, with : between.", valueName: "folders"),
    completion: .directory)
  var path: String?

  @OptionGroup var format: FormatOptions

  func run() throws {
    let search = PluginSearch(extraPath: path)
    let listings = try search.scan()
    var rows: [[JSON]] = []
    for listing in listings {
      if let error = listing.error {
        rows.append([.null, .null, .null, .string(listing.path), .string(error.message)])
        continue
      }
      let note = listing.shadowedBy.map { "hidden by \($0)" } ?? ""
      for id in listing.objectiveIDs {
        rows.append([
          listing.id.map(JSON.string) ?? .null, .string(id),
          listing.plugin?["version"] ?? .null, .string(listing.path), .string(note),
        ])
      }
    }
    var listing = Listing(document: .array(listings.map { .object($0.json) }))
    listing.columns = ["plugin", "objective", "version", "path", "note"]
    listing.rows = rows
    if rows.isEmpty && format.format == .table {
      StandardStream.error.writeLine(
        "attune: note: no plugin found; looked in \(search.folders.joined(separator: ", "))")
      return
    }
    listing.print(format.format)
  }
}

/// Tries a plugin in a process of its own.
struct PluginCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Try a plugin: what it offers, and whether it is what it claims.",
    discussion: """
      Opens the plugin in a process of its own, reads its descriptor and space, evaluates some \
      points, and compares what it claims (thread_safe, deterministic, ...) with what it does. \
      Exit status 1 says that something is wrong.
      """)

  @Argument(help: ArgumentHelp("A plugin's file, or an id.", valueName: "file|id"),
    completion: .file(extensions: ["so"]))
  var file: String

  @Option(help: ArgumentHelp("Only this objective.", valueName: "id"))
  var objective: String?

  @Option(
    help: ArgumentHelp("Configuration: JSON, or a JSON or YAML file.", valueName: "file|json"))
  var config: String?

  @Option(
    name: [.customShort("n"), .long], help: ArgumentHelp("Points to evaluate.", valueName: "n"))
  var evaluations: Int = 16

  @Flag(help: "Open a file that other users could have changed.")
  var allowUnsafePath = false

  @OptionGroup var format: FormatOptions

  func run() throws {
    guard (1...1_000_000).contains(evaluations) else {
      throw CommandError.usage("--evaluations is \(evaluations), wanted 1 to 1000000")
    }
    let path = try PluginReference.path(file)
    var arguments = ["--check", path, "--json", "--evaluations", "\(evaluations)"]
    if allowUnsafePath { arguments.append("--allow-unsafe-path") }
    if let objective { arguments += ["--objective", objective] }
    if let config { arguments += ["--config", try ObjectiveOptions.config(config, in: ".")] }
    let output = try ProgramOutput(try WorkerProgram.find(), arguments)
    if let signal = output.signal {
      let name = String(cString: strsignal(signal))
      throw CommandError("\(path): the plugin crashed while it was checked: \(name)")
    }
    let report: JSON
    do {
      report = try JSON(parsing: output.text)
    } catch {
      let status = output.status ?? 0
      throw CommandError("\(path): the check ended with status \(status) and no report")
    }
    print(report)
    if report["passed"]?.boolValue != true { throw ExitStatus.error }
  }

  private func print(_ report: JSON) {
    let findings = report["findings"]?.arrayValue ?? []
    guard format.format == .table else {
      var listing = Listing(document: report)
      listing.columns = ["name", "passed", "detail"]
      listing.rows = findings.map { finding in
        listing.columns.map { finding[$0] ?? .null }
      }
      return listing.print(format.format)
    }
    var failed = 0
    var rows: [[JSON]] = []
    for finding in findings {
      let passed = finding["passed"]?.boolValue == true
      if !passed { failed += 1 }
      rows.append([
        .string(passed ? "ok" : "FAIL"), finding["name"] ?? .null, finding["detail"] ?? .null,
      ])
    }
    StandardStream.output.write(
      TextTable(columns: ["", "", ""], rows: rows, showsHeading: false).text)
    StandardStream.output.writeLine(
      "\n\(FilePath.name(of: file)): "
        + (failed == 0 ? "all well" : failed == 1 ? "1 problem" : "\(failed) problems"))
  }
}

/// Prints where plugins are looked for.
struct PluginPathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Print the folders that are searched for plugins, in order.")

  @OptionGroup var format: FormatOptions

  func run() {
    let folders = PluginSearch().folders
    guard format.format != .table else {
      for folder in folders { StandardStream.output.writeLine(folder) }
      return
    }
    var listing = Listing(document: .array(folders.map(JSON.string)))
    listing.columns = ["folder"]
    listing.rows = folders.map { [.string($0)] }
    listing.print(format.format)
  }
}

/// A plugin as people name it.
enum PluginReference {
  /// What the search takes for a path: a file of the current folder needs no ./ here.
  static func reference(_ text: String) -> String {
    guard !text.contains("/"), text.hasSuffix(".so") || TextFile.exists(text) else { return text }
    return "./" + text
  }

  /// The file of a reference.
  static func path(_ text: String) throws -> String {
    try PluginSearch().find(reference(text)).path
  }
}
