import AttuneCore

/// The rows of one study: writes events to Optuna's tables and to the log of events beside them.
///
/// Knows of each trial only what its next event needs.
final class StudyRows {
  /// A trial that is not finished.
  struct OpenTrial {
    var isWaiting: Bool
    /// Whether another program chooses its parameters.
    var isForeign = false
    /// Who claimed it; `nil` for nobody who could die, or another program.
    var worker: Int64?
    /// The number of the event that claimed it.
    var claim: Int64
    var lastReport: [Double] = []
    var constraints: [(name: String, value: Double)] = []
  }

  let connection: any SQLConnection
  let study: Int64
  private(set) var space: Space?
  /// The column `distribution_json` of each declared parameter.
  private(set) var distributions: [SQLValue]

  /// Ids by trial number.
  private(set) var trialIDs: [Int64] = []
  private(set) var open: [Int: OpenTrial] = [:]
  /// The number of the last event, counted from 1.
  private(set) var lastEvent: Int64 = 0
  /// The number of the event by which each worker claimed last.
  private(set) var lastClaims: [Int64: Int64] = [:]

  private var eventInsert = RowInsert(
    "attune_events", ["study_id", "event_id", "trial_id", "worker_id", "event"])
  var paramInsert = RowInsert(
    "trial_params", ["trial_id", "param_name", "param_value", "distribution_json"],
    ending: "ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, "
      + "distribution_json = excluded.distribution_json")
  var valueInsert = RowInsert(
    "trial_values", ["trial_id", "objective", "value", "value_type"])
  var reportInsert = RowInsert(
    "trial_intermediate_values",
    ["trial_id", "step", "intermediate_value", "intermediate_value_type"])
  var attributeInsert = StudyRows.attributes("trial_user_attributes", of: "trial_id")
  var systemAttributeInsert = StudyRows.attributes("trial_system_attributes", of: "trial_id")
  var studyAttributeInsert = StudyRows.attributes("study_user_attributes", of: "study_id")
  private var batch: WriteBatch
  private var writer = JSONWriter(.compact)

  init(_ connection: any SQLConnection, study: Int64, _ definition: StudyDefinition) {
    self.connection = connection
    batch = WriteBatch(connection)
    self.study = study
    space = definition.space
    distributions = (definition.space?.parameters ?? []).map {
      .text(OptunaDistribution.text($0.distribution))
    }
  }

  private static func attributes(_ table: String, of owner: String) -> RowInsert {
    RowInsert(
      table, [owner, "key", "value_json"],
      ending: "ON CONFLICT (\(owner), key) DO UPDATE SET value_json = excluded.value_json")
  }

  /// The id above which a trial is one that no event tells of.
  var lastTrialID: Int64 { trialIDs.last ?? 0 }

  /// What a write changed here, to take it back when its transaction fails.
  private var undo: Undo?

  private struct Undo {
    let lastEvent: Int64
    let trialCount: Int
    let lastClaims: [Int64: Int64]
    /// The rows that were added to the log.
    var logged: [SQLValue] = []
    /// Trials as they were, in the order they were changed.
    var open: [(number: Int, trial: OpenTrial?)] = []
  }

  /// The last `write` is in the database, or its transaction failed: then this goes back to before it.
  func ended(committed: Bool) {
    defer { undo = nil }
    batch = WriteBatch(connection)
    guard !committed, let undo else { return }
    lastEvent = undo.lastEvent
    lastClaims = undo.lastClaims
    trialIDs.removeLast(trialIDs.count - undo.trialCount)
    for (number, trial) in undo.open.reversed() { open[number] = trial }
  }

