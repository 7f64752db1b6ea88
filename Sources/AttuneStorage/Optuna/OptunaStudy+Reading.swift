public import AttuneCore

/// What Optuna knows of a study as the events that make it.
extension OptunaStudy {
  /// The definition: as Attune recorded it, or a define-by-run study of that name and those directions.
  public func definition(
    strategy: String, seed: UInt64, created: Int64
  ) throws(AttuneError) -> StudyDefinition {
    if let object = systemAttributes[Self.definitionKey]?.objectValue {
      var definition = try StudyDefinition(json: object)
      definition.name = name
      guard definition.directions == directions else {
        throw AttuneError(
          .storage,
          "study \"\(name)\": \(Self.definitionKey) has other directions than the study",
          subject: name)
      }
      return definition
    }
    return StudyDefinition(
      name: name, space: nil, directions: directions, strategy: strategy, strategyOptions: [],
      seed: seed, duplicates: .allow, created: trials.first?.started ?? created)
  }

  /// The events, in the order of time.
  ///
  /// Parameters whose range changed from trial to trial get the one range that holds all of them.
  public func events(of definition: StudyDefinition, now: Int64) throws(AttuneError) -> [StudyEvent]
  {
    var events: [StudyEvent] = []
    for (key, value) in userAttributes {
      events.append(.attribute(number: nil, key: key, json: value.text(.spaced)))
    }
    let space = definition.space == nil ? try joinedSpace() : nil
    let standard: History.Origin = systemAttributes[Self.definitionKey] == nil ? .added : .strategy
    var created = 0
    // Numbers are taken in order, whatever the order trials were started in.
    func create(upTo number: Int) throws(AttuneError) {
      while created <= number {
        let trial = trials[created]
        events.append(
          trial.isEnqueued
            ? try trial.enqueuedEvent(created, now: now)
            : .claimed(
              number: created, origin: trial.origin(standard), time: trial.started ?? now))
        created += 1
      }
    }
    for code in order {
      let number = code >= 0 ? code : -code - 1
      let trial = trials[number]
      try create(upTo: number)
      if code >= 0, trial.isEnqueued {
        events.append(
          .claimed(number: number, origin: trial.origin(standard), time: trial.started ?? now))
      }
      do throws(AttuneError) {
        if code >= 0 {
          events += try trial.startEvents(number: number, space: space)
          if trial.state == .running { events += try trial.detailEvents(number, definition) }
        } else {
          events += try trial.detailEvents(number, definition)
          events.append(trial.endEvent(number: number, definition, now: now))
        }
      } catch {
        throw AttuneError(
          error.code, "study \"\(name)\", trial \(number): \(error.message)",
          subject: error.subject)
      }
    }
    try create(upTo: trials.count - 1)
    return events
  }

  /// One parameter for each name that a trial has.
  private func joinedSpace() throws(AttuneError) -> [String: Parameter] {
    var space: [String: Parameter] = [:]
    for (number, trial) in trials.enumerated() {
      for parameter in trial.parameters {
        let name = parameter.name
        let value = try trial.value(of: parameter)
        let distribution = try OptunaDistribution.widened(
          parameter.distribution, toHold: value, name: name)
        guard let known = space[name] else {
          space[name] = Parameter(name, distribution)
          continue
        }
        guard
          let joined = try OptunaDistribution.joined(
            known.distribution, with: distribution, name: name)
        else {
          throw AttuneError(
            .storage,
            "study \"\(self.name)\", trial \(number): parameter \"\(name)\" is "
              + "\(OptunaDistribution.text(distribution)), wanted the kind of earlier trials: "
              + OptunaDistribution.text(known.distribution), subject: "params.\(name)")
        }
        space[name] = Parameter(name, joined)
      }
    }
    return space
  }
}

extension OptunaTrial {
  /// What was enqueued, if this trial was.
  var fixedParams: JSON.Object? { systemAttributes[Key.fixedParams]?.objectValue }

  /// Whether it waited, or does.
  fileprivate var isEnqueued: Bool { fixedParams != nil || state == .waiting }

  /// Whose choice it was; `standard` where nothing says.
  fileprivate func origin(_ standard: History.Origin) -> History.Origin {
    let recorded = systemAttributes[Key.origin]?.stringValue.flatMap(History.Origin.init(name:))
    return recorded ?? (fixedParams == nil ? standard : .enqueued)
  }

