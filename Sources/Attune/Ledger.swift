import AttuneCore
import Synchronization

/// Everything a study knows, rebuilt from its events and changed by nothing else.
///
/// A value behind the study's lock. `apply` takes the events of other processes; the verbs below it
/// are the same events coming from this one. Not copyable, as a copy counts twenty references up and down.
struct Ledger: ~Copyable, Sendable {
  let directions: [Direction]
  let duplicates: DuplicatePolicy
  let isDefineByRun: Bool
  private(set) var space: Space
  private(set) var log: HistoryLog
  private(set) var details: [Int: TrialDetail] = [:]
  private(set) var finishedReports = FinishedReports()
  /// The running trials that have reported.
  private var reporting: Set<Int> = []
  private(set) var attributes: [(key: String, json: String)] = []
  /// Trials whose number is taken and whose point is being chosen, and from what: nothing but FAIL
  /// can be told of one. Stays in here when its owner died before it had chosen.
  private(set) var pointless = TrialValues<Basis>()
  /// How often other workers went on with trials.
  private(set) var reissues: [Int: Int] = [:]
  /// Trials of a deterministic study that are to be issued again.
  private(set) var released: Set<Int> = []
  /// What the trials of a deterministic study are chosen from; `nil` where that is `log`.
  private(set) var order: TrialOrder?
  /// Whether there is that order: told without a copy of it, as most studies have none.
  let hasOrder: Bool
  /// Trials whose point was the strategy's to choose.
  private(set) var ordinal = 0
  /// The best COMPLETE trial of a study with one direction.
  private(set) var best: Int?
  /// The first trial of each point, unless duplicates are allowed.
  private(set) var seen: [Point: Int] = [:]
  /// Enqueued trials that can be asked.
  private(set) var waiting = WaitingTrials()
  /// Enqueued trials of another program that do not fit the space: that program asks them.
  private(set) var waitingElsewhere: [Int] = []
  /// Finished trials whose point was never chosen.
  private(set) var unchosen: Set<Int> = []
  /// Finished trials that strategies do not learn from, since their point is none of this space.
  private(set) var unfitting: [Int] = []

  /// Trials that wait to be promoted.
  var paused = PausedTrials()
  /// Holds the ledger where it lies: without, the optimizer loads all its fields for each look at one of them.
  private let anchor = Atomic<Bool>(true)

  init(_ definition: StudyDefinition) {
    directions = definition.directions
    duplicates = definition.duplicates
    isDefineByRun = definition.space == nil
    space = definition.space ?? .empty
    log = HistoryLog(valueCount: definition.directions.count, width: space.count)
    hasOrder = definition.window != nil
    order = definition.window.map {
      TrialOrder(window: $0, space: space, valueCount: definition.directions.count)
    }
  }
}

// MARK: - Trials

extension Ledger {
  mutating func noteReissue(_ number: Int) {
    reissues[number, default: 0] += released.remove(number) == nil ? 1 : 0
  }

  mutating func release(_ number: Int) { released.insert(number) }

  mutating func claim(_ origin: History.Origin, at time: Int64) -> Int {
    let before = ordinal
    if origin == .strategy { ordinal += 1 }
    let number = log.claim(origin, at: time)
    pointless.set(basis(of: number, ordinal: before), for: number)
    return number
  }

  /// What is known when a trial begins.
  private mutating func basis(of number: Int, ordinal: Int) -> Basis {
    guard hasOrder, case let origin = log.origin(number),
      origin == .strategy || origin == .enqueued,
      var order
    else {
      return Basis(
        history: paused.isEmpty ? log.snapshot : provisional, isProvisional: !paused.isEmpty,
        ordinal: ordinal, space: space)
    }
    // Only one may hold it, or it is copied to be changed.
    self.order = nil
    order.advance(to: number, isDefineByRun: isDefineByRun) { placed($0) }
    self.order = order
    return Basis(
      history: order.log.snapshot, ordinal: ordinal, space: isDefineByRun ? order.space : space)
  }

