import ArgumentParser

/// How results are written to standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
  case csv
  case yaml
}

/// The option `-f`, shared by all commands that print results.
struct FormatOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp(
      "Form of the output.", valueName: "format"))
  var format: OutputFormat = .table
}
