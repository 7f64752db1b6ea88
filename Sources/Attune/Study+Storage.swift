public import AttuneCore
import AttuneObjectives
import AttuneStorage
import AttuneStrategies

/// Where studies are kept: in memory, or in a database (`StorageAddress`).
extension Study {
  /// A database with studies; `nil` for memory.
  private static func database(
    _ storage: String?, durability: Durability = .process
  ) throws(AttuneError) -> StudyDatabase? {
    guard let storage else { return nil }
    let address = try StorageAddress(storage)
    return address.isMemory ? nil : StudyDatabase(address, durability: durability)
  }

  private static func existing(
    _ storage: String, durability: Durability = .process
  ) throws(AttuneError) -> StudyDatabase {
    guard let database = try database(storage, durability: durability) else {
      throw AttuneError(
        .notFound, "studies in memory cannot be opened, wanted \(StorageAddress.wanted)",
        subject: "storage")
    }
    return database
  }

  /// A new study. With `loadIfExists`, the one of that name in the storage if there is one, which must
  /// then have the same space and directions.
  public static func create(
    _ settings: Settings, storage: String? = nil, loadIfExists: Bool = false
  ) throws(AttuneError) -> Study {
    guard !settings.directions.isEmpty else {
      throw AttuneError(
        .invalidArgument, "the study has no direction, wanted at least one", subject: "directions")
    }
    guard settings.space != nil || settings.duplicates == .allow else {
      throw AttuneError(
        .notSupported,
        "duplicates is \(settings.duplicates.rawValue), which needs a declared space; a "
          + "define-by-run study takes only allow", subject: "duplicates")
    }
    let strategy = try StrategyCatalog.description(
      named: settings.strategy ?? StrategyCatalog.standardName)
    let name = settings.name ?? "study-\(Timestamp.text(currentMicroseconds()))"
    guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count <= 512 else {
      throw AttuneError(
        .invalidArgument, "the study's name is \"\(name)\", wanted 1 to 512 bytes without NUL",
        subject: "name")
    }
    let definition = StudyDefinition(
      name: name, space: settings.space, directions: settings.directions, strategy: strategy.name,
      strategyOptions: settings.strategyOptions,
      seed: settings.seed ?? chosenSeed(), duplicates: settings.duplicates,
      window: settings.window ?? (settings.isDeterministic ? settings.standardWindow : nil),
      created: currentMicroseconds())
    if let window = definition.window, window < 1 {
      throw AttuneError(
        .invalidArgument, "window is \(window), wanted 1 or more", subject: "window")
    }
    do throws(AttuneError) {
      return try create(
        definition, storage: storage, durability: settings.durability,
        ownsTrials: settings.ownsTrials)
    } catch  where error.code == .alreadyExists && loadIfExists {
      let study = try open(
        storage: storage ?? "", name: name, strategy: settings.strategy,
        strategyOptions: settings.strategyOptions, durability: settings.durability,
        ownsTrials: settings.ownsTrials)
      try study.join(settings)
      return study
    }
  }

  static func create(
    _ definition: StudyDefinition, storage: String?, durability: Durability = .process,
    ownsTrials: Bool = true
  ) throws(AttuneError) -> Study {
    // A study that cannot work must not leave a trace in the storage.
    _ = try Proposer(definition, space: definition.space ?? .empty)
    let database = try database(storage, durability: durability)
    return try Study(
      definition, store: try database?.create(definition, ownsTrials: ownsTrials),
      ownsTrials: ownsTrials)
  }

  /// An existing study; with `strategy`, another strategy goes on with it.
  ///
  /// A study that Optuna made is define-by-run, with its directions, the standard strategy and a seed
  /// that is chosen and recorded now. Without `ownsTrials`, trials that are asked here are somebody
  /// else's to finish: they stay RUNNING when this process ends.
  public static func open(
    storage: String, name: String? = nil, strategy: String? = nil,
    strategyOptions: [(key: String, value: Value)] = [], durability: Durability = .process,
    ownsTrials: Bool = true
  ) throws(AttuneError) -> Study {
    let (recorded, store) = try existing(storage, durability: durability).open(
      name: name, ownsTrials: ownsTrials
    ) { name, directions in
      StudyDefinition(
        name: name, space: nil, directions: directions, strategy: StrategyCatalog.standardName,
        strategyOptions: [], seed: chosenSeed(), duplicates: .allow,
        created: currentMicroseconds())
    }
    let definition = try recorded.with(strategy, strategyOptions)
    if recorded.window != nil, !definition.hasStrategy(of: recorded) {
      throw AttuneError(
        .invalidArgument,
        "study \"\(definition.name)\" is deterministic: its strategy \(recorded.strategy) cannot "
          + "change, and is \(definition.strategy) with other options", subject: "strategy")
    }
    let study = try Study(
      definition, store: store, ownsTrials: ownsTrials,
      isContinuedOtherwise: !definition.hasStrategy(of: recorded))
    try study.refresh()
    return study
  }

  /// A study of a storage as it is recorded, to read its events.
  static func recorded(
    _ storage: String, name: String?, strategy: String?,
    strategyOptions: [(key: String, value: Value)]
  ) throws(AttuneError) -> (StudyDefinition, any StudyStore) {
    let (definition, store) = try existing(storage).open(
      name: name, ownsTrials: false
    ) { name, _ throws(AttuneError) in
      throw AttuneError(
        .notSupported, "study \"\(name)\" was made by another program, which chose its trials",
        subject: name)
    }
    return (try definition.with(strategy, strategyOptions), store)
  }

  /// 53 bits, so that a seed read back by any program is the same.
  private static func chosenSeed() -> UInt64 { UInt64.random(in: 0..<(1 << 53)) }

  /// Deletes a study of a storage; owners that have it open get an error at their next call.
  public static func delete(storage: String, name: String) throws(AttuneError) {
    if let folder = try existing(storage).delete(name: name) {
      StateFolders(root: folder).removeAll()
    }
  }

  /// The names of a storage's studies, in the order they were created.
  public static func names(storage: String) throws(AttuneError) -> [String] {
    try database(storage)?.names() ?? []
  }

  /// What a storage has, in the order it was created, as its tables tell.
  public static func summaries(storage: String) throws(AttuneError) -> [StudySummary] {
    guard let database = try database(storage) else { return [] }
    return try database.studies().map { study in
      StudySummary(
        name: study.name, directions: study.directions,
        strategy: study.definition?.strategy ?? StrategyCatalog.standardName,
        trialCount: study.trialCount, bestValue: study.bestValue, created: study.created)
    }
  }
}

/// A study of a storage in one line.
public struct StudySummary: Sendable {
  public let name: String
  public let directions: [Direction]
  public let strategy: String
  public let trialCount: Int
  /// The best value of a study with one direction, if a trial is COMPLETE.
  public let bestValue: Double?
  /// Microseconds since 1970.
  public let created: Int64

  public var json: JSON {
    var object = JSON.Object()
    object["name"] = .string(name)
    object["directions"] = .array(directions.map { .string($0.name) })
    object["strategy"] = .string(strategy)
    object["trials"] = .int(Int64(trialCount))
    object["best_value"] = bestValue.map(JSON.float) ?? .null
    object["created"] = .string(Timestamp.text(created))
    return .object(object)
  }
}
