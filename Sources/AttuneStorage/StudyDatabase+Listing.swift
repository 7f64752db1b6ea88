public import AttuneCore

/// A study of a database, as its tables tell without reading its events.
public struct StoredStudy: Sendable {
  public let name: String
  public let directions: [Direction]
  /// `nil` for a study of another program that Attune has not opened yet.
  public let definition: StudyDefinition?
  /// Trials of any state.
  public let trialCount: Int
  /// The best value of a study with one direction, if a trial is COMPLETE.
  public let bestValue: Double?
  /// Microseconds since 1970: of a study of another program, when its first trial began; 0 if none.
  public let created: Int64
}

extension StudyDatabase {
  /// The names of the studies, in the order they were created.
  public func names() throws(AttuneError) -> [String] {
    let connection = try connect(creates: false)
    return try OptunaSchema(connection: connection).isThere() ? try Self.names(connection) : []
  }

  /// The studies, in the order they were created.
  public func studies() throws(AttuneError) -> [StoredStudy] {
    let connection = try connect(creates: false)
    let schema = OptunaSchema(connection: connection)
    return try connection.transaction { () throws(AttuneError) in
      guard try schema.isThere() else { return [] }
      let isRecorded = try schema.hasAttuneTables()
      var listed: [(id: Int64, name: String)] = []
      try connection.run("SELECT study_id, study_name FROM studies ORDER BY study_id", []) { row in
        listed.append((row.int(0) ?? 0, row.text(1) ?? ""))
      }
      return try listed.map { study throws(AttuneError) in
        try Self.stored(study.id, study.name, isRecorded: isRecorded, connection)
      }
    }
  }

  private static func stored(
    _ study: Int64, _ name: String, isRecorded: Bool, _ connection: any SQLConnection
  ) throws(AttuneError) -> StoredStudy {
    let definition = isRecorded ? try recorded(study, name, connection)?.definition : nil
    let directions = try directions(of: study, connection)
    var created = definition?.created
    if created == nil {
      created = try connection.texts(
        "SELECT MIN(datetime_start) FROM trials WHERE study_id = $1", [.int(study)]
      ).first.flatMap(Timestamp.microseconds)
    }
    return StoredStudy(
      name: name, directions: directions, definition: definition,
      trialCount: Int(
        try connection.int("SELECT COUNT(*) FROM trials WHERE study_id = $1", [.int(study)]) ?? 0),
      bestValue: directions.count == 1 ? try best(study, directions[0], connection) : nil,
      created: created ?? 0)
  }

  /// The best value of the COMPLETE trials; feasible ones beat all others.
  private static func best(
    _ study: Int64, _ direction: Direction, _ connection: any SQLConnection
  ) throws(AttuneError) -> Double? {
    var best: (value: Double, isFeasible: Bool)?
    try connection.run(
      "SELECT v.value, v.value_type, a.value_json FROM trials t "
        + "JOIN trial_values v ON v.trial_id = t.trial_id AND v.objective = 0 "
        + "LEFT JOIN trial_system_attributes a ON a.trial_id = t.trial_id "
        + "AND a.\"key\" = 'constraints' WHERE t.study_id = $1 AND t.state = 'COMPLETE'",
      [.int(study)]
    ) { row in
      let value = OptunaNumber.value(row.double(0), row.text(1))
      // Another program may keep anything under that name.
      let list = row.text(2).flatMap { try? JSON(parsing: $0) }?.arrayValue ?? []
      let isFeasible = list.allSatisfy { ($0.doubleValue ?? .nan) <= 0 }
      if let known = best {
        guard isFeasible || !known.isFeasible else { return }
        guard isFeasible != known.isFeasible || direction.isBetter(value, than: known.value) else {
          return
        }
      }
      best = (value, isFeasible)
    }
    return best?.value
  }
}
