import ArgumentParser

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
