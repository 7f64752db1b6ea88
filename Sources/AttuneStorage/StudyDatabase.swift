public import AttuneCore

/// A database with studies: creates, opens, lists and deletes them.
public struct StudyDatabase: Sendable {
  private let address: StorageAddress
  private let durability: Durability

  public init(_ address: StorageAddress, durability: Durability = .process) {
    self.address = address
    self.durability = durability
  }

  /// A connection, to a file that is made first if `creates`.
  func connect(creates: Bool) throws(AttuneError) -> any SQLConnection {
    switch address.place {
    case .sqlite(let location):
      return try SQLiteConnection(location, creates: creates, durability: durability)
    case .postgresql(let url):
      return try PostgresConnection(PostgresURL(url, place: address.shown))
    case .memory:
      throw AttuneError(
        .notFound, "studies in memory cannot be opened, wanted \(StorageAddress.wanted)",
        subject: "storage")
    }
  }

  // MARK: - Create and open

  /// Creates a study; `alreadyExists` when there is one of that name.
  ///
  /// With `ownsTrials`, trials that it claims are found and issued again when this process dies.
  public func create(
    _ definition: StudyDefinition, ownsTrials: Bool = true
  ) throws(AttuneError) -> any StudyStore {
    let connection = try connect(creates: true)
    let text = definition.json().text(.spaced)
    let study = try connection.transaction { () throws(AttuneError) -> Int64 in
      try OptunaSchema(connection: connection).make()
      guard try Self.find(definition.name, connection) == nil else {
        throw AttuneError(
          .alreadyExists, "study \"\(definition.name)\" exists in \(connection.place)",
          subject: definition.name)
      }
      let study = try Self.added(
        try connection.int(
          "INSERT INTO studies (study_name) VALUES ($1) RETURNING study_id",
          [.text(definition.name)]), connection)
      for (objective, direction) in definition.directions.enumerated() {
        try connection.run(
          "INSERT INTO study_directions (direction, study_id, objective) VALUES ($1, $2, $3)",
          [.text(direction.name.uppercased()), .int(study), .int(Int64(objective))])
      }
      try Self.record(text, of: study, connection)
      return study
    } unless: { () throws(AttuneError) in
      guard try OptunaSchema(connection: connection).hasAttuneTables(),
        let study = try Self.find(definition.name, connection)
      else { return false }
      return try Self.recorded(study, definition.name, connection)?.text == text
    }
    return SQLStore(
      connection, study: study, definition, recorded: text, ownsTrials: ownsTrials)
  }

  /// Opens a study by name, or the only one; `notFound` names those there are.
  ///
  /// A study that another program made is recorded as `adopting` defines it, once for all.
  public func open(
    name: String?, ownsTrials: Bool = true,
    adopting: (_ name: String, _ directions: [Direction]) throws(AttuneError) -> StudyDefinition
  ) throws(AttuneError) -> (definition: StudyDefinition, store: any StudyStore) {
    let connection = try connect(creates: false)
    let schema = OptunaSchema(connection: connection)
    let names = try schema.isThere() ? try Self.names(connection) : []
    let name = try Self.chosen(name, among: names, connection)
    let (study, definition, text) = try connection.transaction {
      () throws(AttuneError) -> (Int64, StudyDefinition, String) in
      try schema.make()
      guard let study = try Self.find(name, connection) else {
        throw Self.missing(name, among: names, connection)
      }
      if let (definition, text) = try Self.recorded(study, name, connection) {
        return (study, definition, text)
      }
      let definition = try adopting(name, try Self.directions(of: study, connection))
      let text = definition.json().text(.spaced)
      try Self.record(text, of: study, connection)
      return (study, definition, text)
    }
    let store = SQLStore(
      connection, study: study, definition, recorded: text, ownsTrials: ownsTrials)
    return (definition, store)
  }

  /// The name given, or that of the only study.
  private static func chosen(
    _ name: String?, among names: [String], _ connection: any SQLConnection
  ) throws(AttuneError) -> String {
    if let name {
      guard names.contains(name) else { throw missing(name, among: names, connection) }
      return name
    }
    guard names.count <= 1 else {
      let newest = names.suffix(8).map { "\"\($0)\"" }.joined(separator: ", ")
      throw AttuneError(
        .invalidArgument,
        "\(connection.place) has \(names.count) studies, wanted a name: "
          + (names.count > 8 ? "..., " : "") + newest,
        subject: connection.place)
    }
    guard let only = names.first else {
      throw AttuneError(.notFound, "no study in \(connection.place)", subject: connection.place)
    }
    return only
  }

