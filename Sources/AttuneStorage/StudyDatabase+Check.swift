public import AttuneCore

/// Something that is not as it should be in a database.
public struct StorageFinding: Sendable, Hashable {
  /// What was found, in one line.
  public let text: String
  /// Whether it was put right.
  public let isRepaired: Bool

  public init(text: String, isRepaired: Bool) {
    self.text = text
    self.isRepaired = isRepaired
  }
}

extension StudyDatabase {
  /// Looks for damage, rows without their trial or study, gaps among events and wrong numbers.
  ///
  /// With `repairs`, rows without an owner are deleted and trials numbered anew where no event tells
  /// their numbers; what was lost cannot be made up.
  public func check(repairs: Bool) throws(AttuneError) -> [StorageFinding] {
    let connection = try connect(creates: false)
    let schema = OptunaSchema(connection: connection)
    return try connection.transaction { () throws(AttuneError) in
      var findings: [StorageFinding] = []
      if let statement = connection.dialect.integrityCheck {
        for line in try connection.texts(statement) where line != "ok" {
          findings.append(StorageFinding(text: "damage: \(line)", isRepaired: false))
        }
      }
      // What is damaged is not made worse by repairs.
      guard findings.isEmpty, try schema.isThere() else { return findings }
      findings += try Self.strayRows(connection, schema, repairs: repairs)
      findings += try Self.wrongNumbers(connection, schema, repairs: repairs)
      if try schema.hasAttuneTables() { findings += try Self.gaps(connection) }
      return findings
    }
  }

  private static func strayRows(
    _ connection: any SQLConnection, _ schema: OptunaSchema, repairs: Bool
  ) throws(AttuneError) -> [StorageFinding] {
    var findings: [StorageFinding] = []
    func look(_ table: String, _ condition: String, _ owner: String) throws(AttuneError) {
      let count = try connection.int("SELECT COUNT(*) FROM \(table) WHERE \(condition)") ?? 0
      guard count > 0 else { return }
      if repairs { try connection.run("DELETE FROM \(table) WHERE \(condition)") }
      findings.append(
        StorageFinding(text: "\(table): \(count) rows without their \(owner)", isRepaired: repairs))
    }
    let hasOwn = try schema.hasAttuneTables()
    for table in studyTables where table != "studies" && (hasOwn || !table.hasPrefix("attune_")) {
      try look(table, "study_id NOT IN (SELECT study_id FROM studies)", "study")
    }
    for table in trialTables {
      try look(table, "trial_id NOT IN (SELECT trial_id FROM trials)", "trial")
    }
    return findings
  }

  /// Trials are numbered from 0 in the order of their ids, which is that of their commits.
  private static func wrongNumbers(
    _ connection: any SQLConnection, _ schema: OptunaSchema, repairs: Bool
  ) throws(AttuneError) -> [StorageFinding] {
    var findings: [StorageFinding] = []
    let recorded =
      try schema.hasAttuneTables()
      ? Set(try connection.texts("SELECT study_id FROM attune_studies")) : []
    var studies: [(id: Int64, name: String)] = []
    try connection.run("SELECT study_id, study_name FROM studies ORDER BY study_id", []) { row in
      studies.append((row.int(0) ?? 0, row.text(1) ?? ""))
    }
    for study in studies {
      var wrong: [(id: Int64, number: Int64)] = []
      var next: Int64 = 0
      try connection.run(
        "SELECT trial_id, number FROM trials WHERE study_id = $1 ORDER BY trial_id",
        [.int(study.id)]
      ) { row in
        if row.int(1) != next { wrong.append((row.int(0) ?? 0, next)) }
        next += 1
      }
      guard let first = wrong.first else { continue }
      // Events name trials by number: a study that has them cannot be numbered anew.
      let isRepaired = repairs && !recorded.contains("\(study.id)")
      if isRepaired {
        for (id, number) in wrong {
          try connection.run(
            "UPDATE trials SET number = $1 WHERE trial_id = $2", [.int(number), .int(id)])
        }
      }
      findings.append(
        StorageFinding(
          text: "study \"\(study.name)\": \(wrong.count) trials have a wrong number, the first one "
            + "instead of \(first.number)", isRepaired: isRepaired))
    }
    return findings
  }

  private static func gaps(
    _ connection: any SQLConnection
  ) throws(AttuneError) -> [StorageFinding] {
    var findings: [StorageFinding] = []
    try connection.run(
      "SELECT s.study_name, COUNT(*), MAX(e.event_id) FROM attune_events e "
        + "JOIN studies s ON s.study_id = e.study_id GROUP BY s.study_id, s.study_name "
        + "HAVING COUNT(*) <> MAX(e.event_id)", []
    ) { row in
      let missing = (row.int(2) ?? 0) - (row.int(1) ?? 0)
      findings.append(
        StorageFinding(
          text:
            "study \"\(row.text(0) ?? "")\": \(missing) of \(row.int(2) ?? 0) events are missing",
          isRepaired: false))
    }
    return findings
  }

  // MARK: - Info

  /// Facts of a database, by name.
  public func info() throws(AttuneError) -> JSON.Object {
    let connection = try connect(creates: false)
    let schema = OptunaSchema(connection: connection)
    return try connection.transaction { () throws(AttuneError) in
      var facts = JSON.Object()
      facts["storage"] = .string(connection.place)
      facts["database"] = .string(connection.dialect.name)
      guard try schema.isThere() else { return facts }
      facts["schema"] = .string(OptunaSchema.stamp)
      facts["made_by_optuna"] = try connection.texts(
        "SELECT library_version FROM version_info"
      ).first.map(JSON.string)
      func count(_ table: String) throws(AttuneError) -> JSON {
        .int(try connection.int("SELECT COUNT(*) FROM \(table)") ?? 0)
      }
      facts["studies"] = try count("studies")
      var states = JSON.Object()
      try connection.run("SELECT state, COUNT(*) FROM trials GROUP BY state ORDER BY state", []) {
        row in
        states[row.text(0) ?? ""] = .int(row.int(1) ?? 0)
      }
      facts["trials"] = try count("trials")
      facts["states"] = .object(states)
      if try schema.hasAttuneTables() {
        facts["attune_studies"] = try count("attune_studies")
        facts["events"] = try count("attune_events")
        facts["workers"] = try count("attune_workers")
      }
      return facts
    }
  }
}
