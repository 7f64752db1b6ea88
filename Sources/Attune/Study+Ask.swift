public import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Synchronization

/// Asking for trials.
extension Study {
  /// What a number is about to be taken for.
  private struct Plan: Sendable {
    let number: Int
    let given: [(name: String, value: Value)]?
    let time: Int64

    var origin: History.Origin { given == nil ? .strategy : .enqueued }

    /// The number first: who dies between the two lines loses no enqueued parameters.
    var events: [StudyEvent] {
      let claimed = StudyEvent.claimed(number: number, origin: origin, time: time)
      return given == nil ? [claimed] : [claimed, .dequeued]
    }
  }

  /// A number that is taken, and what its point is chosen from.
  private struct Claim: Sendable {
    let number: Int
    let ordinal: Int
    let given: [(name: String, value: Value)]?
    let history: History
    let space: Space
  }

  /// The next trial to evaluate.
  ///
  /// Throws `exhausted` when a finite strategy has proposed every point. Cost: the strategy's, and
  /// two short transactions of the store.
  public func ask() throws(AttuneError) -> RunningTrial {
    defer { flushLog() }
    return try proposer.withLock { proposer throws(AttuneError) in try ask(&proposer) }
  }

  /// The next `count` trials; fewer only when the strategy is exhausted or the store fails, and an
  /// error when there is none.
  public func ask(count: Int) throws(AttuneError) -> [RunningTrial] {
    guard count >= 1 else {
      throw AttuneError(.invalidArgument, "asked for \(count) trials, wanted 1 or more")
    }
    defer { flushLog() }
    return try proposer.withLock { proposer throws(AttuneError) in
      var trials: [RunningTrial] = []
      do throws(AttuneError) {
        while trials.count < count { trials.append(try ask(&proposer)) }
      } catch {
        // What is claimed must reach the caller: it alone can finish it.
        guard !trials.isEmpty else { throw error }
        if error.code != .exhausted {
          Logger.enqueue(.warning, component: "study", "batch cut short: \(error.message)")
        }
      }
      return trials
    }
  }

  private func ask(_ proposer: inout Proposer) throws(AttuneError) -> RunningTrial {
    while true {
      if let trial = try ask(claim(&proposer), &proposer) { return trial }
    }
  }

  /// The trial of a claim; `nil` when another owner, who resumed it, made it FAIL meanwhile.
  private func ask(
    _ claim: Claim, _ proposer: inout Proposer
  ) throws(AttuneError) -> RunningTrial? {
    let point: Point
    do throws(AttuneError) {
      point = try choose(claim, &proposer)
      let isFilled = try update { ledger in
        guard ledger.pointless.contains(claim.number) else { return false }
        ledger.fill(claim.number, point)
        return true
      } events: { isFilled in
        isFilled ? [.asked(number: claim.number, params: claim.space.params(of: point))] : []
      }
      guard isFilled else { return nil }
    } catch {
      // The number is taken, so it must not stay RUNNING for ever.
      try finish(claim.number, .fail, [], Failure(error.message))
      throw error
    }
    return RunningTrial(
      study: self, number: claim.number, seed: trialSeed(claim.number), space: claim.space,
      point: point, given: isDefineByRun ? claim.given ?? [] : [])
  }

  /// Takes the next number, in the order of all processes.
  private func claim(_ proposer: inout Proposer) throws(AttuneError) -> Claim {
    let time = currentMicroseconds()
    return try commit { ledger throws(AttuneError) in
      let given = ledger.waiting.first
      if given == nil { try checkPointsLeft(ledger, &proposer) }
      return Plan(number: ledger.log.trialCount, given: given, time: time)
    } events: {
      $0.events
    } apply: { ledger, plan in
      let ordinal = ledger.ordinal
      let number = ledger.claim(plan.origin, at: plan.time)
      if plan.given != nil { _ = ledger.dequeue() }
      return Claim(
        number: number, ordinal: ordinal, given: plan.given, history: ledger.log.snapshot,
        space: ledger.space)
    }
  }

  /// Fails when there is no point left, so that no number is taken for nothing.
  ///
  /// A finite strategy is asked twice for each point: here, where no other process can come between.
  private func checkPointsLeft(
    _ ledger: Ledger, _ proposer: inout Proposer
  ) throws(AttuneError) {
    let avoids = definition.duplicates == .avoid
    if avoids, let count = finitePointCount, UInt64(ledger.seen.count) >= count {
      throw AttuneError(.exhausted, "all \(count) points of the space are tried")
    }
    guard let count = proposer.pointCount else { return }
    let point = try proposer.propose(
      number: ledger.log.trialCount, ordinal: ledger.ordinal, given: nil,
      history: ledger.log.snapshot
    ) { avoids && ledger.seen[$0] != nil }
    guard point != nil else {
      throw AttuneError(.exhausted, "all \(count) points of \(strategyName) are proposed")
    }
  }

  /// The point of a claimed trial: as given, or the strategy's choice.
  private func choose(_ claim: Claim, _ proposer: inout Proposer) throws(AttuneError) -> Point {
    try proposer.follow(claim.space)
    var given: PartialPoint?
    if let values = claim.given, !isDefineByRun {
      let partial = try PartialPoint(values, in: claim.space)
      if let whole = claim.space.point(given: partial) { return whole }
      given = partial
    }
    let avoids = definition.duplicates == .avoid
    let point = try proposer.propose(
      number: claim.number, ordinal: claim.ordinal, given: given, history: claim.history
    ) { point in avoids && ledger.withLock { $0.seen[point] != nil } }
    guard let point else {
      throw AttuneError(.exhausted, "every point is proposed: \(strategyName) has none left")
    }
    return point
  }

  /// Derived from the study's seed and the number alone; the stream is "SEED" in ASCII.
  func trialSeed(_ number: Int) -> UInt64 {
    RandomStream(seed: seed, trial: UInt64(number), stream: 0x5345_4544).bits(at: 0)
  }

  /// A handle to a trial that is RUNNING: of another process, or asked before a restart.
  public func resumeTrial(_ number: Int) throws(AttuneError) -> RunningTrial {
    try refresh()
    return try ledger.withLock { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      let suggested = (ledger.details[number]?.suggested ?? []).map { index, slot in
        (parameter: ledger.space.parameters[index], slot: slot)
      }
      return RunningTrial(
        study: self, number: number, seed: trialSeed(number), space: ledger.space,
        point: ledger.log.snapshot.point(number), suggested: suggested)
    }
  }

  /// Chooses a parameter that a define-by-run objective asks for.
  func suggest(
    _ parameter: Parameter, for trial: RunningTrial, proposed: UInt64?
  ) throws(AttuneError) -> UInt64 {
    let slot =
      proposed
      ?? IndependentSampler.slot(of: parameter, seed: seed, trial: trial.number, attempt: 0)
    defer { flushLog() }
    _ = try update { ledger throws(AttuneError) in
      try ledger.checkAsked(trial.number)
      return try ledger.suggest(trial.number, parameter, slot)
    } events: { isNew in
      let value = parameter.distribution.value(ofSlot: slot)
      return isNew ? [.suggested(number: trial.number, parameter: parameter, value: value)] : []
    }
    return slot
  }
}
