import AttuneCore

/// Taking in what was recorded, and what may be recorded next.
extension Ledger {
  /// Takes in an event of another process, or of an earlier one.
  mutating func apply(_ event: StudyEvent) throws(AttuneError) {
    switch event {
    case .claimed(let number, let origin, let time):
      if number >= 0, number < log.trialCount, log.state(number) == .waiting {
        try checkTurn(number)
      } else {
        try checkNext(number)
        if origin == .strategy || origin == .enqueued { try checkTurn(number) }
      }
      begin(number, origin, at: time)
    case .asked(let number, let params, _):
      try checkRunning(number)
      if log.origin(number) == .foreign {
        fillForeign(number, params)
      } else {
        fill(number, try (pointless[number]?.space ?? space).point(params))
      }
    case .suggested(let number, let parameter, let value):
      try checkRunning(number)
      do throws(AttuneError) {
        let slot = try parameter.distribution.slot(of: value, name: parameter.name)
        _ = try suggest(number, parameter, slot)
      } catch {
        guard log.origin(number) == .foreign else { throw error }
        markUnfitting(number)
      }
    case .reported(let number, let step, let values):
      try checkRunning(number)
      try check(values, of: number)
      report(number, step: step, values)
    case .attribute(let number, let key, let json):
      guard let number else { return setAttribute(key, json) }
      if key != Self.lateResultKey { try checkRunning(number) } else { try checkExists(number) }
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
      values.withUnsafeBufferPointer { finish(number, state, $0, failure, at: time) }
    case .enqueued(let number, let params, let retries, let time):
      try checkNext(number)
      enqueue(params, retries: retries, at: time)
    case .widened(let parameter): try widen(parameter)
    case .reissued(let number, _):
      try checkRunning(number)
      noteReissue(number)
    case .released(let number, _):
      try checkRunning(number)
      release(number)
    case .paused(let number, _):
      try check(number, isPaused: false)
      pause(number)
    case .resumed(let number, _):
      try check(number, isPaused: true)
      resume(number)
    }
  }

  /// Begins the next trial, or one that waits: as an event of it does, without what must be checked of one that
  /// another process recorded.
  mutating func begin(_ number: Int, _ origin: History.Origin, at time: Int64) {
    if number < log.trialCount {
      start(number, origin, at: time)
    } else {
      _ = claim(origin, at: time)
    }
  }

  /// The fact that holds what an owner told of a trial that was given up as lost.
  static let lateResultKey = "attune:late_result"

  private func checkNext(_ number: Int) throws(AttuneError) {
    guard number == log.trialCount else {
      throw AttuneError(
        .storage, "trial \(number) follows \(log.trialCount - 1), wanted \(log.trialCount)")
    }
  }

  /// Fails unless there is one value per direction.
  private func check(_ values: [Double], of number: Int) throws(AttuneError) {
    guard values.count == directions.count else {
      throw AttuneError(
        .storage, "trial \(number) has \(values.count) values, wanted \(directions.count)")
    }
  }

  private func checkExists(_ number: Int) throws(AttuneError) {
    guard number >= 0, number < log.trialCount else {
      throw AttuneError(
        .notFound, "no trial \(number); the study has \(log.trialCount)", subject: "trial \(number)"
      )
    }
  }

  /// Fails unless a trial exists and runs.
  @inline(__always)
  func checkRunning(_ number: Int) throws(AttuneError) {
    guard number >= 0, number < log.trialCount, log.state(number) == .running else {
      throw notRunning(number)
    }
  }

  @inline(never)
  private func notRunning(_ number: Int) -> AttuneError {
    do throws(AttuneError) { try checkExists(number) } catch { return error }
    let state = log.state(number)
    return AttuneError(
      .invalidState,
      "trial \(number) is \(state.name) \(state == .waiting ? "still" : "already"), wanted RUNNING",
      subject: "trial \(number)")
  }

  /// Fails where a trial of a deterministic study begins before those it is chosen from.
  private func checkTurn(_ number: Int) throws(AttuneError) {
    guard let other = blocker(of: number) else { return }
    throw AttuneError(
      .storage, "trial \(number) begins before trial \(other) has come so far, wanted it after")
  }
}

extension Space {
  /// A point of this space from named values; names it lacks are left out.
  func point(
    _ params: [(name: String, value: Value)]
  ) throws(AttuneError) -> Point {
    var slots = [UInt64](repeating: 0, count: count)
    var active = ActiveSet()
    for (name, value) in params {
      guard let index = find(name) else { continue }
      slots[index] = try parameters[index].distribution.slot(of: value, name: name)
      active[index] = true
    }
    return Point(slots: slots, active: active)
  }

  /// The point of another space that has the same parameters, some perhaps in other places.
  func point(_ point: Point, of other: Space) -> Point {
    var slots = [UInt64](repeating: 0, count: count)
    var active = ActiveSet()
    for index in 0..<other.count {
      guard let slot = point[index], let place = find(other.parameters[index].name) else {
        continue
      }
      slots[place] = slot
      active[place] = true
    }
    return Point(slots: slots, active: active)
  }
}

extension Ledger {
  /// Fails unless a trial runs and can be told `state`.
  @inline(__always)
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
