import ArgumentParser
import Attune
import AttuneCore
import AttuneStorage

/// Looks at a storage as a whole.
struct StorageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storage",
    abstract: "Look at a storage as a whole, and repair it.",
    subcommands: [StorageInfoCommand.self, StorageCheckCommand.self])
}

/// Says what a storage holds.
struct StorageInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what a storage is and how much it holds.")

  @OptionGroup var storage: StorageOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let database = StudyDatabase(try StorageAddress(try storage.readable()))
    Listing(object: try database.info()).print(format.format)
  }
}

/// Looks for what is not as it should be.
struct StorageCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage, stray rows, wrong numbers and trials whose worker is dead.",
    discussion: """
      With --repair, stray rows are deleted, and trials of dead workers become FAIL, their parameters \
      waiting to be tried again.

      Exit status 1 says that something is not as it should be.
      """)

  @OptionGroup var storage: StorageOptions

  @Flag(help: "Put right what can be.")
  var repair = false

  func run() throws {
    let place = try storage.readable()
    let database = StudyDatabase(try StorageAddress(place))
    var findings = try database.check(repairs: repair)
    // A damaged study cannot be opened to look at its trials.
    if findings.allSatisfy(\.isRepaired) { findings += try lostTrials(place, database) }
    for finding in findings {
      StandardStream.output.writeLine(
        finding.text + (finding.isRepaired ? ": repaired" : ""))
    }
    guard findings.allSatisfy(\.isRepaired) else { throw ExitStatus.error }
    StandardStream.output.writeLine(findings.isEmpty ? "all is well" : "all is well now")
  }

  private func lostTrials(
    _ place: String, _ database: StudyDatabase
  ) throws -> [StorageFinding] {
    var findings: [StorageFinding] = []
    // Studies that only another program has opened have no workers of ours.
    for study in try database.studies() where study.definition != nil {
      let opened = try Study.open(storage: place, name: study.name, ownsTrials: false)
      let lost = try repair ? opened.giveUpLostTrials() : opened.lostTrials()
      opened.close()
      guard !lost.isEmpty else { continue }
      let numbers = lost.map { "\($0)" }.joined(separator: ", ")
      findings.append(
        StorageFinding(
          text: "study \"\(study.name)\": the worker of trial \(numbers) is dead",
          isRepaired: repair))
    }
    return findings
  }
}
