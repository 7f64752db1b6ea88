import AttuneCore

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
  /// Whether it is another program's whose point is none of the study's space: kept, and not learned from.
  var isUnfitting = false

  private static let keys = [
    "number", "state", "params", "value", "values", "intermediate", "attributes", "constraints",
    "gradient", "reason", "code", "origin", "datetime_start", "datetime_complete",
  ]

  /// Reads `object`; `space` is the declared one, `what` names the trial in errors.
  init(
    _ object: JSON.Object, directions: [Direction], space: Space?, what: String
  ) throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "\(what): \(key) is \(found), wanted \(wanted)", subject: "\(what).\(key)"
      )
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

    var values = try object["values"].map { json throws(AttuneError) in try numbers("values", json)
    }
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
        named.isFinished || named == .running || named == .waiting
      else { throw refuse("state", json.text(), "one of \(names)") }
      state = named
    }
    if state == .complete || state == .pruned && !given.isEmpty {
      guard given.count == directions.count else {
        throw refuse("values", "\(given.count) numbers", "\(directions.count), one per direction")
      }
    }
    if state == .complete {
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
    gradient =
      try object["gradient"].map { json throws(AttuneError) in
        try numbers("gradient", json)
      } ?? []
    if let space, !gradient.isEmpty, gradient.count != directions.count * space.count {
      throw refuse(
        "gradient", "\(gradient.count) numbers",
        "\(directions.count * space.count): values x parameters")
    }
    var code: Int32 = 0
    if let json = object["code"], !json.isNull {
      guard let given = json.int64Value.flatMap({ Int32(exactly: $0) }) else {
        throw refuse("code", json.shown, "a whole number of 32 bits")
      }
      code = given
    }
    var failure = state == .fail ? Failure("no reason given", code: code) : nil
    if let json = object["reason"], !json.isNull {
      guard let reason = json.stringValue else { throw refuse("reason", json.shown, "a string") }
      failure = Failure(reason, code: code)
    }
    self.failure = failure
    origin = object["origin"]?.stringValue.flatMap(History.Origin.init(name:)) ?? .added
    started = try time("datetime_start")
    finished = try time("datetime_complete")
  }
}
