import ArgumentParser
import AttuneCore
import AttuneObjectives

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
