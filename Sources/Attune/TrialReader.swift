public import AttuneCore

/// A trial given as JSON, in the form `TrialRecord.json` writes, checked against a study.
struct TrialReader {
  let state: TrialState
  let params: [(name: String, value: Value)]
  let values: [Double]
  let reports: Reports
  let attributes: [(key: String, json: String)]
  let constraints: [(name: String, value: Double)]
  let gradient: [Double]
  let failure: Failure?
  let origin: History.Origin
  let started: Int64?
  let finished: Int64?

  private static let keys = [
    "number", "state", "params", "value", "values", "intermediate", "attributes", "constraints",
    "gradient", "reason", "code", "origin", "datetime_start", "datetime_complete",
  ]

  /// Reads `object`; `what` names it in errors.
  init(_ object: JSON.Object, directions: [Direction], what: String) throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "\(what): \(key) is \(found), wanted \(wanted)", subject: "\(what).\(key)")
    }
    for (key, _) in object where !Self.keys.contains(key) {
      throw AttuneError(
        .invalidArgument,
        "\(what): unknown key \"\(key)\"\(suggestion(for: key, among: Self.keys)), wanted "
          + Self.keys.joined(separator: ", "), subject: "\(what).\(key)")
    }
    func members(_ key: String) throws(AttuneError) -> JSON.Object {
      guard let json = object[key], !json.isNull else { return [:] }
      guard let members = json.objectValue else { throw refuse(key, json.shown, "an object") }
      return members
    }
    func numbers(_ key: String, _ json: JSON) throws(AttuneError) -> [Double] {
      let elements = json.arrayValue ?? [json]
      var numbers: [Double] = []
      for element in elements {
        guard let number = element.doubleValue else {
          throw refuse(key, element.shown, "a number, or an array of numbers")
        }
        numbers.append(number)
      }
      return numbers
    }
    func time(_ key: String) throws(AttuneError) -> Int64? {
      guard let json = object[key], !json.isNull else { return nil }
      guard let text = json.stringValue, let time = Timestamp.microseconds(text) else {
        throw refuse(key, json.text(), "a time such as 2026-11-23 08:48:51.291000")
      }
      return time
    }

    var values = try object["values"].map { json throws(AttuneError) in try numbers("values", json) }
    if let json = object["value"], !json.isNull {
      let single = try numbers("value", json)
      if values == nil { values = single }
    }
    let given = values ?? []
    if given.isEmpty, object["state"]?.isNull ?? true {
      throw refuse(
        "values", "missing", "\(directions.count) numbers, one per direction, or the state FAIL")
    }
    var state = TrialState.complete
    if let json = object["state"], !json.isNull {
      let names = TrialState.allCases.filter(\.isFinished).map(\.name).joined(separator: ", ")
      guard let named = json.stringValue.flatMap(TrialState.init(name:)),
        named.isFinished || named == .running
      else { throw refuse("state", json.text(), "one of \(names)") }
      state = named
    }
    if state == .complete {
      guard given.count == directions.count else {
        throw refuse("values", "\(given.count) numbers", "\(directions.count), one per direction")
      }
      if given.contains(where: \.isNaN) {
        throw refuse("values", "NaN", "numbers, or the state FAIL")
      }
    }
    self.state = state
    self.values = state == .complete || state == .pruned ? given : []
    params = try JSON.values(of: members("params"), what: "\(what).params")

    var reports = Reports()
    for (key, json) in try members("intermediate") {
      guard let step = Int64(key), step >= 0 else {
        throw refuse("intermediate", "a step \"\(key)\"", "steps of 0 or more")
      }
      let values = try numbers("intermediate", json)
      guard values.count == directions.count else {
        throw refuse(
          "intermediate", "\(values.count) numbers at step \(step)",
          "\(directions.count), one per direction")
      }
      reports.add(step: step, values: values)
    }
    self.reports = reports
    attributes = try members("attributes").map { ($0.key, $0.value.text(.spaced)) }
    constraints = try members("constraints").map { name, json throws(AttuneError) in
      guard let value = json.doubleValue else {
        throw refuse("constraints.\(name)", json.shown, "a number")
      }
      return (name, value)
    }
    gradient = try object["gradient"].map { json throws(AttuneError) in
      try numbers("gradient", json)
    } ?? []
    let reason = object["reason"]?.stringValue
    let code = Int32(clamping: object["code"]?.int64Value ?? 0)
    failure =
      reason.map { Failure($0, code: code) }
      ?? (state == .fail ? Failure("no reason given", code: code) : nil)
    origin = object["origin"]?.stringValue.flatMap(History.Origin.init(name:)) ?? .added
    started = try time("datetime_start")
    finished = try time("datetime_complete")
  }
}