  /// An enqueued trial is asked.
  mutating func start(_ number: Int, _ origin: History.Origin, at time: Int64) {
    waiting.remove(number)
    waitingElsewhere.removeAll { $0 == number }
    log.start(number, origin, at: time)
    pointless.set(basis(of: number, ordinal: ordinal), for: number)
  }

  /// Takes in the parameters of another program's trial.
  mutating func fillForeign(_ number: Int, _ params: [(name: String, value: Value)]) {
    if isDefineByRun { return fill(number, Point(slots: [], active: ActiveSet())) }
    // What does not fit is data of another program, not an error of this one.
    if let partial = try? PartialPoint(params, in: space), let point = space.point(given: partial) {
      fill(number, point)
    } else {
      _ = pointless.remove(number)
      details[number, default: TrialDetail()].unfitting = params
    }
  }

  /// Notes that what another program's trial was suggested is none of this study's space.
  mutating func markUnfitting(_ number: Int) {
    details[number, default: TrialDetail()].unfitting = []
  }

  /// Gives a trial its point, which is one of the space it was chosen in.
  mutating func fill(_ number: Int, _ point: Point) {
    let basis = pointless.remove(number)
    if hasOrder, case let origin = log.origin(number), origin == .strategy || origin == .enqueued {
      order?.fill(number, point)
    }
    if let basis, isDefineByRun, basis.space !== space {
      log.fill(number, space.point(point, of: basis.space))
    } else {
      log.fill(number, point)
    }
    if duplicates != .allow, !isDefineByRun, seen[point] == nil { seen[point] = number }
  }

  /// Ends a trial. Values are kept of COMPLETE ones, and of PRUNED ones their last report.
  mutating func finish(
    _ number: Int, _ state: TrialState, _ values: UnsafeBufferPointer<Double>, _ failure: Failure?,
    at time: Int64
  ) {
    let hasNoPoint = pointless.discard(number)
    let isForeign = log.origin(number) == .foreign
    if let failure { details[number, default: TrialDetail()].failure = failure }
    if hasOrder { order?.dropComparable(number) }
    // An empty set hashes all the same what it is to remove.
    if !released.isEmpty { released.remove(number) }
    paused.forget(number)
    var isUnfitting = isForeign && hasNoPoint
    if hasNoPoint { unchosen.insert(number) }
    if details.isEmpty, !isDefineByRun {
      // As nearly all trials are: a detail costs as much as all the rest, also where there is none.
      log.finish(number, state, values: values, at: time, announced: !isUnfitting)
      finishedReports.addSilent(number, state, values: values)
    } else {
      isUnfitting = finish(number, state, values, at: time, isForeign, hasNoPoint: hasNoPoint)
    }
    if isUnfitting { unfitting.append(number) }
    guard state == .complete else { return }
    if !isUnfitting { noteValues(of: number) }
    if directions.count == 1, isBetter(number, values[0]) { best = number }
  }

  /// Ends a trial that may have a detail; whether its point is none of this space.
  private mutating func finish(
    _ number: Int, _ state: TrialState, _ values: UnsafeBufferPointer<Double>, at time: Int64,
    _ isForeign: Bool, hasNoPoint: Bool
  ) -> Bool {
    let detail = details[number]
    let isUnfitting = isForeign && (hasNoPoint || detail?.unfitting != nil)
    let reports = detail?.reports ?? Reports()
    var values = Array(values)
    if state == .pruned, values.isEmpty { values = reports.latest?.values ?? [] }
    log.finish(
      number, state, values: values, violation: detail?.violation ?? 0,
      outlook: state == .pruned ? finishedReports.outlook(of: reports) : nil,
      gradient: detail?.gradient ?? [], at: time,
      point: isDefineByRun ? suggestedPoint(detail) : nil, announced: !isUnfitting)
    if !reporting.isEmpty { reporting.remove(number) }
    finishedReports.add(ReportingTrial(number: number, reports: reports), state, values: values)
    return isUnfitting
  }

  /// Makes a COMPLETE trial the one its point is known by, unless that one is COMPLETE already.
  private mutating func noteValues(of number: Int) {
    guard duplicates != .allow, !isDefineByRun else { return }
    let point = log.snapshot.point(number)
    if let first = seen[point], log.state(first) == .complete { return }
    seen[point] = number
  }

