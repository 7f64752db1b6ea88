import ArgumentParser
import AttuneCore
import AttuneObjectives
import Glibc

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

  @Argument(
    help: ArgumentHelp("A plugin's file, or an id.", valueName: "file|id"),
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
