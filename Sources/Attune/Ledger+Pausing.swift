import AttuneCore

/// Trials that are paused, their state kept, and those that were promoted after a pause.
///
/// To other programs a paused trial is RUNNING.
struct PausedTrials: Sendable {
  /// The paused trials, in the order they were paused.
  private(set) var numbers: [Int] = []
  /// The largest step that each trial had reported at its last pause; -1 for none.
  private(set) var steps: [Int: Int64] = [:]
  /// How often trials were promoted.
  private(set) var promotions: [Int: Int] = [:]

  var isEmpty: Bool { numbers.isEmpty }

  func contains(_ number: Int) -> Bool { numbers.contains(number) }

  fileprivate mutating func add(_ number: Int, at step: Int64) {
    numbers.append(number)
    steps[number] = step
  }

  fileprivate mutating func promote(_ number: Int) {
    numbers.removeAll { $0 == number }
    promotions[number, default: 0] += 1
  }

  /// A trial has ended.
  mutating func forget(_ number: Int) {
    // Studies without pauses should not pay for a look-up at every end.
    guard !steps.isEmpty, steps.removeValue(forKey: number) != nil else { return }
    numbers.removeAll { $0 == number }
    promotions[number] = nil
  }
}

extension Ledger {
  mutating func pause(_ number: Int) {
    paused.add(number, at: details[number]?.reports.latest?.step ?? -1)
  }

  mutating func resume(_ number: Int) { paused.promote(number) }

  /// The paused trials with what they reported, by their numbers.
  var pausedReports: [ReportingTrial] {
    paused.numbers.sorted().map {
      ReportingTrial(number: $0, reports: details[$0]?.reports ?? Reports())
    }
  }

  /// Whether a trial has been promoted past what it reported so far: it is judged again by its next step.
  func isPastPause(_ number: Int) -> Bool {
    guard let step = paused.steps[number], !paused.contains(number) else { return false }
    return (details[number]?.reports.latest?.step ?? -1) <= step
  }

  /// What strategies may see: paused trials are PRUNED to them, until they are promoted.
  var provisional: History {
    guard !paused.isEmpty else { return log.snapshot }
    var branch = log.branched(for: paused.numbers)
    for number in paused.numbers {
      let detail = details[number]
      let reports = detail?.reports ?? Reports()
      branch.finish(
        number, .pruned, values: reports.latest?.values ?? [], violation: detail?.violation ?? 0,
        outlook: finishedReports.outlook(of: reports), gradient: detail?.gradient ?? [],
        at: log.started(number), point: isDefineByRun ? suggestedPoint(detail) : nil)
    }
    return branch.snapshot
  }

  /// The end of a paused trial that was not promoted.
  func end(ofPaused number: Int, isKept: Bool, at time: Int64) -> StudyEvent {
    .finished(
      number: number, state: .pruned, values: [], failure: reason(toEnd: number, isKept: isKept),
      time: time)
  }

  private func reason(toEnd number: Int, isKept: Bool) -> Failure {
    let step = paused.steps[number] ?? -1
    let start = step < 0 ? "paused before its first report" : "paused at step \(step)"
    guard isKept else { return Failure("\(start), and what it kept is gone") }
    let again = paused.promotions[number] == nil ? "" : " again"
    return Failure("\(start) and never promoted\(again)")
  }

  /// Fails unless a trial runs, its point is chosen, and it is paused or not.
  func check(_ number: Int, isPaused: Bool) throws(AttuneError) {
    try checkAsked(number)
    guard paused.contains(number) == isPaused else {
      throw AttuneError(
        .invalidState, "trial \(number) is \(isPaused ? "not paused" : "paused already")",
        subject: "trial \(number)")
    }
  }
}
