public import AttuneCore

extension Study {
  /// Adds a finished trial made elsewhere, in the form of `TrialRecord.json`; its number.
  ///
  /// All parameters that are then active are needed, and no others. The constraints of the space do not
  /// matter: what was evaluated is a fact, from which strategies learn.
  @discardableResult
  public func addTrial(json: String) throws(AttuneError) -> Int {
    let object = try JSON.object(parsing: json, what: "trial")
    let trial = try TrialReader(
      object, directions: directions, space: definition.space, what: "trial")
    guard trial.state.isFinished else {
      throw AttuneError(
        .invalidArgument, "trial: state is \(trial.state.name), wanted COMPLETE, PRUNED, FAIL",
        subject: "trial.state")
    }
    let now = currentMicroseconds()
    defer { flushLog() }
    return try commit { ledger throws(AttuneError) -> [StudyEvent] in
      if !isDefineByRun {
        _ = try trial.point(in: ledger.space, what: "trial")
      } else {
        try trial.checkDiscovered(in: ledger.space)
      }
      return try trial.events(
        number: ledger.log.trialCount, origin: .added,
        discovered: isDefineByRun ? ledger.space : nil, now: now)
    } events: {
      $0
    } apply: { ledger, events throws(AttuneError) in
      let number = ledger.log.trialCount
      for event in events { try ledger.apply(event) }
      return number
    }
  }
}

extension TrialReader {
  /// Whether the trial has no parameters because it never got a point.
  var isPointless: Bool { params.isEmpty && (state == .fail || state == .running) }

  /// Fails for a parameter that no trial of a define-by-run study has asked for.
  fileprivate func checkDiscovered(in space: Space) throws(AttuneError) {
    for (name, _) in params where space.find(name) == nil {
      throw AttuneError(
        .notSupported,
        "trial: parameter \"\(name)\" is not discovered yet; a define-by-run study takes only "
          + "trials whose parameters were suggested before", subject: "trial.params.\(name)")
    }
  }

  /// The whole point; `what` names the trial in errors.
  func point(in space: Space, what: String) throws(AttuneError) -> Point {
    let partial = try PartialPoint(params, in: space)
    guard let point = space.point(given: partial) else {
      let missing = space.firstMissing(partial)
      throw AttuneError(
        .invalidArgument, "\(what): parameter \"\(missing)\" has no value, wanted one",
        subject: "\(what).params.\(missing)")
    }
    for (index, slot) in partial.slots.enumerated() where slot != nil && point[index] == nil {
      let name = space.parameters[index].name
      throw AttuneError(
        .inactive,
        "\(what): parameter \"\(name)\" has a value though it is not active, wanted none",
        subject: "\(what).params.\(name)")
    }
    return point
  }
}

extension TrialReader {
  /// The events that make this trial.
  ///
  /// `discovered` is the space of a define-by-run study, `nil` for a declared one.
  func events(
    number: Int, origin: History.Origin, discovered: Space?, now: Int64
  ) throws(AttuneError) -> [StudyEvent] {
    var events: [StudyEvent] = [
      .claimed(number: number, origin: origin, time: started ?? now),
      .asked(number: number, params: params, seen: nil),
    ]
    if let discovered { events += try suggestions(number: number, in: discovered) }
    events += detailEvents(number: number)
    events.append(
      .finished(
        number: number, state: state, values: values, failure: failure, time: finished ?? now))
    return events
  }

  /// The events of a define-by-run trial that asked for its parameters.
  func suggestions(number: Int, in discovered: Space) throws(AttuneError) -> [StudyEvent] {
    var events: [StudyEvent] = []
    for (name, value) in params {
      let parameter = discovered.parameters[try discovered.index(of: name)]
      // Checked here, so that taking the event in cannot fail.
      _ = try parameter.distribution.slot(of: value, name: name)
      events.append(.suggested(number: number, parameter: parameter, value: value))
    }
    return events
  }

  /// The events of all that comes between ask and tell.
  func detailEvents(number: Int) -> [StudyEvent] {
    var events: [StudyEvent] = []
    for report in reports.all {
      events.append(.reported(number: number, step: report.step, values: report.values))
    }
    for (key, json) in attributes {
      events.append(.attribute(number: number, key: key, json: json))
    }
    for (name, value) in constraints {
      events.append(.constraint(number: number, name: name, value: value))
    }
    if !gradient.isEmpty { events.append(.gradient(number: number, values: gradient)) }
    return events
  }
}

extension Space {
  /// The first parameter that is active and not given.
  func firstMissing(_ given: PartialPoint) -> String {
    var missing = ""
    _ = point { index in
      if given.slots[index] == nil, missing.isEmpty, !parameters[index].distribution.isSingle {
        missing = parameters[index].name
      }
      return given.slots[index] ?? parameters[index].distribution.slot(atUnit: 0.5)
    }
    return missing
  }
}
