import AttuneCore

/// What other programs, such as Optuna, did to the trials of a study, said in events.
struct ForeignTrials {
  let rows: StudyRows
  let directionCount: Int
  let isDefineByRun: Bool

  private var connection: any SQLConnection { rows.connection }

  /// Events that the log lacks, with the ids of trials that are new.
  struct Changes {
    var events: [StudyEvent] = []
    var newIDs: [Int: Int64] = [:]
  }

  /// A row of the table `trials`.
  struct Found {
    let id: Int64
    let number: Int
    let state: TrialState
    let started: Int64
    let finished: Int64
  }

  /// Compares rows of the table of trials with what the log tells.
  func changes(_ trials: [Found]) throws(AttuneError) -> Changes {
    var changes = Changes()
    let lastID = rows.lastTrialID
    for found in trials where found.id <= lastID {
      // What was new to the log a moment ago is among them, in the state it says.
      guard rows.trialIDs.indices.contains(found.number), let open = rows.open[found.number],
        rows.trialIDs[found.number] == found.id,
        found.state != (open.isWaiting ? .waiting : .running)
      else { continue }
      if open.isWaiting, found.state != .waiting {
        changes.events.append(
          .claimed(number: found.number, origin: .foreign, time: found.started))
      }
      guard found.state.isFinished else { continue }
      let isForeign = open.isForeign || open.isWaiting
      changes.events += try isForeign ? details(found) : []
      changes.events.append(try end(found, byOther: !isForeign))
    }
    for found in trials where found.id > lastID {
      let next = rows.trialIDs.count + changes.newIDs.count
      guard found.number == next else {
        throw AttuneError(
          .storage,
          "\(connection.place): the trial with id \(found.id) has number \(found.number), wanted "
            + "\(next): see attune storage check", subject: connection.place)
      }
      changes.newIDs[next] = found.id
      changes.events += try events(ofNew: found)
    }
    return changes
  }

  // MARK: - Events

  private func events(ofNew found: Found) throws(AttuneError) -> [StudyEvent] {
    let claimed = StudyEvent.claimed(number: found.number, origin: .foreign, time: found.started)
    switch found.state {
    case .waiting: return [try enqueued(found)]
    case .running: return [claimed]
    case .complete, .pruned, .fail:
      return try [claimed] + details(found) + [end(found, byOther: false)]
    }
  }

  private func enqueued(_ found: Found) throws(AttuneError) -> StudyEvent {
    let facts = try systemAttributes(found.id)
    var params: [(name: String, value: Value)] = []
    for (name, json) in facts["fixed_params"]?.objectValue ?? [:] {
      if let value = Value(json) { params.append((name, value)) }
    }
    // A retried trial of Optuna has its parameters as such.
    for (parameter, value) in try readable(found.id) ?? []
    where !params.contains(where: { $0.name == parameter.name }) {
      params.append((parameter.name, value))
    }
    let retries = (facts["retry_history"]?.arrayValue ?? []).compactMap {
      $0.int64Value.flatMap { Int(exactly: $0) }
    }
    return .enqueued(
      number: found.number, params: params, retries: retries, time: found.started)
  }