extension Study {
  /// Adds a finished trial made elsewhere, in the form of `TrialRecord.json`; its number.
  ///
  /// All parameters that are then active are needed, and no others.
  @discardableResult
  public func addTrial(json: String) throws(AttuneError) -> Int {
    let object = try JSON.object(parsing: json, what: "trial")
    let trial = try TrialReader(object, directions: directions, what: "trial")
    guard trial.state.isFinished else {
      throw AttuneError(
        .invalidArgument, "trial: state is RUNNING, wanted COMPLETE, PRUNED, FAIL",
        subject: "trial.state")
    }
    let now = currentMicroseconds()
    let started = trial.started ?? now
    return try update { ledger throws(AttuneError) in
      let point = try Self.point(of: trial, in: ledger)
      let number = ledger.claim(.added, at: started)
      try ledger.add(trial, as: number, point, finished: trial.finished ?? now)
      return number
    } events: { number in
      trial.events(number: number, origin: .added, started: started, finished: trial.finished ?? now)
    }
  }

  /// The whole point of a trial given by name; checked against the space where one is declared.
  static func point(of trial: TrialReader, in ledger: Ledger) throws(AttuneError) -> Point {
    guard !ledger.isDefineByRun else {
      for (name, value) in trial.params {
        guard let index = ledger.space.find(name) else {
          throw AttuneError(
            .notSupported,
            "trial: parameter \"\(name)\" is not discovered yet; a define-by-run study takes only "
              + "trials whose parameters were suggested before", subject: "trial.params.\(name)")
        }
        _ = try ledger.space.parameters[index].distribution.slot(of: value, name: name)
      }
      return Point(slots: [], active: ActiveSet())
    }
    let partial = try PartialPoint(trial.params, in: ledger.space)
    guard let point = ledger.space.point(given: partial) else {
      let missing = ledger.space.firstMissing(partial)
      throw AttuneError(
        .invalidArgument, "trial: parameter \"\(missing)\" has no value, wanted one",
        subject: "trial.params.\(missing)")
    }
    for (index, slot) in partial.slots.enumerated() where slot != nil && point[index] == nil {
      let name = ledger.space.parameters[index].name
      throw AttuneError(
        .inactive, "trial: parameter \"\(name)\" has a value though it is not active, wanted none",
        subject: "trial.params.\(name)")
    }
    return point
  }
}

extension TrialReader {
  /// The events that make this trial.
  func events(
    number: Int, origin: History.Origin, started: Int64, finished: Int64
  ) -> [StudyEvent] {
    var events: [StudyEvent] = [
      .claimed(number: number, origin: origin, time: started),
      .asked(number: number, params: params),
    ]
    events += detailEvents(number: number)
    if state.isFinished {
      events.append(
        .finished(number: number, state: state, values: values, failure: failure, time: finished))
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

extension Ledger {
  /// Fills and finishes a claimed trial that was made elsewhere.
  mutating func add(
    _ trial: TrialReader, as number: Int, _ point: Point, finished: Int64
  ) throws(AttuneError) {
    fill(number, point)
    if isDefineByRun {
      for (name, value) in trial.params {
        guard let index = space.find(name) else { continue }
        let parameter = space.parameters[index]
        _ = try suggest(number, parameter, parameter.distribution.slot(of: value, name: name))
      }
    }
    for event in trial.detailEvents(number: number) { try apply(event) }
    finish(number, trial.state, trial.values, trial.failure, at: finished)
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
