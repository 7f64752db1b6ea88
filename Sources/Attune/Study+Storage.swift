public import AttuneCore
import AttuneStorage
import AttuneStrategies

/// Where studies are kept: in memory, or in a file of JSON lines.
extension Study {
  private enum Place {
    case memory
    case journal(String)
  }

  private static func place(_ storage: String?) throws(AttuneError) -> Place {
    guard let storage, storage != "memory:" else { return .memory }
    if storage.contains("://") {
      throw AttuneError(
        .notSupported,
        "storage \"\(withoutPassword(storage))\" is a URL, wanted memory: or a file ending in .jsonl",
        subject: "storage")
    }
    guard storage.hasSuffix(".jsonl") else {
      throw AttuneError(
        .invalidArgument,
        "storage is \"\(storage)\", wanted memory: or a file ending in .jsonl", subject: "storage")
    }
    return .journal(storage)
  }

  /// A URL without its password: credentials never appear in error texts.
  private static func withoutPassword(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@"), let scheme = url.firstRange(of: "://"),
      scheme.upperBound < at, let colon = url[scheme.upperBound..<at].firstIndex(of: ":")
    else { return url }
    return url[..<colon] + ":***" + url[at...]
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
      // 53 bits, so that a seed read back by any program is the same.
      seed: settings.seed ?? UInt64.random(in: 0..<(1 << 53)), duplicates: settings.duplicates,
      created: currentMicroseconds())
    do throws(AttuneError) {
      return try create(definition, storage: storage)
    } catch  where error.code == .alreadyExists && loadIfExists {
      let study = try open(
        storage: storage ?? "", name: name, strategy: settings.strategy,
        strategyOptions: settings.strategyOptions)
      try study.checkSame(settings)
      return study
    }
  }

  static func create(
    _ definition: StudyDefinition, storage: String?
  ) throws(AttuneError) -> Study {
    // A study that cannot work must not leave a trace in the storage.
    _ = try Proposer(definition, space: definition.space ?? .empty)
    switch try place(storage) {
    case .memory: return try Study(definition, store: nil)
    case .journal(let path):
      return try Study(definition, store: JournalStorage.create(definition, path: path))
    }
  }

  /// An existing study; with `strategy`, another strategy goes on with it.
  public static func open(
    storage: String, name: String? = nil, strategy: String? = nil,
    strategyOptions: [(key: String, value: Value)] = []
  ) throws(AttuneError) -> Study {
    guard case .journal(let path) = try place(storage) else {
      throw AttuneError(
        .notFound, "studies in memory cannot be opened, wanted a file ending in .jsonl",
        subject: "storage")
    }
    var (definition, store) = try JournalStorage.open(path: path, name: name)
    if let strategy {
      definition.strategy = try StrategyCatalog.description(named: strategy).name
      definition.strategyOptions = strategyOptions
    } else if !strategyOptions.isEmpty {
      definition.strategyOptions = strategyOptions
    }
    let study = try Study(definition, store: store)
    try study.refresh()
    return study
  }

  /// Deletes a study of a storage; owners that have it open get an error at their next call.
  public static func delete(storage: String, name: String) throws(AttuneError) {
    guard case .journal(let path) = try place(storage) else {
      throw AttuneError(
        .notFound, "no study \"\(name)\" in memory:, wanted a file ending in .jsonl",
        subject: "storage")
    }
    try JournalStorage.delete(path: path, name: name)
  }

  /// What a storage has, in the order it was created. Reads it once, whatever it has.
  public static func summaries(storage: String) throws(AttuneError) -> [StudySummary] {
    guard case .journal(let path) = try place(storage) else { return [] }
    return try JournalStorage.replay(path: path) { definition in
      Ledger(definition)
    } take: { ledger, event throws(AttuneError) in
      try ledger.apply(event)
    } end: { definition, ledger in
      StudySummary(
        name: definition.name, directions: definition.directions, strategy: definition.strategy,
        trialCount: ledger.log.trialCount,
        bestValue: ledger.best.map { ledger.log.snapshot.value($0) }, created: definition.created)
    }
  }

  /// Refuses another space or direction than the study has, with the difference.
  private func checkSame(_ settings: Settings) throws(AttuneError) {
    if settings.directions != directions {
      let mine = directions.map(\.name).joined(separator: ", ")
      let theirs = settings.directions.map(\.name).joined(separator: ", ")
      throw AttuneError(
        .invalidArgument, "study \"\(name)\": directions are \(theirs), wanted \(mine) as recorded",
        subject: "directions")
    }
    guard let wanted = settings.space, let space = definition.space else { return }
    for parameter in wanted.parameters {
      guard let index = space.find(parameter.name) else {
        throw AttuneError(
          .invalidArgument,
          "study \"\(name)\": parameter \"\(parameter.name)\" is not in the recorded space",
          subject: "space.\(parameter.name)")
      }
      let known = space.parameters[index]
      guard known == parameter else {
        throw AttuneError(
          .invalidArgument,
          "study \"\(name)\": parameter \"\(parameter.name)\" is \(parameter.jsonText), wanted "
            + "\(known.jsonText) as recorded", subject: "space.\(parameter.name)")
      }
    }
    for parameter in space.parameters where wanted.find(parameter.name) == nil {
      throw AttuneError(
        .invalidArgument,
        "study \"\(name)\": parameter \"\(parameter.name)\" of the recorded space is missing",
        subject: "space.\(parameter.name)")
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
