import ArgumentParser
import AttuneCore

/// Works on search spaces.
struct SpaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "space", abstract: "Check a search space.", subcommands: [SpaceCheckCommand.self])
}

/// Reads a space in any dialect and prints it in Attune's own.
struct SpaceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Print a space as Attune reads it, or what is wrong with it.",
    discussion: """
      Reads Attune's own JSON or YAML, the space of a study file, W&B sweeps (parameters:) and \
      Optuna's distributions. -f json prints the space alone, in Attune's JSON.
      """)

  @Argument(
    help: ArgumentHelp(
      "JSON, or a JSON or YAML file; - is standard input.", valueName: "file|json"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var space: String

  @OptionGroup var format: FormatOptions

  func run() throws {
    let reading = try SpaceReading(space)
    let space = reading.space
    for note in reading.notes { StandardStream.error.writeLine("attune: note: \(note)") }
    guard format.format == .table else {
      var listing = Listing(document: space.jsonValue)
      listing.columns = ["parameter", "type", "definition"]
      listing.rows =
        space.jsonValue.objectValue?.map { name, parameter in
          [.string(name), parameter["type"] ?? .null, .string(parameter.text(.spaced))]
        } ?? []
      return listing.print(format.format)
    }
    StandardStream.output.write(SpaceText(space).text)
    for constraint in space.constraints {
      StandardStream.output.writeLine("constraint: \(constraint.jsonText)")
    }
    let parameters = space.count == 1 ? "1 parameter" : "\(space.count) parameters"
    let points = SpaceSize(space).text
    StandardStream.output.writeLine("\n\(parameters), \(points)")
  }
}
