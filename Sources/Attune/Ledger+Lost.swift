import AttuneCore

/// Trials whose owner died.
extension Ledger {
  /// How often parameters are tried again that were lost with their worker.
  static let retryLimit = 3

  /// Whether a trial whose owner is dead is issued again under its number. In a deterministic study that
  /// others went on meanwhile does not matter.
  func canBeReissued(_ orphan: Orphan) -> Bool {
    orphan.canGoOn || order != nil && reissues[orphan.number, default: 0] < Self.retryLimit
  }

  /// The events that end trials as lost, and let their parameters wait to be tried again.
  func givingUp(_ lost: [Int], at time: Int64) -> [StudyEvent] {
    var events: [StudyEvent] = []
    var next = log.trialCount
    for number in lost {
      events.append(
        .finished(number: number, state: .fail, values: [], failure: .workerLost, time: time))
      // What is tried again in a deterministic study keeps its number.
      if order != nil { continue }
      let retries = (details[number]?.retries ?? []) + [number]
      guard retries.count <= Self.retryLimit, let params = paramsToRetry(number) else { continue }
      events.append(.enqueued(number: next, params: params, retries: retries, time: time))
      next += 1
    }
    return events
  }

  /// What a trial was to be evaluated with; `nil` where the strategy had not chosen yet.
  private func paramsToRetry(_ number: Int) -> [(name: String, value: Value)]? {
    let detail = details[number]
    if isDefineByRun {
      var params = (detail?.suggested ?? []).map { index, slot in
        let parameter = space.parameters[index]
        return (name: parameter.name, value: parameter.distribution.value(ofSlot: slot))
      }
      for given in detail?.given ?? [] where !params.contains(where: { $0.name == given.name }) {
        params.append(given)
      }
      return params.isEmpty ? nil : params
    }
    guard !pointless.contains(number) else { return detail?.given }
    return space.params(of: log.snapshot.point(number))
  }

  /// Whether a trial was ended because its worker was lost, or by another worker that went on with it,
  /// and the result of the one that was lost may still come.
  @inline(__always)
  func isLost(_ number: Int) -> Bool {
    (!details.isEmpty || !reissues.isEmpty) && wasGivenUp(number)
  }

  @inline(never)
  private func wasGivenUp(_ number: Int) -> Bool {
    guard details[number]?.attributes.contains(where: { $0.key == Self.lateResultKey }) != true
    else { return false }
    let wasEnded = log.state(number) == .fail && details[number]?.failure == .workerLost
    return wasEnded || log.state(number).isFinished && reissues[number] != nil
  }
}

extension Failure {
  /// Why a trial ended whose worker is dead or silent.
  static let workerLost = Failure("worker lost")
}
