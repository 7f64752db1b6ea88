public import AttuneCore
import Synchronization

/// Telling how trials went.
extension Study {
  /// Records the values of a trial, one per direction; the state recorded.
  ///
  /// NaN makes the trial FAIL; infinities are kept and ranked. `gradient`, unless it is empty, is
  /// row-major, values x parameters of the space, NaN where unknown. When this returns, the trial
  /// survives the death of the process (with a store). Throws `invalidState` for a trial told before.
  @discardableResult
  public func tell(
    _ trial: RunningTrial, values: [Double], gradient: [Double] = []
  ) throws(AttuneError) -> TrialState {
    try values.withUnsafeBufferPointer { values throws(AttuneError) in
      try tell(trial, values: values, gradient: gradient)
    }
  }

  /// The same for values that lie in memory of the caller: an array of them costs as much as a tenth of the
  /// rest.
  @discardableResult
  public func tell(
    _ trial: RunningTrial, values: UnsafeBufferPointer<Double>, gradient: [Double] = []
  ) throws(AttuneError) -> TrialState {
    try check(trial)
    defer { flushLog() }
    guard values.count == directions.count else {
      throw AttuneError(
        .invalidArgument,
        "trial \(trial.number) is told \(values.count) values, wanted \(directions.count), one per "
          + "direction", subject: "values")
    }
    if !gradient.isEmpty { try setGradient(gradient, of: trial.number) }
    if let failure = Failure(nanIn: values) {
      try finish(trial.number, .fail, Self.noValues, failure)
      return .fail
    }
    try finish(trial.number, .complete, values, nil)
    return .complete
  }

  /// Records that a trial is PRUNED, or FAIL with its reason.
  public func tell(
    _ trial: RunningTrial, _ state: TrialState, reason: String? = nil, code: Int32 = 0
  ) throws(AttuneError) {
    try check(trial)
    defer { flushLog() }
    switch state {
    case .pruned:
      let known = reason ?? ledger.withLock { $0.details[trial.number]?.pruningReason }
      try finish(trial.number, .pruned, Self.noValues, known.map { Failure($0, code: code) })
    case .fail:
      try finish(
        trial.number, .fail, Self.noValues, Failure(reason ?? "no reason given", code: code))
    case .waiting, .running, .complete:
      throw AttuneError(
        .invalidArgument, "trial \(trial.number) is told \(state.name), wanted PRUNED or FAIL",
        subject: "state")
    }
  }

  private func check(_ trial: RunningTrial) throws(AttuneError) {
    guard trial.study === self else {
      throw AttuneError(
        .invalidArgument,
        "trial \(trial.number) is of study \"\(trial.study.name)\", wanted one of \"\(name)\"",
        subject: "trial")
    }
  }

  /// The values of a trial that has none.
  static var noValues: UnsafeBufferPointer<Double> { UnsafeBufferPointer(start: nil, count: 0) }

  func finish(
    _ number: Int, _ state: TrialState, _ values: UnsafeBufferPointer<Double>, _ failure: Failure?
  ) throws(AttuneError) {
    let time = currentMicroseconds()
    let isLate = try update { ledger throws(AttuneError) in
      if number >= 0, number < ledger.log.trialCount, ledger.isLost(number) {
        ledger.setAttribute(
          number, Ledger.lateResultKey, lateResult(state, values, failure))
        return true
      }
      try ledger.check(number, canBecome: state)
      ledger.finish(number, state, values, failure, at: time)
      return false
    } events: { isLate in
      isLate
        ? [
          .attribute(
            number: number, key: Ledger.lateResultKey, json: lateResult(state, values, failure))
        ]
        : [
          .finished(
            number: number, state: state, values: Array(values), failure: failure, time: time)
        ]
    }
    noteEnd(of: number)
    guard !isLate else {
      throw AttuneError(
        .conflict,
        "trial \(number) was given up while its worker was silent, and others went on; its result is "
          + "kept as attribute \(Ledger.lateResultKey) and changes nothing",
        subject: "trial \(number)")
    }
  }