  /// Whether a new COMPLETE trial beats the best: feasible ones beat all others, then values count.
  @inline(__always)
  private func isBetter(_ number: Int, _ value: Double) -> Bool {
    guard let best else { return true }
    if !details.isEmpty {
      let feasible = details[number]?.isFeasible ?? true
      let bestFeasible = details[best]?.isFeasible ?? true
      if feasible != bestFeasible { return feasible }
    }
    let least = log.value(best)
    return directions[0].isBetter(value, than: least) || (value == least && number < best)
  }

  /// Keeps a report; `false` when the step has one already.
  @discardableResult
  mutating func report(_ number: Int, step: Int64, _ values: [Double]) -> Bool {
    reporting.insert(number)
    return details[number, default: TrialDetail()].reports.add(step: step, values: values)
  }

  /// What a pruner may compare a trial with.
  func studyReports(for number: Int) -> StudyReports {
    if let order { return StudyReports(finished: order.comparable[number] ?? FinishedReports()) }
    return StudyReports(
      finished: finishedReports,
      running: reporting.sorted().map {
        ReportingTrial(number: $0, reports: details[$0]?.reports ?? Reports())
      })
  }

  /// Keeps why a pruner gave a running trial up.
  mutating func notePruning(_ number: Int, _ reason: String) {
    details[number, default: TrialDetail()].pruningReason = reason
  }

  mutating func setAttribute(_ number: Int, _ key: String, _ json: String) {
    details[number, default: TrialDetail()].set(key, json)
  }

  mutating func setConstraint(_ number: Int, _ name: String, _ value: Double) {
    details[number, default: TrialDetail()].setConstraint(name, value)
  }

  mutating func setGradient(_ number: Int, _ values: [Double]) {
    details[number, default: TrialDetail()].gradient = values
  }
}

// MARK: - Study

extension Ledger {
  mutating func setAttribute(_ key: String, _ json: String) { attributes.set(key, json) }

  /// Gives a declared parameter a wider range; slots are values, so trials stay what they are.
  mutating func widen(_ parameter: Parameter) throws(AttuneError) {
    let index = try space.index(of: parameter.name)
    space = try space.replacing(index, with: parameter)
  }

  mutating func enqueue(
    _ params: [(name: String, value: Value)], retries: [Int], at time: Int64
  ) {
    let number = log.enqueue(at: time)
    details[number, default: TrialDetail()].given = params
    details[number, default: TrialDetail()].retries = retries
    // Another program may have enqueued what is none of this space.
    if isDefineByRun || (try? PartialPoint(params, in: space)) != nil {
      waiting.append(number)
    } else {
      waitingElsewhere.append(number)
    }
  }

  /// Notes that a define-by-run trial asked for a parameter and got `slot`; the space grows to hold
  /// it. `false`, and nothing changed, when the trial has that value of it already.
  mutating func suggest(
    _ number: Int, _ parameter: Parameter, _ slot: UInt64
  ) throws(AttuneError) -> Bool {
    guard let known = space.find(parameter.name) else {
      space = try space.adding(parameter)
      log.widen(to: space.count)
      note(parameter, of: number, at: space.count - 1, slot)
      return true
    }
    if let earlier = details[number]?.suggested.first(where: { $0.index == known }) {
      guard earlier.slot == slot else { throw RunningTrial.suggestedTwice(parameter.name, number) }
      return false
    }
    let joined = try space.parameters[known].joined(with: parameter)
    if joined != space.parameters[known] { space = try space.replacing(known, with: joined) }
    note(parameter, of: number, at: known, slot)
    return true
  }

  private mutating func note(
    _ parameter: Parameter, of number: Int, at index: Int, _ slot: UInt64
  ) {
    details[number, default: TrialDetail()].suggested.append((index, slot))
    // Later trials may widen the range in the space: the order of trials has it as it was asked for.
    if order != nil { details[number]?.parameters.append(parameter) }
  }
}
