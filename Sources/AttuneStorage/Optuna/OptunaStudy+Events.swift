public import AttuneCore

/// The events of a study as Optuna knows it.
extension OptunaStudy {
  /// Makes of a study's definition and its events what Optuna can hold.
  public init(_ definition: StudyDefinition, _ events: [StudyEvent]) throws(AttuneError) {
    self.init(name: definition.name, directions: definition.directions)
    var definition = definition
    var folds: [TrialFold] = []
    var started: Set<Int> = []
    for event in events {
      switch event {
      case .claimed(let number, let origin, let time):
        guard number >= folds.count else {
          try folds.change(number) { $0.start(origin, at: time) }
          continue
        }
        guard number == folds.count else { throw Self.outOfTurn(number, folds.count) }
        folds.append(TrialFold())
        folds[number].start(origin, at: time)
      case .attribute(nil, let key, let json):
        userAttributes[key] = Self.fact(json)
      case .asked(let number, let params, _):
        order.append(number)
        started.insert(number)
        try folds.change(number) { fold throws(AttuneError) in
          guard let space = definition.space else { return }
          for (name, value) in params {
            let known = space.find(name).map { space.parameters[$0].distribution }
            guard fold.isForeign else {
              try fold.add(space.parameters[try space.index(of: name)], value)
              continue
            }
            let own = try OptunaDistribution.holding(value, like: known, name: name)
            // Optuna drops a parameter of another kind than before, but no attribute.
            if own != known { fold.keep(name, value) }
            try fold.add(Parameter(name, own), value)
          }
        }
      case .suggested(let number, let parameter, let value):
        try folds.change(number) { fold throws(AttuneError) in try fold.add(parameter, value) }
      case .reported(let number, let step, let values):
        try folds.change(number) { $0.report(step, values) }
      case .attribute(let number?, let key, let json):
        try folds.change(number) { $0.trial.userAttributes[key] = Self.fact(json) }
      case .constraint(let number, let name, let value):
        try folds.change(number) { $0.constraints[name] = .float(value) }
      case .gradient(let number, let values):
        try folds.change(number) {
          $0.trial.systemAttributes[OptunaTrial.Key.gradient] = .array(values.map(JSON.float))
        }
      case .finished(let number, let state, let values, let failure, let time):
        if started.insert(number).inserted { order.append(number) }
        order.append(-number - 1)
        try folds.change(number) { $0.finish(state, values, failure, at: time) }
      case .enqueued(let number, let params, let retries, _):
        guard number == folds.count else { throw Self.outOfTurn(number, folds.count) }
        folds.append(TrialFold())
        folds[number].wait(params, retries)
      case .widened(let parameter):
        guard let space = definition.space else { continue }
        definition.space = try space.replacing(
          try space.index(of: parameter.name), with: parameter)
      case .reissued, .released, .paused, .resumed: break
      }
    }
    systemAttributes[Self.definitionKey] = definition.json()
    trials = folds.map(\.whole)
  }

  private static func outOfTurn(_ number: Int, _ count: Int) -> AttuneError {
    AttuneError(.storage, "trial \(number) follows \(count - 1), wanted \(count)")
  }

  /// A fact; one that is no JSON, damaged since it was checked, is kept as text.
  private static func fact(_ json: String) -> JSON { (try? JSON(parsing: json)) ?? .string(json) }
}

extension [TrialFold] {
  fileprivate mutating func change(
    _ number: Int, _ change: (inout TrialFold) throws(AttuneError) -> Void
  ) throws(AttuneError) {
    guard indices.contains(number) else {
      throw AttuneError(.storage, "no trial \(number); the study has \(count)")
    }
    try change(&self[number])
  }
}

/// A trial being put together.
private struct TrialFold {
  var trial = OptunaTrial()
  var constraints = JSON.Object()
  private var reports: [(step: Int64, values: [Double])] = []
  /// Whether another program chose the parameters, which may be none of the study's.
  private(set) var isForeign = false

  mutating func start(_ origin: History.Origin, at time: Int64) {
    isForeign = origin == .foreign
    trial.state = .running
    trial.started = time
    if origin != .strategy { trial.systemAttributes[OptunaTrial.Key.origin] = .string(origin.name) }
  }

  mutating func wait(_ params: [(name: String, value: Value)], _ retries: [Int]) {
    trial.state = .waiting
    trial.systemAttributes[OptunaTrial.Key.fixedParams] = JSON(params: params)
    guard let first = retries.first else { return }
    trial.systemAttributes[OptunaTrial.Key.failedTrial] = .int(Int64(first))
    trial.systemAttributes[OptunaTrial.Key.retryHistory] = .array(retries.map { .int(Int64($0)) })
  }

  mutating func add(_ parameter: Parameter, _ value: Value) throws(AttuneError) {
    guard !trial.parameters.contains(where: { $0.name == parameter.name }) else { return }
    let slot = try parameter.distribution.slot(of: value, name: parameter.name)
    let number = OptunaDistribution.number(parameter.distribution, slot: slot)
    trial.parameters.append(
      OptunaTrial.Parameter(
        name: parameter.name, distribution: parameter.distribution, number: number))
    if case .int = parameter.distribution, let exact = value.integer,
      Int64(exactly: number) != exact
    {
      keep(parameter.name, .int(exact))
    }
  }

  /// Keeps a value that a parameter in Optuna's form may not bring back.
  mutating func keep(_ name: String, _ value: Value) {
    var all = trial.systemAttributes[OptunaTrial.Key.exactParams]?.objectValue ?? [:]
    all[name] = value.json
    trial.systemAttributes[OptunaTrial.Key.exactParams] = .object(all)
  }

  mutating func report(_ step: Int64, _ values: [Double]) {
    guard !reports.contains(where: { $0.step == step }) else { return }
    reports.append((step, values))
  }

  mutating func finish(
    _ state: TrialState, _ values: [Double], _ failure: Failure?, at time: Int64
  ) {
    trial.state = state
    trial.finished = time
    // What Optuna itself records of a PRUNED trial is its last report.
    let last = reports.max { $0.step < $1.step }?.values ?? []
    let kept = state == .pruned && values.isEmpty ? last : values
    trial.values = kept.contains(where: \.isNaN) ? [] : kept
    if let failure {
      trial.systemAttributes[OptunaTrial.Key.reason] = .string(failure.reason)
      if failure.code != 0 {
        trial.systemAttributes[OptunaTrial.Key.code] = .int(Int64(failure.code))
      }
    }
  }

  /// The trial with what is written at its end.
  var whole: OptunaTrial {
    var trial = trial
    if !constraints.isEmpty {
      trial.systemAttributes[OptunaTrial.Key.constraints] = .array(constraints.values)
      trial.systemAttributes[OptunaTrial.Key.namedConstraints] = .object(constraints)
    }
    if reports.contains(where: { $0.values.count > 1 }) {
      var all = JSON.Object()
      for (step, values) in reports { all[String(step)] = .array(values.map(JSON.float)) }
      trial.systemAttributes[OptunaTrial.Key.intermediateValues] = .object(all)
    } else {
      trial.intermediateValues = reports.map { ($0.step, $0.values[0]) }
    }
    return trial
  }
}
