import Attune
import AttuneCore
import AttuneObjectives
import AttuneStorage
import AttuneStrategies

/// Opens a study, or creates it, as settings say.
struct StudyMaker {
  let settings: RunSettings

  init(_ settings: RunSettings) { self.settings = settings }

  struct Made {
    let study: Study
    let isNew: Bool
  }

  /// Opens the study that is there, with the settings compared; creates it with `space` otherwise.
  func open(
    orCreateWith space: Space?, directions: [Direction] = [.minimize]
  ) throws -> Made {
    if let made = try existing() { return made }
    guard let space else {
      let name = settings.studyName.map { "study \"\($0)\"" } ?? "study"
      throw CommandError.usage(
        "\(settings.storage.map(StorageOptions.shown) ?? "memory") has no \(name), and no space is given to create it",
        hint: "--space space.yaml, or attune studies lists what there is")
    }
    return try create(space, directions: directions)
  }

  /// Creates a study that must not exist. Without a name it gets `standardName`, with a number behind it
  /// where others have that.
  func create(
    _ space: Space, directions: [Direction], standardName: String = "study"
  ) throws -> Made {
    var study = try studySettings()
    study.space = space
    if study.directions.isEmpty { study.directions = directions }
    guard study.name == nil else { return Made(study: try created(study), isNew: true) }
    study.name = standardName
    while true {
      do {
        return Made(study: try created(study), isNew: true)
      } catch {
        // Another study, perhaps of another process at this moment, has the name.
        guard error.isNameTaken, let storage = settings.storage else { throw error }
        study.name = Self.free(standardName, among: try Study.names(storage: storage))
      }
    }
  }

  private static func free(_ name: String, among taken: [String]) -> String {
    let taken = Set(taken)
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  /// A name that needs no quotes in a shell, from an id or a path.
  static func name(for subject: String) -> String {
    var name = FilePath.name(of: subject)
    if let dot = name.firstIndex(of: "."), subject.contains("/") || name.hasSuffix(".py") {
      name = String(name[..<dot])
    }
    let kept = name.unicodeScalars.filter {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0)
    }
    return kept.isEmpty ? "study" : String(String.UnicodeScalarView(kept))
  }

  /// The study that is there, where there is one that fits.
  func existing() throws -> Made? {
    guard let storage = settings.storage else { return nil }
    let address = try StorageAddress(storage)
    guard !address.isMemory, address.file.map(TextFile.exists) ?? true else { return nil }
    guard let found = try opened(storage) else { return nil }
    let isDeterministic = settings.isDeterministic == true || settings.window != nil
    if settings.space == nil && settings.directions.isEmpty && !isDeterministic {
      return Made(study: found, isNew: false)
    }
    // The engine compares what is said with what is recorded.
    var study = try studySettings()
    study.name = found.name
    study.space = settings.space ?? (found.isDefineByRun ? nil : found.space)
    if study.directions.isEmpty { study.directions = found.directions }
    if study.strategy == nil { study.strategy = found.strategyName }
    found.close()
    return Made(
      study: try Study.create(study, storage: storage, loadIfExists: true), isNew: false)
  }

  private func created(_ study: Study.Settings) throws(CommandError) -> Study {
    do {
      return try Study.create(study, storage: settings.storage)
    } catch {
      throw CommandError(
        error, more: error.code == .alreadyExists ? difference(from: study) : "",
        hint: hint(for: error), isNameTaken: error.code == .alreadyExists)
    }
  }

  /// How the study of that name differs from the one that is wanted; empty where it does not.
  private func difference(from wanted: Study.Settings) -> String {
    // Only to say more in an error, which stands without it.
    guard settings.studyName != nil, let storage = settings.storage,
      let found = try? Study.open(storage: storage, name: wanted.name, ownsTrials: false)
    else { return "" }
    defer { found.close() }
    var differences: [String] = []
    func note(_ what: String, _ found: String, _ wanted: String) {
      if found != wanted { differences.append("\(what) \(found) instead of \(wanted)") }
    }
    func words(_ directions: [Direction]) -> String {
      directions.map(\.name).joined(separator: ", ")
    }
    note("directions", words(found.directions), words(wanted.directions))
    if let strategy = wanted.strategy {
      // An alias means the strategy; one that nobody knows was refused already.
      let name = try? StrategyCatalog.description(named: strategy).name
      note("strategy", found.strategyName, name ?? strategy)
    }
    for parameter in wanted.space?.parameters ?? [] {
      let known = found.space.find(parameter.name).map { found.space.parameters[$0].jsonText }
      note("parameter \"\(parameter.name)\"", known ?? "missing", parameter.jsonText)
    }
    for parameter in found.space.parameters
    where wanted.space?.find(parameter.name) == nil && !found.isDefineByRun {
      note("parameter \"\(parameter.name)\"", parameter.jsonText, "none")
    }
    func list(_ space: Space?) -> String {
      let constraints = space?.constraints ?? []
      return constraints.isEmpty ? "none" : constraints.map(\.jsonText).joined(separator: ", ")
    }
    note("constraints", list(found.space), list(wanted.space))
    return differences.isEmpty ? "" : ", with " + differences.joined(separator: "; ")
  }

  private func hint(for error: AttuneError) -> String? {
    switch error.code {
    case .alreadyExists: "--load-if-exists continues it"
    case .io where settings.storage == StorageOptions.standard:
      "--storage FILE keeps the study elsewhere, --storage memory: nowhere"
    default: nil
    }
  }

  /// The study of the storage; `nil` when it has none of that name.
  private func opened(_ storage: String) throws(AttuneError) -> Study? {
    do {
      return try Study.open(
        storage: storage, name: settings.studyName, strategy: settings.strategy,
        strategyOptions: settings.strategyOptions, durability: settings.durability ?? .process,
        ownsTrials: settings.ownsTrials)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private func studySettings() throws(CommandError) -> Study.Settings {
    var study = Study.Settings()
    study.name = settings.studyName
    study.directions = settings.directions
    study.strategy = settings.strategy
    study.strategyOptions = settings.strategyOptions
    study.seed = settings.seed
    study.durability = settings.durability ?? .process
    study.ownsTrials = settings.ownsTrials
    if study.seed == nil, let seed = Environment.seed.value {
      study.seed = try OptionValue.seed(seed, of: Environment.seed.rawValue)
    }
    if let name = settings.duplicates, let policy = DuplicatePolicy(rawValue: name) {
      study.duplicates = policy
    }
    study.isDeterministic = settings.isDeterministic ?? false
    study.window = settings.window
    study.standardWindow = (settings.nJobs ?? .count(1)).number ?? Surroundings.processorCount
    return study
  }
}
