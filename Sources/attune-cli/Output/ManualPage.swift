import AttuneCore

/// The help of a command and its subcommands as a man page.
struct ManualPage {
  private(set) var text = ""

  init(_ command: JSON) {
    text += ".TH ATTUNE 1 \"\" \"attune \(AttuneCommand.version)\" \"User commands\"\n"
    text += ".SH NAME\nattune \\- \(Self.escaped(Self.string(command, "abstract")))\n"
    text += ".SH SYNOPSIS\n.B attune\n.I command\n[\\fIoptions\\fR]\n"
    text += ".SH DESCRIPTION\n" + Self.literal(Self.string(command, "discussion"))
    text += ".SH COMMANDS\n"
    write(command, path: "attune", isRoot: true)
  }

  private mutating func write(_ command: JSON, path: String, isRoot: Bool) {
    if !isRoot {
      text += ".SS \(Self.escaped(path))\n\(Self.escaped(Self.string(command, "abstract")))\n"
      let discussion = Self.string(command, "discussion")
      if !discussion.isEmpty { text += ".PP\n" + Self.literal(discussion) }
      for argument in command["arguments"]?.arrayValue ?? [] { write(argument: argument) }
    }
    for subcommand in command["subcommands"]?.arrayValue ?? [] {
      let name = Self.string(subcommand, "commandName")
      guard name != "help", subcommand["shouldDisplay"]?.boolValue ?? true else { continue }
      write(subcommand, path: path + " " + name, isRoot: false)
    }
  }

  private mutating func write(argument: JSON) {
    let names = (argument["names"]?.arrayValue ?? []).map { name in
      let dashes = Self.string(name, "kind") == "long" ? "--" : "-"
      return dashes + Self.string(name, "name")
    }
    guard argument["shouldDisplay"]?.boolValue ?? true, names != ["-h", "--help"],
      !names.contains("--version")
    else { return }
    let value = Self.string(argument, "valueName")
    let kind = Self.string(argument, "kind")
    text += ".TP\n"
    if kind == "positional" {
      text += "\\fI\(Self.escaped(value))\\fR\n"
    } else {
      text += names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
      text += kind == "option" ? " \\fI\(Self.escaped(value))\\fR\n" : "\n"
    }
    text += Self.escaped(Self.string(argument, "abstract")) + "\n"
  }

  fileprivate static func string(_ json: JSON, _ key: String) -> String {
    json[key]?.stringValue ?? ""
  }

  /// Paragraphs are filled; indented lines, such as examples, stay as they are.
  private static func literal(_ text: String) -> String {
    var result = ""
    var isExample = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let example = line.hasPrefix("  ")
      if example != isExample { result += example ? ".nf\n" : ".fi\n" }
      isExample = example
      result += line.isEmpty ? ".PP\n" : escaped(String(line)) + "\n"
    }
    return result + (isExample ? ".fi\n" : "")
  }

  /// Text without anything that roff would take for its own.
  private static func escaped(_ text: String) -> String {
    var text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    if text.hasPrefix(".") || text.hasPrefix("'") { text = "\\&" + text }
    return text
  }
}
