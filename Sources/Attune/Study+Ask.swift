public import AttuneCore
import AttuneNumerics
import AttuneStrategies
import Synchronization

/// Asking for trials.
extension Study {
  /// A number that is taken, and what its point is chosen from.
  struct Claim: Sendable {
    let number: Int
    let basis: Ledger.Basis
    let given: [(name: String, value: Value)]?
    var space: Space { basis.space }
  }

  /// What a transaction of `ask` came to.
  ///
  /// Indirect: its payloads differ in size, and valgrind takes the tag that Swift would add to a word of
  /// the largest one for uninitialised.
  private indirect enum Step: Sendable {
    case claimed(Claim)
    /// A trial of a dead owner, whose point was chosen before it died.
    case goingOn(number: Int)
    /// Trials of dead owners are settled; now for a trial.
    case settled
    /// In a deterministic study, the next trial must wait for another.
    case waiting(Wait)
    /// The stop rules must say first whether there is a next trial.
    case unjudged(StopJudge.Evidence)
  }

  /// The next trial to evaluate.
  ///
  /// Throws `exhausted` when a finite strategy has proposed every point. Cost: the strategy's, and
  /// two short transactions of the store.
  ///
  /// Refused where the pruner resumes paused trials, which only `optimize` can do.
  ///
  /// In a deterministic study it waits until the trials have ended that the next is chosen from; one that
  /// this thread asked for will not meanwhile, so then it throws `invalidState`.
  public func ask() throws(AttuneError) -> RunningTrial {
    try refuseToResume()
    while true {
      switch try ask(within: AskLimits()) {
      case .trial(let trial): return trial
      case .wait(let wait): try outlast(wait)
      }
    }
  }

  /// The next trial, or which one it must wait for; an error about `totalKey` and the like when the limits
  /// allow no more.
  func ask(within limits: AskLimits) throws(AttuneError) -> Asked {
    defer { flushLog() }
    return try proposer.withLock { proposer throws(AttuneError) in try ask(&proposer, limits) }
  }

  /// The next `count` trials; fewer only when the strategy is exhausted or the store fails, and an
  /// error when there is none.
  public func ask(count: Int) throws(AttuneError) -> [RunningTrial] {
    guard count >= 1 else {
      throw AttuneError(.invalidArgument, "asked for \(count) trials, wanted 1 or more")
    }
    var trials: [RunningTrial] = []
    do throws(AttuneError) {
      while trials.count < count { trials.append(try ask()) }
    } catch {
      // What is claimed must reach the caller: it alone can finish it.
      guard !trials.isEmpty else { throw error }
      if error.code != .exhausted {
        Logger.log(.warning, component: "study", "batch cut short: \(error.message)")
      }
    }
    return trials
  }

  private func ask(
    _ proposer: inout Proposer, _ limits: AskLimits
  ) throws(AttuneError) -> Asked {
    var limits = limits
    while true {
      switch try step(&proposer, limits) {
      case .settled: continue
      case .unjudged(let evidence): try judge(evidence, &limits)
      case .waiting(let wait): return .wait(wait)
      case .goingOn(let number):
        let pausing = try pausing(number, limits)
        return .trial(try resumeTrial(number, pausing: pausing))
      case .claimed(let claim):
        let pausing = try pausing(claim.number, limits)
        if let trial = try ask(claim, &proposer, pausing) { return .trial(trial) }
      }
    }
  }

  /// The trial of a claim; `nil` when another owner, who resumed it, made it FAIL meanwhile.
  private func ask(
    _ claim: Claim, _ proposer: inout Proposer, _ pausing: Pausing?
  ) throws(AttuneError) -> RunningTrial? {
    var point: Point
    do throws(AttuneError) {
      var refused: Point?
      var filling = Filling.taken
      repeat {
        point = try choose(claim, &proposer)
        filling = try fill(claim, point, refused: refused)
        refused = point
      } while filling == .taken
      guard filling == .filled else { return nil }
    } catch {
      // The number is taken, so it must not stay RUNNING for ever.
      try finish(claim.number, .fail, [], Failure(error.message))
      throw error
    }
    noteAsker(of: claim.number)
    return RunningTrial(
      study: self, number: claim.number, seed: trialSeed(claim.number), space: claim.space,
      point: point, given: isDefineByRun ? claim.given ?? [] : [], pausing: pausing)
  }

  /// What came of giving a trial its point.
  private enum Filling {
    case filled
    /// Another process has chosen the point since, and the study has no point twice.
    case taken
    /// Another owner made the trial FAIL meanwhile.
    case gone
  }

