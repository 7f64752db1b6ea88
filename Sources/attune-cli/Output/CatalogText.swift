import AttuneCore

/// One strategy, pruner or stop rule with its options.
struct CatalogText {
  let name: String
  let summary: String
  let options: [OptionDescription]
  /// What stands before an option on the command line.
  let flag: String
  let json: String

  func print(_ format: OutputFormat) {
    let rows: [[JSON]] = options.map { option in
      [
        .string(option.key), .string(option.typeName), option.standard.json,
        .string(option.range), .string(option.summary),
      ]
    }
    let columns = ["option", "type", "default", "range", "summary"]
    var listing = Listing(document: (try? JSON(parsing: json)) ?? .null)
    listing.columns = columns
    listing.rows = rows
    if format == .table {
      StandardStream.output.writeLine("\(name): \(summary)")
      guard !options.isEmpty else { return StandardStream.output.writeLine("It takes no options.") }
      StandardStream.output.writeLine("Options, given as \(flag)key=value:\n")
    }
    listing.print(format)
  }
}
