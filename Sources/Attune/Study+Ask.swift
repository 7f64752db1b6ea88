public import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Synchronization

/// Asking for trials.
extension Study {
  /// A number that is taken, and what its point is chosen from.
  private struct Claim: Sendable {
    let number: Int
    let ordinal: Int
    let given: [(name: String, value: Value)]?
    let history: History
    let space: Space
    let time: Int64

    var origin: History.Origin { given == nil ? .strategy : .enqueued }
  }

  /// The next trial to evaluate.
  ///
  /// Throws `exhausted` when a finite strategy has proposed every point. Cost: the strategy's, and
  /// two short transactions of the store.
  public func ask() throws(AttuneError) -> RunningTrial {
    try proposer.withLock { proposer throws(AttuneError) in try ask(&proposer) }
  }

  /// The next `count` trials; fewer only when the strategy is exhausted, and an error when none is
  /// left.
  public func ask(count: Int) throws(AttuneError) -> [RunningTrial] {
    guard count >= 1 else {
      throw AttuneError(.invalidArgument, "asked for \(count) trials, wanted 1 or more")
    }
    return try proposer.withLock { proposer throws(AttuneError) in
      var trials: [RunningTrial] = []
      do throws(AttuneError) {
        while trials.count < count { trials.append(try ask(&proposer)) }
      } catch {
        // What is claimed must reach the caller: it alone can finish it.
        guard !trials.isEmpty else { throw error }
        if error.code != .exhausted {
          Logger.log(.warning, component: "study", "batch cut short: \(error.message)")
        }
      }
      return trials
    }
  }

  private func ask(_ proposer: inout Proposer) throws(AttuneError) -> RunningTrial {
    let claim = try claim(pointCount: proposer.pointCount)
    let point: Point
    do throws(AttuneError) {
      point = try choose(claim, &proposer)
    } catch {
      // The number is taken, so it must not stay RUNNING for ever.
      try finish(claim.number, .fail, [], Failure(error.message))
      throw error
    }
    try update { ledger in
      ledger.fill(claim.number, point)
    } events: { [.asked(number: claim.number, params: claim.space.params(of: point))] }
    return RunningTrial(
      study: self, number: claim.number, seed: trialSeed(claim.number), space: claim.space,
      point: point, given: isDefineByRun ? claim.given ?? [] : [])
  }

  /// Takes the next number, in the order of all processes.
  private func claim(pointCount: UInt64?) throws(AttuneError) -> Claim {
    let time = currentMicroseconds()
    return try update { ledger throws(AttuneError) in
      if ledger.waiting.isEmpty { try checkPointsLeft(ledger, pointCount) }
      let given = ledger.dequeue()
      let ordinal = ledger.ordinal
      let number = ledger.claim(given == nil ? .strategy : .enqueued, at: time)
      return Claim(
        number: number, ordinal: ordinal, given: given, history: ledger.log.snapshot,
        space: ledger.space, time: time)
    } events: { claim in
      let claimed = StudyEvent.claimed(number: claim.number, origin: claim.origin, time: claim.time)
      return claim.given == nil ? [claimed] : [.dequeued, claimed]
    }
  }

  private func checkPointsLeft(_ ledger: Ledger, _ pointCount: UInt64?) throws(AttuneError) {
    if let pointCount, UInt64(ledger.ordinal) >= pointCount {
      throw AttuneError(.exhausted, "all \(pointCount) points of \(strategyName) are proposed")
    }
    if definition.duplicates == .avoid, let count = finitePointCount,
      UInt64(ledger.seen.count) >= count
    {
      throw AttuneError(.exhausted, "all \(count) points of the space are tried")
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

  /// Derived from the study's seed and the number alone.
  func trialSeed(_ number: Int) -> UInt64 {
    RandomStream(seed: seed, trial: UInt64(number), stream: 0x5345_4544 /* "SEED" */).bits(at: 0)
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
    _ = try update { ledger throws(AttuneError) in
      try ledger.checkRunning(trial.number)
      return try ledger.suggest(trial.number, parameter, slot)
    } events: { _ in
      [
        .suggested(
          number: trial.number, parameter: parameter,
          value: parameter.distribution.value(ofSlot: slot))
      ]
    }
    return slot
  }
}
