import AttuneCore

/// Events as rows of Optuna's tables.
extension StudyRows {
  /// Writes what Optuna's tables can hold of an event.
  func writeRows(_ event: StudyEvent) throws(AttuneError) {
    switch event {
    case .claimed(let number, _, let time):
      guard let known = id(number) else { return try addTrial(number, "RUNNING", started: time) }
      try add(
        SQLWrite(
          table: "trials",
          text: "UPDATE trials SET state = 'RUNNING', datetime_start = $1 "
            + "WHERE trial_id = $2 AND state = 'WAITING'",
          parameters: [.time(time), known], conflict: conflict(number, wanted: "WAITING")))
    case .asked(let number, let params, _): try writeParams(number, params)
    case .suggested(let number, let parameter, let value):
      try writeParam(number, parameter, value)
    case .reported(let number, let step, let values): try writeReport(number, step, values)
    case .attribute(let number, let key, let json): try writeAttribute(key, json, of: number)
    case .constraint(let number, let name, let value):
      noteConstraint(number, name, value)
      let values = (open[number]?.constraints ?? []).map { JSON.float($0.value) }
      try writeSystemAttribute("constraints", .array(values), of: number)
    case .finished(let number, let state, let values, let failure, let time):
      try writeEnd(number, state, values, failure, at: time)
    case .enqueued(let number, let params, let retries, _):
      try addTrial(number, "WAITING", started: nil)
      try writeSystemAttribute("fixed_params", JSON(params: params), of: number)
      if let first = retries.first {
        try writeSystemAttribute("failed_trial", .int(Int64(first)), of: number)
        try writeSystemAttribute(
          "retry_history", .array(retries.map { .int(Int64($0)) }), of: number)
      }
    case .reissued(let number, _), .released(let number, _), .paused(let number, _),
      .resumed(let number, _):
      try forgetBeat(number)
    case .gradient, .widened: break
    }
  }

  /// The last sign of life was that of the owner before: by it Optuna would take the trial for dead.
  private func forgetBeat(_ number: Int) throws(AttuneError) {
    guard let id = id(number) else { return }
    try add(
      SQLWrite(
        table: "trial_heartbeats", text: "DELETE FROM trial_heartbeats WHERE trial_id = $1",
        parameters: [id]))
  }

  private func conflict(_ number: Int, wanted: String) -> AttuneError {
    AttuneError(
      .conflict,
      "\(connection.place): trial \(number) was changed by another program at this moment, wanted "
        + wanted, subject: "trial \(number)")
  }

  private func addTrial(
    _ number: Int, _ state: String, started: Int64?
  ) throws(AttuneError) {
    guard number == trialIDs.count else {
      throw AttuneError(
        .internal, "\(connection.place): trial \(number) is new, wanted \(trialIDs.count)")
    }
    try add(
      SQLWrite(
        table: "trials",
        text:
          "INSERT INTO trials (number, study_id, state, datetime_start) VALUES ($1, $2, $3, $4)",
        parameters: [
          .int(Int64(number)), .int(study), .text(state), started.map(SQLValue.time) ?? .null,
        ], returning: "trial_id"), newTrial: number)
  }

  private func writeParams(
    _ number: Int, _ params: [(name: String, value: Value)]
  ) throws(AttuneError) {
    // A define-by-run trial has what its objective suggests.
    guard let space, let id = id(number) else { return }
    var rows: [SQLValue] = []
    rows.reserveCapacity(params.count * 4)
    for (name, value) in params {
      let index = space.find(name)
      let known = index.map { space.parameters[$0].distribution }
      // What another program chose may be none of this space.
      let distribution =
        open[number]?.isForeign == true
        ? try OptunaDistribution.holding(value, like: known, name: name) : known
      guard let distribution else { continue }
      let slot = try distribution.slot(of: value, name: name)
      rows.append(id)
      rows.append(.text(name))
      rows.append(.double(OptunaDistribution.number(distribution, slot: slot)))
      rows.append(
        index.flatMap { distribution == known ? distributions[$0] : nil }
          ?? .text(OptunaDistribution.text(distribution)))
    }
    try add(rows, by: &paramInsert)
  }

  private func writeParam(
    _ number: Int, _ parameter: Parameter, _ value: Value
  ) throws(AttuneError) {
    guard let id = id(number) else { return }
    let slot = try parameter.distribution.slot(of: value, name: parameter.name)
    try add(
      [
        id, .text(parameter.name),
        .double(OptunaDistribution.number(parameter.distribution, slot: slot)),
        .text(OptunaDistribution.text(parameter.distribution)),
      ], by: &paramInsert)
  }

  private func writeReport(
    _ number: Int, _ step: Int64, _ values: [Double]
  ) throws(AttuneError) {
    // Optuna has one value a step, and steps of 32 bits.
    guard let id = id(number), let first = values.first, step <= Int64(Int32.max) else { return }
    let (value, type) = OptunaNumber.columns(first)
    try add([id, .int(step), value, type], by: &reportInsert)
  }

  private func writeAttribute(
    _ key: String, _ json: String, of number: Int?
  ) throws(AttuneError) {
    guard let number else {
      return try add([.int(study), .text(key), .text(json)], by: &studyAttributeInsert)
    }
    guard let id = id(number) else { return }
    try add([id, .text(key), .text(json)], by: &attributeInsert)
  }

  private func writeSystemAttribute(
    _ key: String, _ json: JSON, of number: Int
  ) throws(AttuneError) {
    guard let id = id(number) else { return }
    try add([id, .text(key), .text(json.text(.spaced))], by: &systemAttributeInsert)
  }

  private func writeEnd(
    _ number: Int, _ state: TrialState, _ values: [Double], _ failure: Failure?, at time: Int64
  ) throws(AttuneError) {
    guard let id = id(number) else { return }
    try add(
      SQLWrite(
        table: "trials",
        text: "UPDATE trials SET state = $1, datetime_complete = $2 "
          + "WHERE trial_id = $3 AND state = 'RUNNING'",
        parameters: [.text(state.name), .time(time), id],
        conflict: conflict(number, wanted: "RUNNING")))
    if let failure {
      try writeSystemAttribute("attune:reason", .string(failure.reason), of: number)
    }
    var values = values
    if state == .pruned, values.isEmpty { values = open[number]?.lastReport ?? [] }
    // A final NaN does not exist there: no row says that there is no value.
    guard state != .fail, !values.contains(where: \.isNaN) else { return }
    var rows: [SQLValue] = []
    for (objective, value) in values.enumerated() {
      let (number, type) = OptunaNumber.columns(value)
      rows += [id, .int(Int64(objective)), number, type]
    }
    try add(rows, by: &valueInsert)
  }
}