  /// Whether the log has what the last `write` put there.
  func isLogged() throws(AttuneError) -> Bool {
    guard let undo else { return false }
    var found: [SQLValue] = []
    try connection.run(
      "SELECT study_id, event_id, trial_id, worker_id, event FROM attune_events "
        + "WHERE study_id = $1 AND event_id > $2 AND event_id <= $3 ORDER BY event_id",
      [.int(study), .int(undo.lastEvent), .int(lastEvent)]
    ) { row in
      found += (0..<4).map { .int(orNull: row.int($0)) } + [.utf8(row.bytes(4) ?? [])]
    }
    return found == undo.logged
  }

  // MARK: - Reading the log

  /// Hands over the events behind those known, in order.
  func readEvents(_ take: (StudyEvent) throws(AttuneError) -> Void) throws(AttuneError) {
    try connection.run(
      "SELECT event_id, trial_id, worker_id, event FROM attune_events "
        + "WHERE study_id = $1 AND event_id > $2 ORDER BY event_id",
      [.int(study), .int(lastEvent)]
    ) { row throws(AttuneError) in
      try read(row, from: 0, take)
    }
  }

  /// Hands over an event whose number, trial, worker and text are in a row, from a column on.
  func read(
    _ row: any SQLRow, from column: Int, _ take: (StudyEvent) throws(AttuneError) -> Void
  ) throws(AttuneError) {
    let event = row.int(column) ?? 0
    do throws(AttuneError) {
      guard event == lastEvent + 1 else {
        throw AttuneError(.storage, "follows event \(lastEvent), wanted none missing")
      }
      let known = try StudyEvent(stored: row.bytes(column + 3) ?? [])
      try take(known)
      note(known, trialID: row.int(column + 1), worker: row.int(column + 2))
    } catch {
      throw AttuneError(
        .storage, "\(connection.place): event \(event) of the study: \(error.message)",
        subject: connection.place)
    }
  }

  /// Keeps what later events need to know of one that is in the log.
  private func note(_ event: StudyEvent, trialID: Int64?, worker: Int64?) {
    lastEvent += 1
    switch event {
    case .claimed(let number, let origin, _):
      if number == trialIDs.count { trialIDs.append(trialID ?? 0) }
      open[number] = OpenTrial(
        isWaiting: false, isForeign: origin == .foreign, worker: worker, claim: lastEvent)
      if let worker { lastClaims[worker] = lastEvent }
    case .reissued(let number, _):
      open[number]?.worker = worker
    case .released(let number, _), .paused(let number, _):
      open[number]?.worker = nil
    case .resumed(let number, _):
      open[number]?.worker = worker
      open[number]?.claim = lastEvent
      if let worker { lastClaims[worker] = lastEvent }
    case .enqueued(let number, _, _, _):
      if number == trialIDs.count { trialIDs.append(trialID ?? 0) }
      open[number] = OpenTrial(isWaiting: true, worker: nil, claim: lastEvent)
    case .reported(let number, _, let values): open[number]?.lastReport = values
    case .constraint(let number, let name, let value): noteConstraint(number, name, value)
    case .finished(let number, _, _, _, _): open[number] = nil
    case .widened(let parameter): widen(parameter)
    case .asked, .suggested, .attribute, .gradient: break
    }
  }

  private func widen(_ parameter: Parameter) {
    guard let index = space?.find(parameter.name),
      // It was checked before it was recorded; who reads it checks again.
      let wider = try? space?.replacing(index, with: parameter)
    else { return }
    space = wider
    distributions[index] = .text(OptunaDistribution.text(parameter.distribution))
  }

  func noteConstraint(_ number: Int, _ name: String, _ value: Double) {
    guard var constraints = open[number]?.constraints else { return }
    if let index = constraints.firstIndex(where: { $0.name == name }) {
      constraints[index].value = value
    } else {
      constraints.append((name, value))
    }
    open[number]?.constraints = constraints
  }

  // MARK: - Writing

