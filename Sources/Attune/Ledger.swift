import AttuneCore

/// Everything a study knows, rebuilt from its events and changed by nothing else.
///
/// A value behind the study's lock. `apply` takes the events of other processes; the verbs below it
/// are the same events coming from this one.
struct Ledger: Sendable {
  let directions: [Direction]
  let duplicates: DuplicatePolicy
  let isDefineByRun: Bool
  private(set) var space: Space
  private(set) var log: HistoryLog
  private(set) var details: [Int: TrialDetail] = [:]
  private(set) var finishedReports = FinishedReports()
  private(set) var attributes: [(key: String, json: String)] = []
  /// Trials whose number is taken and whose point is being chosen: nothing but FAIL can be told of
  /// one. Stays in here when its owner died before it had chosen.
  private(set) var pointless: Set<Int> = []
  /// Trials whose point was the strategy's to choose.
  private(set) var ordinal = 0
  /// The best COMPLETE trial of a study with one direction.
  private(set) var best: Int?
  /// The first trial of each point, unless duplicates are allowed.
  private(set) var seen: [Point: Int] = [:]
  private var queue: [[(name: String, value: Value)]] = []
  private var queueHead = 0

  init(_ definition: StudyDefinition) {
    directions = definition.directions
    duplicates = definition.duplicates
    isDefineByRun = definition.space == nil
    space = definition.space ?? .empty
    log = HistoryLog(valueCount: definition.directions.count, width: space.count)
  }

  /// Parameters that wait for an ask, in order.
  var waiting: ArraySlice<[(name: String, value: Value)]> { queue[queueHead...] }

  /// Takes in an event of another process, or of an earlier one.
  mutating func apply(_ event: StudyEvent) throws(AttuneError) {
    switch event {
    case .claimed(let number, let origin, let time):
      guard number == log.trialCount else {
        throw AttuneError(
          .storage, "trial \(number) follows \(log.trialCount - 1), wanted \(log.trialCount)")
      }
      _ = claim(origin, at: time)
    case .asked(let number, let params):
      try checkRunning(number)
      fill(number, try point(params))
    case .suggested(let number, let parameter, let value):
      try checkRunning(number)
      let slot = try parameter.distribution.slot(of: value, name: parameter.name)
      _ = try suggest(number, parameter, slot)
    case .reported(let number, let step, let values):
      try checkRunning(number)
      try check(values, of: number)
      report(number, step: step, values)
    case .attribute(let number, let key, let json):
      guard let number else { return attributes.set(key, json) }
      try checkRunning(number)
      setAttribute(number, key, json)
    case .constraint(let number, let name, let value):
      try checkRunning(number)
      setConstraint(number, name, value)
    case .gradient(let number, let values):
      try checkRunning(number)
      // A define-by-run study may have grown since.
      guard isDefineByRun || values.count == directions.count * space.count else {
        throw AttuneError(
          .storage,
          "trial \(number) has a gradient of \(values.count) numbers, wanted "
            + "\(directions.count * space.count)")
      }
      setGradient(number, values)
    case .finished(let number, let state, let values, let failure, let time):
      try checkRunning(number)
      if state == .complete || !values.isEmpty { try check(values, of: number) }
      if state == .complete, values.contains(where: \.isNaN) {
        throw AttuneError(.storage, "trial \(number) is COMPLETE with NaN, wanted a number")
      }
      finish(number, state, values, failure, at: time)
    case .enqueued(let params): enqueue(params)
    case .dequeued:
      guard dequeue() != nil else {
        throw AttuneError(.storage, "a trial takes enqueued parameters, and none wait")
      }
    }
  }

  /// Fails unless there is one value per direction.
  private func check(_ values: [Double], of number: Int) throws(AttuneError) {
    guard values.count == directions.count else {
      throw AttuneError(
        .storage, "trial \(number) has \(values.count) values, wanted \(directions.count)")
    }
  }

  /// Fails unless a trial exists and runs.
  func checkRunning(_ number: Int) throws(AttuneError) {
    guard number >= 0, number < log.trialCount else {
      throw AttuneError(
        .notFound, "no trial \(number); the study has \(log.trialCount)", subject: "trial \(number)"
      )
    }
    let state = log.state(number)
    guard state == .running else {
      throw AttuneError(
        .invalidState, "trial \(number) is \(state.name) already, wanted RUNNING",
        subject: "trial \(number)")
    }
  }

  /// A point of this space from named values; names the space lacks are left out.
  private func point(_ params: [(name: String, value: Value)]) throws(AttuneError) -> Point {
    var slots = [UInt64](repeating: 0, count: space.count)
    var active = ActiveSet()
    for (name, value) in params {
      guard let index = space.find(name) else { continue }
      slots[index] = try space.parameters[index].distribution.slot(of: value, name: name)
      active[index] = true
    }
    return Point(slots: slots, active: active)
  }
}

// MARK: - Trials

extension Ledger {
  /// Fails unless a trial runs and can be told `state`.
  func check(_ number: Int, canBecome state: TrialState) throws(AttuneError) {
    try checkRunning(number)
    guard state == .fail || !pointless.contains(number) else {
      throw AttuneError(
        .invalidState,
        "trial \(number) is told \(state.name) while its point is being chosen, wanted FAIL",
        subject: "trial \(number)")
    }
  }

