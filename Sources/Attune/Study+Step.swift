import AttuneCore

/// Which trial is next.
extension Study {
  /// What a transaction of `ask` came to.
  enum Step: Sendable {
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

  /// What a transaction of `ask` is to do.
  private enum Plan: Sendable {
    /// Begins the next trial, or one that waits.
    case begin(number: Int, origin: History.Origin)
    case take([StudyEvent])
    case wait(Wait)
    case judge(StopJudge.Evidence)
  }

  /// Takes the trial of a dead owner, an enqueued one or the next number, in the order of all
  /// processes.
  func step(
    _ proposer: inout Proposer, _ limits: AskLimits
  ) throws(AttuneError) -> Step {
    let time = currentMicroseconds()
    try keepAlive()
    return try commit { ledger throws(AttuneError) in
      if limits.resuming == .only {
        guard let event = try promotion(of: ledger, limits, at: time) else {
          throw Self.nonePromoted
        }
        return Plan.take([event])
      }
      if let store {
        let orphans = try store.orphans()
        let lost = orphans.filter { !ledger.canBeReissued($0) }
        if !lost.isEmpty { return .take(ledger.givingUp(lost.map(\.number), at: time)) }
        if let number = orphans.first?.number {
          return .take([.reissued(number: number, time: time)])
        }
      }
      if let number = ledger.released.min() {
        return .take([.reissued(number: number, time: time)])
      }
      let number = ledger.nextNumber
      if ledger.hasOrder, let other = ledger.blocker(of: number) {
        return .wait(Wait(number: number, for: other))
      }
      try check(limits, ledger, next: number)
      // Outside of the transaction, which a model would hold up.
      if let evidence = evidence(limits, ledger, next: number) { return .judge(evidence) }
      if let event = try promotion(of: ledger, limits, at: time) { return .take([event]) }
      if ledger.waiting.first != nil { return .begin(number: number, origin: .enqueued) }
      try checkTotal(ledger, limits.total)
      try checkPointsLeft(ledger, &proposer)
      return .begin(number: number, origin: .strategy)
    } events: { plan in
      switch plan {
      case .begin(let number, let origin): [.claimed(number: number, origin: origin, time: time)]
      case .take(let events): events
      case .wait, .judge: []
      }
    } apply: { ledger, plan throws(AttuneError) in
      switch plan {
      case .begin(let number, let origin):
        ledger.begin(number, origin, at: time)
        return begun(number, ledger)
      case .take(let events):
        for event in events { try ledger.apply(event) }
        switch events.first {
        case .reissued(let number, _), .resumed(let number, _): return begun(number, ledger)
        default: return .settled
        }
      case .wait(let wait): return .waiting(wait)
      case .judge(let evidence): return .unjudged(evidence)
      }
    }
  }

  @inline(__always)
  private func begun(_ number: Int, _ ledger: borrowing Ledger) -> Step {
    guard let basis = ledger.pointless[number] else { return .goingOn(number: number) }
    return .claimed(Claim(number: number, basis: basis, given: ledger.given(to: number)))
  }

  /// Fails when there is no point left, so that no number is taken for nothing.
  ///
  /// A finite strategy is asked twice for each point: here, where no other process can come between.
  private func checkPointsLeft(
    _ ledger: borrowing Ledger, _ proposer: inout Proposer
  ) throws(AttuneError) {
    // A space that is still being discovered has no last point.
    guard !isDefineByRun else { return }
    let avoids = definition.duplicates == .avoid
    try proposer.follow(ledger.space)
    if avoids, let count = finitePointCount {
      // Other processes are choosing theirs.
      let others = ledger.pointless.trials.count { store?.isOfOther($0) == true }
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
}
