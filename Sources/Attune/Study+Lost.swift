public import AttuneCore

/// Trials whose worker is dead.
extension Study {
  /// The numbers of the trials that run though their worker is dead.
  public func lostTrials() throws(AttuneError) -> [Int] {
    guard let store else { return [] }
    defer { flushLog() }
    return try commit { _ throws(AttuneError) in
      try store.orphans().map(\.number)
    } events: { _ in
      []
    } apply: { _, lost in
      lost
    }
  }

  /// Makes those trials FAIL, and lets their parameters wait to be tried again; their numbers.
  @discardableResult
  public func giveUpLostTrials() throws(AttuneError) -> [Int] {
    guard let store else { return [] }
    defer { flushLog() }
    let time = currentMicroseconds()
    return try commit { ledger throws(AttuneError) in
      let lost = try store.orphans().map(\.number)
      return (lost, ledger.givingUp(lost, at: time))
    } events: {
      $0.1
    } apply: { ledger, plan throws(AttuneError) in
      for event in plan.1 { try ledger.apply(event) }
      return plan.0
    }
  }
}
