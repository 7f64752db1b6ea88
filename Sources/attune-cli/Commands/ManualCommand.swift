import ArgumentParser
import AttuneCore

/// Prints the man page, made from the help of all commands.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the man page: attune manual > attune.1",
    shouldDisplay: false)

  func run() throws {
    let help = try JSON.object(parsing: AttuneCommand._dumpHelp(), what: "help")
    StandardStream.output.write(ManualPage(help["command"] ?? .null).text)
  }
}
