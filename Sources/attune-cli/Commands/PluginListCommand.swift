import ArgumentParser
import AttuneCore
import AttuneObjectives

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
