import ArgumentParser
import AttuneCore

/// What is evaluated, beyond the positional argument.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A plugin's objective, where it has several.", valueName: "id"))
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "Configuration of a plugin's objective: JSON, or a JSON or YAML file.",
      valueName: "file|json"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var config: String?

  @Flag(help: "Open a plugin's file that other users could have changed.")
  var allowUnsafePath = false

  @Option(
    help: ArgumentHelp(
      "Shared library with a native function: a path, or a name such as libm.so.6.",
      valueName: "library"),
    completion: .file())
  var native: String?

  @Option(
    help: ArgumentHelp(
      "The function of --native: 'f64 name(f64 lr, i32 depth, cstr kernel)'. Argument names are "
        + "parameter names; i8 to i64, u8 to u64, f32, f64, bool, cstr.", valueName: "signature"))
  var call: String?

  @Option(
    name: .customLong("command"),
    help: ArgumentHelp(
      "A command line for the shell, instead of -- PROGRAM ARGUMENTS.", valueName: "line"))
  var shellCommand: String?

  /// `target` is a plugin, `command` what stands after `--`.
  func apply(
    to settings: inout RunSettings, target: String?, command: [String]
  ) throws(CommandError) {
    var sources: [(name: String, source: RunSettings.Source)] = []
    if let target { sources.append(("the plugin \(target)", .plugin(target))) }
    if let native { sources.append(("--native", .native(library: native))) }
    if let shellCommand {
      sources.append(("--command", .command([shellCommand], shell: true)))
    }
    if !command.isEmpty { sources.append(("-- \(command[0])", .command(command, shell: false))) }
    guard sources.count <= 1 else {
      throw .usage(
        "\(sources.map(\.name).joined(separator: " and ")) are given, wanted one objective")
    }
    settings.source = sources.first?.source
    settings.objectiveID = objective
    settings.call = call
    if allowUnsafePath { settings.allowsUnsafePath = true }
    settings.config = try config.map { text throws(CommandError) in
      try Self.config(text, in: ".")
    }
  }

  /// JSON text from JSON, or from the JSON or YAML file of that name.
  static func config(_ text: String, in folder: String) throws(CommandError) -> String {
    let first = text.first { !$0.isWhitespace }
    if first == "{" || first == "[" {
      return try Document(json: text, name: "--config").root.json.text()
    }
    return try Document(file: text == "-" ? text : FilePath.joined(text, in: folder)).root.json
      .text()
  }
}
