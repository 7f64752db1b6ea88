import AttuneCore
import AttuneStrategies
import Synchronization

/// The stop rules of a run, and what they have followed of its study.
final class StopJudge: Sendable {
  /// The finished trials that a judgement is made of.
  struct Evidence: Sendable {
    /// In a deterministic study, the trials up to this one, in the order of their numbers; `nil`: all, in
    /// the order in which they ended.
    let last: Int?
    let history: History
    /// Trials that rules are not to see, as their points are none of the space.
    let hidden: Set<Int>
    let space: Space
  }

  private struct State {
    var space: Space
    var rules: [any StopRule]
    /// How many trials or events they have followed.
    var seen = 0
    var verdict: StopVerdict?
  }

  private let texts: [StopRuleText]
  private let directions: [Direction]
  private let isDefineByRun: Bool
  private let state: Mutex<State>
  /// Whether one of the rules ends every run some time.
  let endsEveryRun: Bool

  /// Throws for a text that is no rule, and for a rule that cannot serve the study.
  init(parsing texts: [String], for study: Study) throws(AttuneError) {
    var rules: [StopRuleText] = []
    for text in texts { rules += try StopRuleText.rules(parsing: text) }
    self.texts = rules
    directions = study.directions
    isDefineByRun = study.isDefineByRun
    endsEveryRun = rules.contains(where: \.description.endsEveryRun)
    let space = study.space
    let made = try Self.make(rules, space, isDefineByRun, directions)
    state = Mutex(State(space: space, rules: made))
  }

  private static func make(
    _ texts: [StopRuleText], _ space: Space, _ isDefineByRun: Bool, _ directions: [Direction]
  ) throws(AttuneError) -> [any StopRule] {
    var rules: [any StopRule] = []
    for text in texts {
      rules.append(
        try StopRuleCatalog.make(
          named: text.description.name, space: space, isDefineByRun: isDefineByRun,
          directions: directions,
          options: text.options))
    }
    return rules
  }

  /// What the first rule says that holds; `nil` where none does.
  func verdict(on evidence: Evidence) throws(AttuneError) -> StopVerdict? {
    try state.withLock { state throws(AttuneError) in
      let count = evidence.last.map { $0 + 1 } ?? evidence.history.eventCount
      // Another space or an earlier moment: what was followed must be forgotten.
      if evidence.space !== state.space || count < state.seen {
        state = State(
          space: evidence.space,
          rules: try Self.make(texts, evidence.space, isDefineByRun, directions))
      }
      var isNew = state.seen == 0
      while state.seen < count {
        if let trial = Self.trial(state.seen, evidence) {
          for index in state.rules.indices {
            state.rules[index].follow(trial, in: evidence.history)
          }
          isNew = true
        }
        state.seen += 1
      }
      if isNew { state.verdict = Self.judge(&state.rules) }
      return state.verdict
    }
  }

  /// The trial that ended at a place of the evidence, if one did that rules may see.
  private static func trial(_ place: Int, _ evidence: Evidence) -> Int? {
    if evidence.last != nil { return evidence.hidden.contains(place) ? nil : place }
    guard case .finished(let trial) = evidence.history.event(place) else { return nil }
    return trial
  }

  private static func judge(_ rules: inout [any StopRule]) -> StopVerdict? {
    for index in rules.indices {
      if let reason = rules[index].reasonToStop() {
        return StopVerdict(rule: type(of: rules[index]).description.name, reason: reason)
      }
    }
    return nil
  }
}

/// Judging before a trial begins.
extension Study {
  /// What the error is about that says that a stop rule holds, before the rule's name.
  static let stopRuleKey = "stop_when."

  /// What the rules are to judge before trial `next` may begin; `nil` where they have.
  ///
  /// In a deterministic study that is what the trial may know of, so that which trials there are does not
  /// depend on when results came.
  func evidence(_ limits: AskLimits, _ ledger: borrowing Ledger, next: Int) -> StopJudge.Evidence? {
    guard limits.judge != nil else { return nil }
    guard let order = ledger.order else {
      guard limits.judged == nil else { return nil }
      return StopJudge.Evidence(
        last: nil, history: ledger.log.snapshot, hidden: [], space: ledger.space)
    }
    let last = order.lastKnown(to: next)
    guard last >= 0, limits.judged != last else { return nil }
    return StopJudge.Evidence(
      last: last, history: ledger.log.snapshot, hidden: Set(ledger.unfitting), space: ledger.space)
  }

  /// Fails where a stop rule holds; else the limits say that this was judged.
  func judge(_ evidence: StopJudge.Evidence, _ limits: inout AskLimits) throws(AttuneError) {
    if let verdict = try limits.judge?.verdict(on: evidence) {
      throw AttuneError(
        .exhausted, verdict.reason, subject: Self.stopRuleKey + verdict.rule)
    }
    limits.judged = evidence.last ?? evidence.history.trialCount
  }
}

extension StopVerdict {
  /// What an error of `Study.judge` says; `nil` for another error.
  init?(_ error: AttuneError) {
    guard error.subject.hasPrefix(Study.stopRuleKey) else { return nil }
    self.init(
      rule: String(error.subject.dropFirst(Study.stopRuleKey.count)), reason: error.message)
  }
}
