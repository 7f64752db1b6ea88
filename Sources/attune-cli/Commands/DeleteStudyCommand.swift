import ArgumentParser
import Attune
import AttuneCore
import Glibc

/// Deletes a study with its trials, after asking.
struct DeleteStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete-study",
    abstract: "Delete a study and all its trials.",
    discussion: "Asks first, unless --yes is given. What is deleted cannot be had back.")

  @OptionGroup var storage: StorageOptions

  @Flag(name: [.customShort("y"), .long], help: "Do not ask.")
  var yes = false

  func run() throws {
    let place = try storage.readable()
    let studies = try Study.summaries(storage: place)
    guard let name = storage.chosenName else {
      let names = studies.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw CommandError.usage(
        "no study is named, wanted one of \(names.isEmpty ? "none" : names)",
        hint: "--study-name NAME")
    }
    guard let study = studies.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: studies.map(\.name))
      throw CommandError("no study \"\(name)\" in \(StorageOptions.shown(place))\(near)")
    }
    if !yes { try confirm(study) }
    do {
      try Study.delete(storage: place, name: name)
    } catch {
      throw CommandError(error)
    }
    StandardStream.output.writeLine("study \(name) with \(study.trialCount) trials deleted")
  }

  private func confirm(_ study: StudySummary) throws(CommandError) {
    guard isatty(STDIN_FILENO) == 1 else {
      throw .usage(
        "study \"\(study.name)\" has \(study.trialCount) trials, and nobody can be asked",
        hint: "--yes deletes it")
    }
    StandardStream.error.write(
      "Delete study \"\(study.name)\" with \(study.trialCount) trials? [y/N] ")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      throw CommandError("study \"\(study.name)\" is kept")
    }
  }
}