  private static func missing(
    _ name: String, among names: [String], _ connection: any SQLConnection
  ) -> AttuneError {
    AttuneError(
      .notFound,
      "no study \"\(name)\" in \(connection.place)\(suggestion(for: name, among: names))",
      subject: name)
  }

  // MARK: - Delete

  /// Deletes a study; who has it open gets an error at the next call. Gives the folder for what its paused
  /// trials keep, if it can have one, which is left to the caller.
  @discardableResult
  public func delete(name: String) throws(AttuneError) -> String? {
    let connection = try connect(creates: false)
    let schema = OptunaSchema(connection: connection)
    let names = try schema.isThere() ? try Self.names(connection) : []
    guard names.contains(name) else { throw Self.missing(name, among: names, connection) }
    var folder: String?
    try connection.transaction { () throws(AttuneError) in
      try schema.make()
      guard let study = try Self.find(name, connection) else {
        throw Self.missing(name, among: names, connection)
      }
      folder = connection.file.map { Self.stateFolder(of: $0, study: study) }
      for table in Self.trialTables {
        try connection.run(
          "DELETE FROM \(table) WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = $1)",
          [.int(study)])
      }
      for table in Self.studyTables {
        try connection.run("DELETE FROM \(table) WHERE study_id = $1", [.int(study)])
      }
    } unless: { () throws(AttuneError) in
      try Self.find(name, connection) == nil
    }
    return folder
  }

  /// The folder for what paused trials of a study keep, beside its file. Named by its id, which is short and
  /// fits in a path, as a name may not.
  static func stateFolder(of file: String, study: Int64) -> String { "\(file)-state/\(study)" }

  /// Tables of a trial's facts.
  static let trialTables = [
    "trial_params", "trial_values", "trial_intermediate_values", "trial_user_attributes",
    "trial_system_attributes", "trial_heartbeats",
  ]
  /// Tables of a study's facts, those first that others refer to last.
  static let studyTables = [
    "attune_events", "attune_workers", "attune_studies", "trials", "study_user_attributes",
    "study_system_attributes", "study_directions", "studies",
  ]
}

// MARK: - Rows

extension StudyDatabase {
  static func names(_ connection: any SQLConnection) throws(AttuneError) -> [String] {
    try connection.texts("SELECT study_name FROM studies ORDER BY study_id")
  }

  static func find(
    _ name: String, _ connection: any SQLConnection
  ) throws(AttuneError) -> Int64? {
    try connection.int("SELECT study_id FROM studies WHERE study_name = $1", [.text(name)])
  }

  private static func added(
    _ study: Int64?, _ connection: any SQLConnection
  ) throws(AttuneError) -> Int64 {
    guard let study else {
      throw AttuneError(.internal, "\(connection.place): the new study got no id")
    }
    return study
  }

  private static func record(
    _ text: String, of study: Int64, _ connection: any SQLConnection
  ) throws(AttuneError) {
    try connection.run(
      "INSERT INTO attune_studies (study_id, format, definition_json) VALUES ($1, $2, $3)",
      [.int(study), .int(OptunaSchema.format), .text(text)])
  }

  /// How a study is recorded; `nil` for one of another program.
  static func recorded(
    _ study: Int64, _ name: String, _ connection: any SQLConnection
  ) throws(AttuneError) -> (definition: StudyDefinition, text: String)? {
    var found: (format: Int64, text: String)?
    try connection.run(
      "SELECT format, definition_json FROM attune_studies WHERE study_id = $1", [.int(study)]
    ) { row in
      found = (row.int(0) ?? 0, row.text(1) ?? "")
    }
    guard let (format, text) = found else { return nil }
    try OptunaSchema(connection: connection).check(format: format, of: name)
    do {
      let object = try JSON.object(parsing: text, what: "definition")
      return (try StudyDefinition(json: object), text)
    } catch {
      throw AttuneError(
        .storage, "\(connection.place): study \"\(name)\": \(error.message)",
        subject: connection.place)
    }
  }

  /// The directions in Optuna's table; one that is not set counts as minimize, as there.
  static func directions(
    of study: Int64, _ connection: any SQLConnection
  ) throws(AttuneError) -> [Direction] {
    let words = try connection.texts(
      "SELECT direction FROM study_directions WHERE study_id = $1 ORDER BY objective",
      [.int(study)])
    let directions: [Direction] = words.map { $0 == "MAXIMIZE" ? .maximize : .minimize }
    return directions.isEmpty ? [.minimize] : directions
  }
}
