import AttuneCore
import AttuneObjectives
import AttuneStrategies
import Synchronization

/// Pausing trials, and letting them go on.
///
/// A pruner that resumes decides both, from what the events of the study say. What a paused trial keeps is
/// in a folder of its own until it ends.
extension Study {
  /// What the error is about that says that no paused trial is to go on.
  static let promotionKey = "paused trials"
  private static let resumeKey = "options.resume"

  static var nonePromoted: AttuneError {
    AttuneError(.exhausted, "no paused trial is to go on", subject: promotionKey)
  }

  /// Whether the pruner lets paused trials go on.
  var resumes: Bool { pruner.withLock { $0?.resumes ?? false } }

  private var prunerName: String {
    pruner.withLock { $0.map { type(of: $0).description.name } } ?? PrunerCatalog.standardName
  }

  // MARK: - What cannot be paused

  private func refusal(_ why: String) -> AttuneError {
    AttuneError(
      .notSupported, "pruner \(prunerName) has resume on, and \(why)", subject: Self.resumeKey)
  }

  /// Fails for a pruner that resumes where this study's trials cannot be paused.
  func checkPausing(of pruner: any Pruner) throws(AttuneError) {
    guard pruner.resumes else { return }
    let name = type(of: pruner).description.name
    func refuse(_ why: String) -> AttuneError {
      AttuneError(
        .notSupported, "pruner \(name) has resume on, and study \"\(self.name)\" \(why)",
        subject: Self.resumeKey)
    }
    guard definition.window == nil else {
      throw refuse("is deterministic: which trials go on would depend on when others end")
    }
    guard store == nil || store?.stateFolder != nil else {
      throw refuse("is in PostgreSQL, where paused trials have no folder; wanted a file or memory")
    }
  }

  /// Fails for an objective that cannot pause, when the pruner resumes.
  func checkPausing(of objective: any Objective) throws(AttuneError) {
    guard resumes else { return }
    let description = objective.description
    guard description.kind == "plugin" else {
      throw refusal("a \(description.kind) objective cannot pause; wanted a plugin that can")
    }
    guard description.capabilities.contains(.pause) else {
      throw refusal(
        "objective \(description.id) cannot pause; wanted one with the capability pause "
          + "(ATTUNE_CAP_PAUSE)")
    }
    guard !description.isSandboxed else {
      throw refusal(
        "a sandboxed worker cannot write what a paused trial keeps; wanted option sandbox off")
    }
  }

  /// Fails when the pruner resumes, which trials that are asked and told cannot.
  func refuseToResume() throws(AttuneError) {
    guard resumes else { return }
    throw refusal("trials that are asked and told are not paused; wanted optimize, or resume off")
  }

  // MARK: - Pausing and going on

  /// How a trial of a run is paused; `nil` where the pruner does not resume.
  func pausing(_ number: Int, _ limits: AskLimits) throws(AttuneError) -> Pausing? {
    guard limits.resuming != .none else { return nil }
    let folder = try states.path(of: number)
    let wasPaused = ledger.withLock { $0.paused.steps[number] != nil }
    let isResumed = wasPaused && states.has(number)
    // Not what another trial of that number left, of a study that is gone.
    if !isResumed { states.remove(number) }
    return Pausing(isResumed: isResumed, folder: folder)
  }

  /// Records that a trial waits, its state kept.
  func pause(_ trial: RunningTrial) throws(AttuneError) {
    defer { flushLog() }
    let time = currentMicroseconds()
    let number = trial.number
    try update { ledger throws(AttuneError) in
      // Others went on with it while this worker was silent.
      guard !ledger.isLost(number), !ledger.paused.contains(number) else {
        throw AttuneError(
          .conflict, "trial \(number) was given up while its worker was silent, and is not paused",
          subject: "trial \(number)")
      }
      try ledger.check(number, isPaused: false)
      ledger.pause(number)
    } events: {
      [.paused(number: number, time: time)]
    }
    trial.log(.debug, "paused")
  }

  /// The event that lets the trial go on that is promoted now, or ends it where what it kept is gone;
  /// `nil` where none is promoted.
  func promotion(
    of ledger: borrowing Ledger, _ limits: AskLimits, at time: Int64
  ) throws(AttuneError) -> StudyEvent? {
    guard limits.resuming != .none, !ledger.paused.isEmpty,
      let pruner = pruner.withLock({ $0 }),
      let number = pruner.promotion(
        among: ledger.pausedReports, given: ledger.studyReports(for: -1))
    else { return nil }
    if states.has(number) { return .resumed(number: number, time: time) }
    return ledger.end(ofPaused: number, isKept: false, at: time)
  }

  /// Ends paused trials as PRUNED, and gives their numbers: when a run begins, those that lost what they
  /// kept or may not go on; when it ends, all, unless others may let them go on.
  func endPaused(atEnd: Bool) throws(AttuneError) -> [Int] {
    guard ledger.withLock({ !$0.paused.isEmpty }) else { return [] }
    defer { flushLog() }
    let time = currentMicroseconds()
    let endsAll = atEnd || !resumes
    let ended = try commit { ledger in
      guard !endsAll || store?.hasTrialsOfOthers != true else { return [] }
      var events: [StudyEvent] = []
      for number in ledger.paused.numbers.sorted() {
        let isKept = states.has(number)
        guard endsAll || !isKept else { continue }
        events.append(ledger.end(ofPaused: number, isKept: isKept, at: time))
      }
      return events
    } events: {
      $0
    } apply: { ledger, events throws(AttuneError) in
      for event in events { try ledger.apply(event) }
      return events.compactMap { event in
        if case .finished(let number, _, _, _, _) = event { number } else { nil }
      }
    }
    for number in ended { states.remove(number) }
    return ended
  }

  /// Removes what trials kept that have ended, also those of other processes.
  func tidyStates() {
    // Others may have begun trials that are not known here.
    states.removeAll { trial in
      ledger.withLock { trial < $0.log.trialCount && $0.log.state(trial).isFinished }
    }
  }
}
