import ArgumentParser
import Attune
import AttuneCore

/// Gives the parameters of the next trial to evaluate elsewhere.
struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Get the parameters of the next trial.",
    discussion: """
      Prints {"number": 0, "params": {...}}, one line a trial. Evaluate it anywhere, then give \
      its number to `attune tell`. With --space a study that is missing is created.

      Exit status 4 says that every point has been asked.
      """)

  @OptionGroup var storage: StorageOptions
  @OptionGroup var study: StudyOptions

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Ask for this many trials at once.", valueName: "n"))
  var count: Int?

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp(
      "table, json, csv or yaml. Default: a line of JSON for each trial.", valueName: "format"))
  var format: OutputFormat?

  func run() throws {
    _ = try LimitOptions.counted(count, low: 1, option: "--count")
    var settings = RunSettings()
    try study.apply(to: &settings)
    settings.storage = try storage.writable()
    settings.studyName = storage.chosenName
    settings.loadIfExists = true
    // This process ends here, and the trials go on elsewhere.
    settings.ownsTrials = false
    for note in settings.notes { StandardStream.error.writeLine("attune: note: \(note)") }
    let study = try StudyMaker(settings).open(orCreateWith: settings.space).study
    defer { study.close() }
    let trials =
      try count.map { count throws(AttuneError) in try study.ask(count: count) }
      ?? [try study.ask()]
    var objects: [JSON.Object] = []
    for trial in trials {
      objects.append([
        "number": .int(Int64(trial.number)), "params": JSON(params: trial.params),
      ])
    }
    guard let format else {
      for object in objects {
        StandardStream.output.writeLine(JSON.object(object).text(.spaced))
      }
      return
    }
    listing(objects, space: study.space).print(format)
  }

  private func listing(_ objects: [JSON.Object], space: Space) -> Listing {
    let names = space.parameters.map(\.name)
    let isSingle = count == nil && objects.count == 1
    var listing = Listing(
      document: isSingle ? .object(objects[0]) : .array(objects.map(JSON.object)))
    listing.columns = ["number"] + names
    listing.rows = objects.map { object in
      [object["number"] ?? .null] + names.map { object["params"]?[$0] ?? .null }
    }
    return listing
  }
}