  /// Writes events to all tables they belong in. `worker` claims what is claimed.
  ///
  /// With `logOnly`, what Optuna's tables have already: another program wrote it there, under the id
  /// that `trialID` gives for a new trial.
  func write(
    _ events: [StudyEvent], worker: Int64?, logOnly: Bool = false, newTrialIDs: [Int: Int64] = [:]
  ) throws(AttuneError) {
    undo = Undo(lastEvent: lastEvent, trialCount: trialIDs.count, lastClaims: lastClaims)
    for event in events {
      if let number = event.trial { undo?.open.append((number, open[number])) }
      if !logOnly { try writeRows(event) }
      let trialID = event.trial.flatMap { number in
        id(number) ?? newTrialIDs[number].map(SQLValue.int)
      }
      var claimant: Int64?
      switch event {
      case .claimed(_, let origin, _): claimant = origin == .foreign ? nil : worker
      case .reissued, .resumed: claimant = worker
      default: break
      }
      event.write(to: &writer)
      undo?.logged += [
        .int(study), .int(lastEvent + 1), trialID ?? .null, .int(orNull: claimant),
        .utf8(writer.takeBytes()),
      ]
      writer = JSONWriter(.compact)
      if case .int(let id) = trialID {
        note(event, trialID: id, worker: claimant)
      } else {
        note(event, trialID: nil, worker: claimant)
      }
    }
    try add(undo?.logged ?? [], by: &eventInsert)
    try flush()
  }

  /// Gathers a write, after those that it cannot go with.
  func add(_ write: SQLWrite, newTrial: Int? = nil) throws(AttuneError) {
    var write = write
    // A new trial is the first of its batch: there its id is looked for.
    if newTrial != nil || batch.mustFlush(before: write.table) { try flush() }
    if batch.newTrial == nil { write.parameters = withID(write.parameters) }
    batch.add(write, newTrial: newTrial)
  }

  func add(_ values: [SQLValue], by insert: inout RowInsert) throws(AttuneError) {
    for write in insert.writes(values) { try add(write) }
  }

  /// Writes what was gathered; then the id of its new trial is known.
  private func flush() throws(AttuneError) {
    let number = batch.newTrial
    guard let added = try batch.flush(), let number else { return }
    let last = number > 0 ? trialIDs[number - 1] : 0
    guard added > last else {
      throw AttuneError(
        .storage,
        "\(connection.place): the new trial got id \(added), wanted more than \(last)",
        subject: connection.place)
    }
    if number < trialIDs.count { trialIDs[number] = added } else { trialIDs.append(added) }
    let logged = undo?.logged ?? []
    undo?.logged = withID(logged)
  }

  /// Values that were made before the id of the new trial was known.
  private func withID(_ values: [SQLValue]) -> [SQLValue] {
    values.map { $0 == .newID ? .int(lastTrialID) : $0 }
  }

  /// The id of a trial, in the database or among what is gathered.
  func id(_ number: Int) -> SQLValue? {
    if number == batch.newTrial { return .newID }
    return trialIDs.indices.contains(number) ? .int(trialIDs[number]) : nil
  }
}

extension SQLValue {
  /// A time, as naive UTC.
  static func time(_ microseconds: Int64) -> SQLValue { .text(Timestamp.text(microseconds)) }
}

extension StudyEvent {
  /// The trial an event is about.
  var trial: Int? {
    switch self {
    case .claimed(let number, _, _), .asked(let number, _, _), .suggested(let number, _, _),
      .reported(let number, _, _), .constraint(let number, _, _), .gradient(let number, _),
      .finished(let number, _, _, _, _), .enqueued(let number, _, _, _), .reissued(let number, _),
      .released(let number, _), .paused(let number, _), .resumed(let number, _):
      number
    case .attribute(let number, _, _): number
    case .widened: nil
    }
  }

  /// An event from the log.
  init(stored bytes: [UInt8]) throws(AttuneError) {
    let json: JSON
    do {
      json = try JSON(parsing: bytes)
    } catch {
      throw AttuneError(.storage, "is no JSON: \(error.description)")
    }
    try self.init(json: json)
  }
}