  /// Gives a trial its point, also one that is taken when it was chosen a second time.
  private func fill(
    _ claim: Claim, _ point: Point, refused: Point?
  ) throws(AttuneError) -> Filling {
    let avoids = definition.duplicates == .avoid
    return try update { ledger in
      guard ledger.pointless[claim.number] != nil else { return .gone }
      if avoids, point != refused, ledger.seen[point] != nil { return .taken }
      ledger.fill(claim.number, point)
      if let otherStrategy { ledger.setAttribute(claim.number, Self.strategyKey, otherStrategy) }
      return .filled
    } events: { filling in
      guard filling == .filled else { return [] }
      let params = claim.space.params(of: point)
      return [
        .asked(number: claim.number, params: params, seen: claim.basis.history.eventCount)
      ]
        + (otherStrategy.map {
          [.attribute(number: claim.number, key: Self.strategyKey, json: $0)]
        } ?? [])
    }
  }

  /// Takes the trial of a dead owner, an enqueued one or the next number, in the order of all
  /// processes.
  private func step(
    _ proposer: inout Proposer, _ limits: AskLimits
  ) throws(AttuneError) -> Step {
    let time = currentMicroseconds()
    try keepAlive()
    var wait: Wait?
    var evidence: StopJudge.Evidence?
    return try commit { ledger throws(AttuneError) in
      if limits.resuming == .only {
        guard let event = try promotion(of: ledger, limits, at: time) else {
          throw Self.nonePromoted
        }
        return [event]
      }
      let orphans = try store?.orphans() ?? []
      let lost = orphans.filter { !ledger.canBeReissued($0) }
      if !lost.isEmpty { return ledger.givingUp(lost.map(\.number), at: time) }
      if let number = orphans.first?.number ?? ledger.released.min() {
        return [.reissued(number: number, time: time)]
      }
      let number = ledger.nextNumber
      wait = ledger.blocker(of: number).map { Wait(number: number, for: $0) }
      if wait != nil { return [] }
      try check(limits, ledger, next: number)
      // Outside of the transaction, which a model would hold up.
      evidence = self.evidence(limits, ledger, next: number)
      if evidence != nil { return [] }
      if let event = try promotion(of: ledger, limits, at: time) { return [event] }
      if ledger.waiting.first != nil {
        return [.claimed(number: number, origin: .enqueued, time: time)]
      }
      try checkTotal(ledger, limits.total)
      try checkPointsLeft(ledger, &proposer)
      return [.claimed(number: number, origin: .strategy, time: time)]
    } events: {
      $0
    } apply: { ledger, events throws(AttuneError) in
      if let wait { return .waiting(wait) }
      if let evidence { return .unjudged(evidence) }
      for event in events { try ledger.apply(event) }
      switch events.first {
      case .claimed(let number, _, _), .reissued(let number, _), .resumed(let number, _):
        guard let basis = ledger.pointless[number] else { return .goingOn(number: number) }
        return .claimed(
          Claim(number: number, basis: basis, given: ledger.details[number]?.given))
      default: return .settled
      }
    }
  }

  /// Fails when there is no point left, so that no number is taken for nothing.
  ///
  /// A finite strategy is asked twice for each point: here, where no other process can come between.
  private func checkPointsLeft(
    _ ledger: Ledger, _ proposer: inout Proposer
  ) throws(AttuneError) {
    // A space that is still being discovered has no last point.
    guard !isDefineByRun else { return }
    let avoids = definition.duplicates == .avoid
    try proposer.follow(ledger.space)
    if avoids, let count = finitePointCount {
      // Other processes are choosing theirs.
      let others = ledger.pointless.keys.count { store?.isOfOther($0) == true }
      guard UInt64(ledger.seen.count + others) < count else {
        throw AttuneError(.exhausted, "all \(count) points of the space are tried")
      }
    }
    guard let count = proposer.pointCount else { return }
    let point = try proposer.propose(
      number: ledger.log.trialCount, ordinal: ledger.ordinal, given: nil,
      history: (ledger.order?.log ?? ledger.log).snapshot
    ) { avoids && ledger.seen[$0] != nil }
    guard point != nil else {
      throw AttuneError(.exhausted, "all \(count) points of \(strategyName) are proposed")
    }
  }

  /// The point of a claimed trial: as given, or the strategy's choice.
  private func choose(_ claim: Claim, _ proposer: inout Proposer) throws(AttuneError) -> Point {
    let avoids = definition.duplicates == .avoid
    let point = try proposer.point(for: claim) { point in
      avoids && ledger.withLock { $0.seen[point] != nil }
    }
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
    try resumeTrial(number, pausing: nil)
  }

  private func resumeTrial(
    _ number: Int, pausing: Pausing?
  ) throws(AttuneError) -> RunningTrial {
    try refresh()
    return try ledger.withLock { ledger throws(AttuneError) in
      try ledger.checkRunning(number)
      let suggested = (ledger.details[number]?.suggested ?? []).map { index, slot in
        (parameter: ledger.space.parameters[index], slot: slot)
      }
      noteAsker(of: number)
      return RunningTrial(
        study: self, number: number, seed: trialSeed(number), space: ledger.space,
        point: ledger.log.snapshot.point(number),
        given: isDefineByRun ? ledger.details[number]?.given ?? [] : [], suggested: suggested,
        pausing: pausing)
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
