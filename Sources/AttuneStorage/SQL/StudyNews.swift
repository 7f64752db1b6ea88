import AttuneCore

/// What happened to a study since it was last looked at, found by one statement.
struct StudyNews {
  /// Whether the study is there, recorded as it was.
  private(set) var isRecorded = false
  /// Rows of the table `trials` that are new or in another state than the log said, by id.
  private(set) var trials: [ForeignTrials.Found] = []

  /// Looks, as the worker `me`, and hands over the events that are new, in order.
  init(
    of rows: StudyRows, recorded: String, me: Int64?,
    _ take: (StudyEvent) throws(AttuneError) -> Void
  ) throws(AttuneError) {
    func isOwn(_ trial: StudyRows.OpenTrial) -> Bool {
      !trial.isForeign && (trial.worker == nil || trial.worker == me)
    }
    let own = Self.list(rows) { !$0.isWaiting && isOwn($0) }
    let running = Self.list(rows) { !$0.isWaiting && !isOwn($0) }
    let waiting = Self.list(rows) { $0.isWaiting }
    try rows.connection.run(
      Self.statement(rows.connection.dialect),
      [
        .int(rows.study), own, .text(recorded), .int(rows.lastEvent), .int(rows.lastTrialID),
        running, waiting,
      ]
    ) { row throws(AttuneError) in
      switch row.int(0) {
      case 0: isRecorded = true
      case 1: try rows.read(row, from: 1, take)
      default: trials.append(ForeignTrials.Found(row))
      }
    }
    trials.sort { $0.id < $1.id }
  }

  /// The ids of open trials, as a list in JSON.
  private static func list(
    _ rows: StudyRows, _ isWanted: (StudyRows.OpenTrial) -> Bool
  ) -> SQLValue {
    .list(rows.open.filter { isWanted($0.value) }.map { rows.trialIDs[$0.key] })
  }

  /// The parts stand in one statement so that they see the same moment. Optuna ends trials without the
  /// lock of their study: those that this program runs are locked, and seen as they are then.
  private static func statement(_ dialect: any SQLDialect) -> String {
    func trials(_ kind: String, _ condition: String, from table: String = "trials") -> String {
      "SELECT \(kind), trial_id, number, NULL, CAST(state AS TEXT), CAST(datetime_start AS TEXT), "
        + "CAST(datetime_complete AS TEXT) FROM \(table) WHERE \(condition)"
    }
    return """
      WITH own AS (
        SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials
        WHERE study_id = $1 AND \(dialect.isListed("trial_id", in: "$2"))\(dialect.lockingRows)
      )
      SELECT * FROM (
        SELECT 0 AS kind, 0 AS id, 0 AS number, NULL AS worker, NULL AS text, NULL AS started,
          NULL AS finished
        FROM attune_studies WHERE study_id = $1 AND definition_json = $3
        UNION ALL
        SELECT 1, event_id, trial_id, worker_id, event, NULL, NULL
        FROM attune_events WHERE study_id = $1 AND event_id > $4
        UNION ALL
        \(trials("2", "study_id + 0 = $1 AND trial_id > $5"))
        UNION ALL
        \(trials("2", "state <> 'RUNNING'", from: "own"))
        UNION ALL
        \(trials("2", "state <> 'RUNNING' AND \(dialect.isListed("trial_id", in: "$6"))"))
        UNION ALL
        \(trials("2", "state <> 'WAITING' AND \(dialect.isListed("trial_id", in: "$7"))"))
      ) AS news ORDER BY kind, id
      """
  }
}

extension ForeignTrials.Found {
  fileprivate init(_ row: any SQLRow) {
    let started = row.text(5).flatMap(Timestamp.microseconds)
    let finished = row.text(6).flatMap(Timestamp.microseconds)
    self.init(
      id: row.int(1) ?? 0, number: row.int(2).flatMap { Int(exactly: $0) } ?? -1,
      state: row.text(4).flatMap(TrialState.init(name:)) ?? .running,
      started: started ?? finished ?? currentMicroseconds(),
      finished: finished ?? started ?? currentMicroseconds())
  }
}
