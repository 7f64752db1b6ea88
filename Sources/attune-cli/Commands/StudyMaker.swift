import Attune
import AttuneCore

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
      let name = settings.studyName.map { "study \"\($0)\"" } ?? "a study"
      throw CommandError.usage(
        "\(settings.storage ?? "memory") has no \(name), and no space is given to create it",
        hint: "--space space.yaml, or attune studies lists what there is")
    }
    return try create(space, directions: directions)
  }

  /// Creates a study that must not exist. Without a name it is called after `subject`.
  func create(
    _ space: Space, directions: [Direction], subject: String = "study"
  ) throws -> Made {
    var study = try studySettings()
    study.space = space
    if study.directions.isEmpty { study.directions = directions }
    guard study.name == nil else { return Made(study: try created(study), isNew: true) }
    let base = Self.name(for: subject)
    var number = 0
    while true {
      number += 1
      study.name = number == 1 ? base : "\(base)-\(number)"
      do {
        return Made(study: try created(study), isNew: true)
      } catch {
        // Another study, perhaps of another process at this moment, has the name.
        guard error.isNameTaken, number < 100_000 else { throw error }
      }
    }
  }

  /// A name that needs no quotes in a shell, from an id or a path.
  private static func name(for subject: String) -> String {
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
    guard let storage = settings.storage, storage != "memory:", TextFile.exists(storage) else {
      return nil
    }
    guard let found = try opened(storage) else { return nil }
    if settings.space == nil && settings.directions.isEmpty {
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
        error, hint: error.code == .alreadyExists ? "--load-if-exists continues it" : nil,
        isNameTaken: error.code == .alreadyExists)
    }
  }

  /// The study of the storage; `nil` when it has none of that name.
  private func opened(_ storage: String) throws(AttuneError) -> Study? {
    do {
      return try Study.open(
        storage: storage, name: settings.studyName, strategy: settings.strategy,
        strategyOptions: settings.strategyOptions)
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
    if study.seed == nil, let seed = Environment.seed.value {
      study.seed = try OptionValue.seed(seed, of: Environment.seed.rawValue)
    }
    if let name = settings.duplicates, let policy = DuplicatePolicy(rawValue: name) {
      study.duplicates = policy
    }
    return study
  }
}
