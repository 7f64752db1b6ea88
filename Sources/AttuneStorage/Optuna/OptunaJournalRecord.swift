import AttuneCore

/// One line of an Optuna journal.
struct OptunaJournalRecord {
  /// What a line does; raw values are its `op_code`.
  enum Operation: Int {
    case createStudy = 0
    case deleteStudy = 1
    case setStudyUserAttribute = 2
    case setStudySystemAttribute = 3
    case createTrial = 4
    case setTrialParameter = 5
    case setTrialStateValues = 6
    case setTrialIntermediateValue = 7
    case setTrialUserAttribute = 8
    case setTrialSystemAttribute = 9
    /// Only Rustuna's; Optuna passes over it.
    case discardTrials = 10
  }

  /// The states by their numbers here, which are not those of Attune.
  static let states: [TrialState] = [.running, .complete, .pruned, .fail, .waiting]

  let json: JSON
  let naiveTime: (Int64) -> Int64

  func refuse(_ key: String, _ wanted: String) -> AttuneError {
    AttuneError(.storage, "\(key) is \(json[key]?.shown ?? "missing"), wanted \(wanted)")
  }

  func int(_ key: String) throws(AttuneError) -> Int {
    guard let value = json[key]?.int64Value.flatMap({ Int(exactly: $0) }) else {
      throw refuse(key, "a whole number")
    }
    return value
  }

  func text(_ key: String) throws(AttuneError) -> String {
    guard let value = json[key]?.stringValue else { throw refuse(key, "a string") }
    return value
  }

  func array(_ key: String) throws(AttuneError) -> [JSON] {
    guard let value = json[key]?.arrayValue else { throw refuse(key, "an array") }
    return value
  }

  func object(_ key: String) throws(AttuneError) -> JSON.Object {
    guard let value = json[key]?.objectValue else { throw refuse(key, "an object") }
    return value
  }

  private func present(_ key: String) -> Bool { !(json[key]?.isNull ?? true) }

  private func optionalObject(_ key: String) throws(AttuneError) -> JSON.Object {
    present(key) ? try object(key) : [:]
  }

  /// Numbers; `nil` for null or none.
  func numbers(_ key: String) throws(AttuneError) -> [Double]? {
    guard present(key) else { return nil }
    let elements = try array(key)
    let numbers = elements.compactMap(\.doubleValue)
    guard numbers.count == elements.count else { throw refuse(key, "an array of numbers") }
    return numbers
  }

  /// A time; `nil` for null or none.
  func time(_ key: String) throws(AttuneError) -> Int64? {
    guard present(key) else { return nil }
    guard let time = Timestamp.microseconds(try text(key), naive: naiveTime) else {
      throw refuse(key, "a time such as 2026-11-23T08:48:51.291100+00:00")
    }
    return time
  }

  /// The state; `nil` for none.
  func state() throws(AttuneError) -> TrialState? {
    guard present("state") else { return nil }
    let code = try int("state")
    guard Self.states.indices.contains(code) else { throw refuse("state", "0 to 4") }
    return Self.states[code]
  }

  /// The trial that a record creates: a new one, or a template with all it has.
  func trial() throws(AttuneError) -> OptunaTrial {
    var trial = OptunaTrial()
    trial.state = try state() ?? .running
    trial.started = try time("datetime_start")
    trial.finished = try time("datetime_complete")
    if let values = try numbers("values") {
      trial.values = values
    } else if let value = json["value"]?.doubleValue {
      trial.values = [value]
    }
    trial.userAttributes = try optionalObject("user_attrs")
    trial.systemAttributes = try optionalObject("system_attrs")
    for (key, value) in try optionalObject("intermediate_values") {
      guard let step = Int64(key), let value = value.doubleValue else {
        throw refuse("intermediate_values", "numbers by step")
      }
      trial.intermediateValues.append((step, value))
    }
    let distributions = try optionalObject("distributions")
    for (name, value) in try optionalObject("params") {
      guard let number = value.doubleValue, let text = distributions[name]?.stringValue else {
        throw refuse("params", "numbers, each with its distribution")
      }
      let distribution = try OptunaDistribution.parameter(name, text).distribution
      trial.parameters.append(
        OptunaTrial.Parameter(name: name, distribution: distribution, number: number))
    }
    return trial
  }

  /// Changes an unfinished trial; `kinds` has the first distribution of each parameter of its study.
  func change(
    _ trial: inout OptunaTrial, _ operation: Operation, kinds: inout [String: Distribution]
  ) throws(AttuneError) {
    switch operation {
    case .setTrialParameter:
      let name = try text("param_name")
      guard let number = json["param_value_internal"]?.doubleValue else {
        throw refuse("param_value_internal", "a number")
      }
      let distribution = try OptunaDistribution.parameter(
        name, try text("distribution")
      ).distribution
      // Optuna drops a parameter whose kind changed, for all but the worker that tried.
      let known = kinds[name, default: distribution]
      guard try OptunaDistribution.joined(known, with: distribution, name: name) != nil
      else { return }
      kinds[name] = known
      trial.parameters.removeAll { $0.name == name }
      trial.parameters.append(
        OptunaTrial.Parameter(name: name, distribution: distribution, number: number))
    case .setTrialIntermediateValue:
      guard let value = json["intermediate_value"]?.doubleValue else {
        throw refuse("intermediate_value", "a number")
      }
      let step = Int64(try int("step"))
      trial.intermediateValues.removeAll { $0.step == step }
      trial.intermediateValues.append((step, value))
    case .setTrialUserAttribute:
      for (key, value) in try object("user_attr") { trial.userAttributes[key] = value }
    case .setTrialSystemAttribute:
      for (key, value) in try object("system_attr") { trial.systemAttributes[key] = value }
    default: break
    }
  }
}