  /// The events between claim and end of a finished trial.
  private func details(_ found: Found) throws(AttuneError) -> [StudyEvent] {
    let number = found.number
    var events: [StudyEvent] = []
    // What cannot be read gives no point, and the trial stays visible without.
    if let params = try readable(found.id) {
      if isDefineByRun {
        events.append(.asked(number: number, params: [], seen: nil))
        for (parameter, value) in params {
          events.append(.suggested(number: number, parameter: parameter, value: value))
        }
      } else {
        let named = params.map { (name: $0.0.name, value: $0.1) }
        events.append(.asked(number: number, params: named, seen: nil))
      }
    }
    if directionCount == 1 {
      try connection.run(
        "SELECT step, intermediate_value, intermediate_value_type FROM trial_intermediate_values "
          + "WHERE trial_id = $1 ORDER BY step", [.int(found.id)]
      ) { row in
        guard let step = row.int(0), step >= 0 else { return }
        let value = OptunaNumber.value(row.double(1), row.text(2))
        events.append(.reported(number: number, step: step, values: [value]))
      }
    }
    try connection.run(
      "SELECT \"key\", value_json FROM trial_user_attributes WHERE trial_id = $1 "
        + "ORDER BY trial_user_attribute_id", [.int(found.id)]
    ) { row in
      guard let key = row.text(0), let json = row.text(1) else { return }
      events.append(.attribute(number: number, key: key, json: json))
    }
    for (name, value) in constraints(try systemAttributes(found.id)) {
      events.append(.constraint(number: number, name: name, value: value))
    }
    return events
  }

  private func end(_ found: Found, byOther: Bool) throws(AttuneError) -> StudyEvent {
    var values: [Double] = []
    try connection.run(
      "SELECT value, value_type FROM trial_values WHERE trial_id = $1 ORDER BY objective",
      [.int(found.id)]
    ) { row in
      values.append(OptunaNumber.value(row.double(0), row.text(1)))
    }
    var state = found.state
    var failure: Failure?
    if state == .fail {
      values = []
      failure = Failure(byOther ? "ended by another program" : "failed in another program")
    } else if values.count != directionCount || values.contains(where: \.isNaN) {
      if state == .complete {
        failure = Failure(
          "recorded by another program with \(values.count) values, wanted \(directionCount)")
        state = .fail
      }
      values = []
    }
    return .finished(
      number: found.number, state: state, values: values, failure: failure, time: found.finished)
  }

  // MARK: - Facts

  /// The parameters of a trial; `nil` when another program wrote what this one cannot read.
  private func readable(_ id: Int64) throws(AttuneError) -> [(Parameter, Value)]? {
    var columns: [(name: String, number: Double, distribution: String)] = []
    try connection.run(
      "SELECT param_name, param_value, distribution_json FROM trial_params WHERE trial_id = $1 "
        + "ORDER BY param_id", [.int(id)]
    ) { row in
      columns.append((row.text(0) ?? "", row.double(1) ?? .nan, row.text(2) ?? ""))
    }
    do throws(AttuneError) {
      return try columns.map { column throws(AttuneError) in
        let parameter = try OptunaDistribution.parameter(column.name, column.distribution)
        return (
          parameter, try OptunaDistribution.value(parameter.distribution, number: column.number)
        )
      }
    } catch {
      Logger.enqueue(
        .warning, component: "storage", "\(connection.place): trial with id \(id): \(error.message)"
      )
      return nil
    }
  }

  private func systemAttributes(_ id: Int64) throws(AttuneError) -> JSON.Object {
    var attributes = JSON.Object()
    try connection.run(
      "SELECT \"key\", value_json FROM trial_system_attributes WHERE trial_id = $1 "
        + "ORDER BY trial_system_attribute_id", [.int(id)]
    ) { row in
      guard let key = row.text(0), let text = row.text(1) else { return }
      // What a sampler of another program keeps there may be anything.
      attributes[key] = (try? JSON(parsing: text)) ?? .null
    }
    return attributes
  }

  /// By name where they have names, else by their place in the list.
  private func constraints(_ facts: JSON.Object) -> [(name: String, value: Double)] {
    var constraints: [(name: String, value: Double)] = []
    for (key, json) in facts where key.hasPrefix("constraints:") {
      if let value = json.doubleValue { constraints.append((String(key.dropFirst(12)), value)) }
    }
    guard constraints.isEmpty else { return constraints }
    for (index, json) in (facts["constraints"]?.arrayValue ?? []).enumerated() {
      if let value = json.doubleValue { constraints.append(("\(index)", value)) }
    }
    return constraints
  }
}
