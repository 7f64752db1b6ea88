import AttuneCore

/// What the order of trials asks of a deterministic study.
extension Ledger {
  /// The trial that must come further before `number` may be chosen; `nil` where none must.
  func blocker(of number: Int) -> Int? {
    guard hasOrder, let order else { return nil }
    var trial = order.settled
    while trial <= order.lastKnown(to: number) {
      if !log.state(trial).isFinished { return trial }
      trial += 1
    }
    trial = order.placed
    while trial < number {
      if pointless.contains(trial), log.origin(trial) != .foreign { return trial }
      trial += 1
    }
    return nil
  }

  /// The number that the next trial to be asked has.
  var nextNumber: Int { waiting.first ?? log.trialCount }

  /// A trial as the order of trials takes it in.
  func placed(_ number: Int) -> PlacedTrial {
    let history = log.snapshot
    let state = log.state(number)
    let detail = details[number]
    let isHidden = pointless.contains(number) || unchosen.contains(number) || state == .waiting
    var values: [Double] = []
    if state == .complete || state == .pruned {
      values = directions.indices.map { history.value(number, objective: $0) }
      if state == .pruned, values.allSatisfy(\.isNaN) { values = [] }
    }
    let suggested = zip(detail?.parameters ?? [], detail?.suggested ?? []).map {
      (parameter: $0, slot: $1.slot)
    }
    return PlacedTrial(
      origin: log.origin(number),
      point: isHidden || detail?.unfitting != nil ? nil : history.point(number), state: state,
      values: values, violation: state.isFinished ? history.violation(number) : 0,
      reports: detail?.reports ?? Reports(), suggested: suggested)
  }

  /// The trials that are FAIL among those from `first` to `last`, in their order.
  func failures(from first: Int, through last: Int) -> [Int] {
    guard let order else { return [] }
    var found = order.failures.filter { $0 >= first && $0 <= last }
    var trial = max(order.settled, first)
    while trial <= last {
      if log.state(trial) == .fail { found.append(trial) }
      trial += 1
    }
    return found
  }
}