  /// Fails unless a trial runs and its point is chosen, so that its objective may ask for more.
  func checkAsked(_ number: Int) throws(AttuneError) {
    try checkRunning(number)
    guard !pointless.contains(number) else {
      throw AttuneError(
        .invalidState,
        "trial \(number) suggests while its point is being chosen, wanted another moment",
        subject: "trial \(number)")
    }
  }
}

extension Ledger {
  mutating func claim(_ origin: History.Origin, at time: Int64) -> Int {
    if origin == .strategy { ordinal += 1 }
    let number = log.claim(origin, at: time)
    pointless.insert(number)
    return number
  }

  mutating func fill(_ number: Int, _ point: Point) {
    pointless.remove(number)
    log.fill(number, point)
    if duplicates != .allow, !isDefineByRun, seen[point] == nil { seen[point] = number }
  }

  /// Ends a trial. Values are kept of COMPLETE ones, and of PRUNED ones their last report.
  mutating func finish(
    _ number: Int, _ state: TrialState, _ values: [Double], _ failure: Failure?, at time: Int64
  ) {
    pointless.remove(number)
    if let failure { details[number, default: TrialDetail()].failure = failure }
    let detail = details[number]
    var values = values
    if state == .pruned, values.isEmpty { values = detail?.reports.latest?.values ?? [] }
    let point = isDefineByRun ? suggestedPoint(detail) : nil
    log.finish(
      number, state, values: values, violation: detail?.violation ?? 0, at: time, point: point)
    guard state == .complete else { return }
    finishedReports.add(detail?.reports ?? Reports())
    noteValues(of: number)
    if directions.count == 1, isBetter(number, values[0]) { best = number }
  }

  /// Makes a COMPLETE trial the one its point is known by, unless that one is COMPLETE already.
  private mutating func noteValues(of number: Int) {
    guard duplicates != .allow, !isDefineByRun else { return }
    let point = log.snapshot.point(number)
    if let first = seen[point], log.state(first) == .complete { return }
    seen[point] = number
  }

  /// Whether a new COMPLETE trial beats the best: feasible ones beat all others, then values count.
  private func isBetter(_ number: Int, _ value: Double) -> Bool {
    guard let best else { return true }
    let feasible = details[number]?.isFeasible ?? true
    let bestFeasible = details[best]?.isFeasible ?? true
    if feasible != bestFeasible { return feasible }
    return directions[0].isBetter(value, than: log.snapshot.value(best))
  }

  private func suggestedPoint(_ detail: TrialDetail?) -> Point {
    var slots = [UInt64](repeating: 0, count: space.count)
    var active = ActiveSet()
    for (index, slot) in detail?.suggested ?? [] {
      slots[index] = slot
      active[index] = true
    }
    return Point(slots: slots, active: active)
  }

  /// Keeps a report; `false` when the step has one already.
  @discardableResult
  mutating func report(_ number: Int, step: Int64, _ values: [Double]) -> Bool {
    details[number, default: TrialDetail()].reports.add(step: step, values: values)
  }

  mutating func setAttribute(_ number: Int, _ key: String, _ json: String) {
    details[number, default: TrialDetail()].set(key, json)
  }

  mutating func setConstraint(_ number: Int, _ name: String, _ value: Double) {
    details[number, default: TrialDetail()].setConstraint(name, value)
  }

  mutating func setGradient(_ number: Int, _ values: [Double]) {
    details[number, default: TrialDetail()].gradient = values
  }
}

// MARK: - Study

extension Ledger {
  mutating func setAttribute(_ key: String, _ json: String) { attributes.set(key, json) }

  mutating func enqueue(_ params: [(name: String, value: Value)]) { queue.append(params) }

  /// Takes the first of the waiting parameters.
  mutating func dequeue() -> [(name: String, value: Value)]? {
    guard queueHead < queue.count else { return nil }
    defer {
      queueHead += 1
      // Give memory back now and then, at O(1) a call on average.
      if queueHead > 64, queueHead * 2 > queue.count {
        queue.removeFirst(queueHead)
        queueHead = 0
      }
    }
    return queue[queueHead]
  }

  /// Notes that a define-by-run trial asked for a parameter and got `slot`; the space grows to hold
  /// it. `false`, and nothing changed, when the trial has that value of it already.
  mutating func suggest(
    _ number: Int, _ parameter: Parameter, _ slot: UInt64
  ) throws(AttuneError) -> Bool {
    guard let known = space.find(parameter.name) else {
      space = try space.adding(parameter)
      log.widen(to: space.count)
      details[number, default: TrialDetail()].suggested.append((space.count - 1, slot))
      return true
    }
    if let earlier = details[number]?.suggested.first(where: { $0.index == known }) {
      guard earlier.slot == slot else { throw RunningTrial.suggestedTwice(parameter.name, number) }
      return false
    }
    let joined = try space.parameters[known].joined(with: parameter)
    if joined != space.parameters[known] { space = try space.replacing(known, with: joined) }
    details[number, default: TrialDetail()].suggested.append((known, slot))
    return true
  }
}
