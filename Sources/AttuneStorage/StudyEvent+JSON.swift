import AttuneCore

/// Events as JSON, one object each.
extension StudyEvent {
  func write(to writer: inout JSONWriter) {
    writer.object { line in
      switch self {
      case .claimed(let number, let origin, let time):
        line.member("claim", number)
        line.member("origin", origin.name)
        line.member("time", time)
      case .asked(let number, let params, let seen):
        line.member("ask", number)
        if let seen { line.member("seen", seen) }
        line.member("params", JSON(params: params))
      case .suggested(let number, let parameter, let value):
        line.member("suggest", number)
        line.member("name", parameter.name)
        line.member("parameter", .object(parameter.jsonObject))
        line.member("value", value.json)
      case .reported(let number, let step, let values):
        line.member("report", number)
        line.member("step", step)
        line.member("values", .array(values.map(JSON.float)))
      case .attribute(let number, let key, let json):
        line.member("attribute", key)
        if let number { line.member("trial", number) }
        line.member("json", json)
      case .constraint(let number, let name, let value):
        line.member("constraint", name)
        line.member("trial", number)
        line.member("value", value)
      case .gradient(let number, let values):
        line.member("gradient", number)
        line.member("values", .array(values.map(JSON.float)))
      case .finished(let number, let state, let values, let failure, let time):
        line.member("finish", number)
        line.member("state", state.name)
        if !values.isEmpty { line.member("values", .array(values.map(JSON.float))) }
        if let failure {
          line.member("reason", failure.reason)
          if failure.code != 0 { line.member("code", Int64(failure.code)) }
        }
        line.member("time", time)
      case .enqueued(let number, let params, let retries, let time):
        line.member("enqueue", number)
        line.member("params", JSON(params: params))
        if !retries.isEmpty { line.member("retries", .array(retries.map { .int(Int64($0)) })) }
        line.member("time", time)
      case .widened(let parameter):
        line.member("widen", parameter.name)
        line.member("parameter", .object(parameter.jsonObject))
      case .reissued(let number, let time):
        line.member("reissue", number)
        line.member("time", time)
      case .released(let number, let time):
        line.member("release", number)
        line.member("time", time)
      case .paused(let number, let time):
        line.member("pause", number)
        line.member("time", time)
      case .resumed(let number, let time):
        line.member("resume", number)
        line.member("time", time)
      }
    }
  }

  init(json: JSON) throws(AttuneError) {
    func missing(_ key: String) -> AttuneError {
      AttuneError(.storage, "\(key) is \(json[key]?.text() ?? "missing")")
    }
    func integer(_ key: String) throws(AttuneError) -> Int64 {
      guard let value = json[key]?.int64Value else { throw missing(key) }
      return value
    }
    func number(_ key: String) throws(AttuneError) -> Int {
      guard let value = Int(exactly: try integer(key)) else { throw missing(key) }
      return value
    }
    func text(_ key: String) throws(AttuneError) -> String {
      guard let value = json[key]?.stringValue else { throw missing(key) }
      return value
    }
    func values() throws(AttuneError) -> [Double] {
      var values: [Double] = []
      for element in json["values"]?.arrayValue ?? [] {
        guard let value = element.doubleValue else { throw missing("values") }
        values.append(value)
      }
      return values
    }
    func params(_ key: String) throws(AttuneError) -> [(name: String, value: Value)] {
      guard let object = json[key]?.objectValue else { throw missing(key) }
      return try JSON.values(of: object, what: key)
    }

    if json["claim"] != nil {
      guard let origin = History.Origin(name: try text("origin")) else { throw missing("origin") }
      self = .claimed(number: try number("claim"), origin: origin, time: try integer("time"))
    } else if json["ask"] != nil {
      let seen = json["seen"] == nil ? nil : try number("seen")
      self = .asked(number: try number("ask"), params: try params("params"), seen: seen)
    } else if json["suggest"] != nil {
      guard let object = json["parameter"]?.objectValue else { throw missing("parameter") }
      guard let value = json["value"].flatMap(Value.init) else { throw missing("value") }
      let parameter = try Parameter(try text("name"), json: object)
      self = .suggested(number: try number("suggest"), parameter: parameter, value: value)
    } else if json["report"] != nil {
      self = .reported(
        number: try number("report"), step: try integer("step"), values: try values())
    } else if json["attribute"] != nil {
      let trial = json["trial"] == nil ? nil : try number("trial")
      self = .attribute(number: trial, key: try text("attribute"), json: try text("json"))
    } else if json["constraint"] != nil {
      guard let value = json["value"]?.doubleValue else { throw missing("value") }
      self = .constraint(
        number: try number("trial"), name: try text("constraint"), value: value)
    } else if json["gradient"] != nil {
      self = .gradient(number: try number("gradient"), values: try values())
    } else if json["finish"] != nil {
      guard let state = TrialState(name: try text("state")), state.isFinished else {
        throw missing("state")
      }
      let code = Int32(clamping: json["code"]?.int64Value ?? 0)
      self = .finished(
        number: try number("finish"), state: state, values: try values(),
        failure: json["reason"]?.stringValue.map { Failure($0, code: code) },
        time: try integer("time"))
    } else if json["enqueue"] != nil {
      var retries: [Int] = []
      for element in json["retries"]?.arrayValue ?? [] {
        guard let retry = element.int64Value.flatMap({ Int(exactly: $0) }) else {
          throw missing("retries")
        }
        retries.append(retry)
      }
      self = .enqueued(
        number: try number("enqueue"), params: try params("params"), retries: retries,
        time: try integer("time"))
    } else if json["widen"] != nil {
      guard let object = json["parameter"]?.objectValue else { throw missing("parameter") }
      self = .widened(parameter: try Parameter(try text("widen"), json: object))
    } else if json["reissue"] != nil {
      self = .reissued(number: try number("reissue"), time: try integer("time"))
    } else if json["release"] != nil {
      self = .released(number: try number("release"), time: try integer("time"))
    } else if json["pause"] != nil {
      self = .paused(number: try number("pause"), time: try integer("time"))
    } else if json["resume"] != nil {
      self = .resumed(number: try number("resume"), time: try integer("time"))
    } else {
      throw AttuneError(.storage, "unknown event \(json.text())")
    }
  }
}
