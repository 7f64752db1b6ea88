import ArgumentParser
import Attune
import AttuneCore

/// Lists the studies of a storage.
struct StudiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studies",
    abstract: "List the studies of a storage.")

  @OptionGroup var storage: StorageOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let objects = try Study.summaries(storage: try storage.readable())
      .filter { storage.studyName == nil || $0.name == storage.studyName }
      .map { summary -> JSON.Object in
        [
          "name": .string(summary.name),
          "directions": .array(summary.directions.map { .string($0.name) }),
          "strategy": .string(summary.strategy), "trials": .int(Int64(summary.trialCount)),
          "best_value": summary.bestValue.map(JSON.float) ?? .null,
          "created": .string(TimeText.utc(summary.created)),
        ]
      }
    var listing = Listing(
      objects: objects,
      columns: ["name", "directions", "strategy", "trials", "best_value", "created"])
    listing.rows = listing.rows.map { row in
      var row = row
      row[1] = .string((row[1].arrayValue ?? []).compactMap(\.stringValue).joined(separator: " "))
      return row
    }
    listing.print(format.format)
  }
}
