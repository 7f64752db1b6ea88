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
      var limits = AskLimits()
      switch try ask(within: &limits) {
      case .trial(let trial): return trial
      case .wait(let wait): try outlast(wait)
      }
    }
  }

  /// The next trial, or which one it must wait for; an error about `totalKey` and the like when the limits
  /// allow no more.
  func ask(within limits: inout AskLimits) throws(AttuneError) -> Asked {
    defer { flushLog() }
    return try proposer.withLock { proposer throws(AttuneError) in try ask(&proposer, &limits) }
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
    _ proposer: inout Proposer, _ limits: inout AskLimits
  ) throws(AttuneError) -> Asked {
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
      point = try choose(claim, &proposer)
      var filling = try fill(claim, point, isChosenAgain: false)
      while filling == .taken {
        let refused = point
        point = try choose(claim, &proposer)
        filling = try fill(claim, point, isChosenAgain: point == refused)
      }
      guard filling == .filled else { return nil }
    } catch {
      // The number is taken, so it must not stay RUNNING for ever.
      try finish(claim.number, .fail, Self.noValues, Failure(error.message))
      throw error
    }
    noteAsker(of: claim.number)
    return RunningTrial(
      study: self, number: claim.number, space: claim.space,
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
    _ claim: Claim, _ point: Point, isChosenAgain: Bool
  ) throws(AttuneError) -> Filling {
    let avoids = definition.duplicates == .avoid
    return try update { ledger in
      guard ledger.pointless.contains(claim.number) else { return .gone }
      if avoids, !isChosenAgain, ledger.seen[point] != nil { return .taken }
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
        study: self, number: number, space: ledger.space,
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