  /// That it waits under its number.
  fileprivate func enqueuedEvent(_ number: Int, now: Int64) throws(AttuneError) -> StudyEvent {
    var params = try JSON.values(of: fixedParams ?? [:], what: Key.fixedParams)
    // A trial that Optuna tries again has its parameters as such.
    for parameter in parameters
    where state == .waiting && !params.contains(where: { $0.name == parameter.name }) {
      params.append((parameter.name, try value(of: parameter)))
    }
    let retries = (systemAttributes[Key.retryHistory]?.arrayValue ?? []).compactMap {
      $0.int64Value.flatMap { Int(exactly: $0) }
    }
    return .enqueued(number: number, params: params, retries: retries, time: started ?? now)
  }

  func value(of parameter: OptunaTrial.Parameter) throws(AttuneError) -> Value {
    if let exact = systemAttributes[Key.exactParams]?[parameter.name].flatMap(Value.init) {
      return exact
    }
    return try OptunaDistribution.value(parameter.distribution, number: parameter.number)
  }

  /// The start, with the parameters; `space` is that of a define-by-run study.
  fileprivate func startEvents(
    number: Int, space: [String: AttuneCore.Parameter]?
  ) throws(AttuneError) -> [StudyEvent] {
    var params: [(name: String, value: Value)] = []
    for parameter in parameters { params.append((parameter.name, try value(of: parameter))) }
    for (name, json) in systemAttributes[Key.exactParams]?.objectValue ?? [:]
    where !params.contains(where: { $0.name == name }) {
      if let value = Value(json) { params.append((name, value)) }
    }
    var events: [StudyEvent] = [.asked(number: number, params: params, seen: nil)]
    for (name, value) in params {
      guard let parameter = space?[name] else { continue }
      events.append(.suggested(number: number, parameter: parameter, value: value))
    }
    return events
  }

  fileprivate func detailEvents(
    _ number: Int, _ definition: StudyDefinition
  ) throws(AttuneError) -> [StudyEvent] {
    var events: [StudyEvent] = []
    for (step, values) in try reports(definition.directions.count) {
      events.append(.reported(number: number, step: step, values: values))
    }
    for (key, value) in userAttributes {
      events.append(.attribute(number: number, key: key, json: value.text(.spaced)))
    }
    for (name, value) in constraints {
      events.append(.constraint(number: number, name: name, value: value))
    }
    if let gradient = systemAttributes[Key.gradient]?.arrayValue?.compactMap(\.doubleValue) {
      events.append(.gradient(number: number, values: gradient))
    }
    return events
  }

  private func reports(
    _ valueCount: Int
  ) throws(AttuneError) -> [(step: Int64, values: [Double])] {
    if let object = systemAttributes[Key.intermediateValues]?.objectValue {
      return object.compactMap { key, json in
        let values = json.arrayValue?.compactMap(\.doubleValue) ?? []
        return values.count == valueCount ? Int64(key).map { ($0, values) } : nil
      }
    }
    // Optuna reports one value whatever the number of objectives: then it says nothing of them.
    guard valueCount == 1 else { return [] }
    return intermediateValues.filter { $0.step >= 0 }.map { ($0.step, [$0.value]) }
  }

  private var constraints: [(name: String, value: Double)] {
    if let object = systemAttributes[Key.namedConstraints]?.objectValue {
      return object.compactMap { name, json in json.doubleValue.map { (name, $0) } }
    }
    let named: [(name: String, value: Double)] = systemAttributes.compactMap { key, json in
      guard key.hasPrefix(Key.constraintPrefix), let value = json.doubleValue else { return nil }
      return (String(key.dropFirst(Key.constraintPrefix.count)), value)
    }
    guard named.isEmpty else { return named }
    let values = systemAttributes[Key.constraints]?.arrayValue?.compactMap(\.doubleValue) ?? []
    return values.enumerated().map { ("c\($0.offset)", $0.element) }
  }

  fileprivate func endEvent(number: Int, _ definition: StudyDefinition, now: Int64) -> StudyEvent {
    var failure: Failure?
    if let reason = systemAttributes[Key.reason]?.stringValue {
      let code = systemAttributes[Key.code]?.int64Value ?? 0
      failure = Failure(reason, code: Int32(clamping: code))
    } else if state == .fail {
      failure = Failure("no reason given")
    }
    let isWhole = values.count == definition.directions.count && !values.contains(where: \.isNaN)
    // A COMPLETE trial without its values is none.
    let state = state == .complete && !isWhole ? .fail : state
    return .finished(
      number: number, state: state, values: isWhole && state != .fail ? values : [],
      failure: self.state == state ? failure : Failure("the recorded values are unusable"),
      time: finished ?? started ?? now)
  }
}