  /// What came too late, as JSON text.
  private func lateResult(
    _ state: TrialState, _ values: UnsafeBufferPointer<Double>, _ failure: Failure?
  ) -> String {
    var object = JSON.Object()
    object["state"] = .string(state.name)
    if !values.isEmpty { object["values"] = .array(values.map(JSON.float)) }
    if let failure { object["reason"] = .string(failure.reason) }
    return JSON.object(object).text(.spaced)
  }

  func report(_ number: Int, step: Int64, _ values: [Double]) throws(AttuneError) {
    guard step >= 0 else {
      throw AttuneError(
        .invalidArgument, "trial \(number) reports at step \(step), wanted 0 or more",
        subject: "step")
    }
    guard values.count == directions.count else {
      throw AttuneError(
        .invalidArgument,
        "trial \(number) reports \(values.count) values, wanted \(directions.count), one per "
          + "direction", subject: "values")
    }
    defer { flushLog() }
    _ = try update { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      return ledger.report(number, step: step, values)
    } events: { isKept in
      isKept ? [.reported(number: number, step: step, values: values)] : []
    }
  }

  func shouldPrune(_ number: Int) throws(AttuneError) -> Bool {
    guard let pruner = pruner.withLock({ $0 }) else { return false }
    let reason = try ledger.withLock { ledger throws(AttuneError) -> String? in
      try ledger.checkRunning(number)
      // Its last report was judged when it was promoted.
      guard !ledger.isPastPause(number) else { return nil }
      let reports = ledger.details[number]?.reports ?? Reports()
      let trial = ReportingTrial(number: number, reports: reports)
      guard let found = pruner.reasonToPrune(trial, given: ledger.studyReports(for: number))
      else { return nil }
      let reason = "\(type(of: pruner).description.name): \(found)"
      ledger.notePruning(number, reason)
      return reason
    }
    if let reason { Logger.log(.debug, component: "trial \(number)", "given up by \(reason)") }
    return reason != nil
  }

  func setAttribute(_ key: String, json: String, of number: Int) throws(AttuneError) {
    let text = try checkedJSON(json, key: key)
    defer { flushLog() }
    try update { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      ledger.setAttribute(number, key, text)
    } events: {
      [.attribute(number: number, key: key, json: text)]
    }
  }

  func setConstraint(_ name: String, _ value: Double, of number: Int) throws(AttuneError) {
    guard !name.isEmpty else {
      throw AttuneError(.invalidArgument, "the name of a constraint is empty", subject: "name")
    }
    defer { flushLog() }
    try update { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      ledger.setConstraint(number, name, value)
    } events: {
      [.constraint(number: number, name: name, value: value)]
    }
  }

  func setGradient(_ gradient: [Double], of number: Int) throws(AttuneError) {
    let wanted = directions.count * space.count
    guard gradient.count == wanted else {
      throw AttuneError(
        .invalidArgument,
        "trial \(number) has a gradient of \(gradient.count) numbers, wanted \(wanted): values x "
          + "parameters", subject: "gradient")
    }
    defer { flushLog() }
    try update { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      ledger.setGradient(number, gradient)
    } events: {
      [.gradient(number: number, values: gradient)]
    }
  }
}

extension Failure {
  /// Why values with a NaN make a trial fail; `nil` for values without.
  init?(nanIn values: [Double]) {
    guard let known = values.withUnsafeBufferPointer({ Failure(nanIn: $0) }) else { return nil }
    self = known
  }

  /// The same of values in memory.
  init?(nanIn values: UnsafeBufferPointer<Double>) {
    guard let index = values.firstIndex(where: \.isNaN) else { return nil }
    self.init(values.count == 1 ? "objective value is NaN" : "objective value \(index) is NaN")
  }
}
