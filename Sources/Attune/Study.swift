public import AttuneCore
import AttuneNumerics
import AttuneObjectives
import AttuneStrategies
import Synchronization

/// A search: a space, a strategy, and the trials so far.
///
/// Ask it for a trial, evaluate the trial's parameters, tell it the values; or let `optimize` do so.
/// Safe from any thread. Two locks, taken in this order: `proposer` (long: one strategy thinks at a
/// time), then `ledger` (short). `tell` takes the ledger alone, so a slow strategy does not hold up
/// finishing trials; neither is held while an objective, a callback or a log sink runs.
public final class Study: Sendable {
  /// What a study is created with.
  public struct Settings: Sendable {
    /// `nil`: chosen.
    public var name: String?
    /// `nil`: discovered by the suggest calls of the objective.
    public var space: Space?
    public var directions: [Direction] = [.minimize]
    /// A name or alias of `StrategyCatalog`; `nil`: its standard.
    public var strategy: String?
    public var strategyOptions: [(key: String, value: Value)] = []
    /// `nil`: chosen, and recorded.
    public var seed: UInt64?
    public var duplicates = DuplicatePolicy.allow
    /// Whether trials depend on the space, the seed, the strategy, the window and the objective alone,
    /// whatever the number of workers.
    public var isDeterministic = false
    /// Makes the study deterministic: trial k is chosen from the results of the trials 0...k - window, and
    /// the parameters of those between. So many may run at a time.
    public var window: Int?
    /// The window of a new deterministic study for which none is said.
    public var standardWindow = 1
    public var durability = Durability.process
    /// Whether trials asked here are found and issued again when this process dies.
    public var ownsTrials = true

    public init() {}
  }

  public let definition: StudyDefinition
  public let isDefineByRun: Bool
  /// Of a study that avoids duplicates in a finite space: how many points there are.
  let finitePointCount: UInt64?
  let ledger: Mutex<Ledger>
  let proposer: Mutex<Proposer>
  let pruner = Mutex<(any Pruner)?>(nil)
  let store: (any StudyStore)?
  private let heartbeat = Heartbeat()
  /// Whether trials asked here are this process's to finish.
  let ownsTrials: Bool
  /// The strategy that goes on with a study recorded with another one.
  let otherStrategy: String?
  /// Of a deterministic study.
  let askers = Mutex(Askers())
  /// Signalled when a trial of a deterministic study ends.
  let gate = Gate()
  /// Held by the thread that waits for other workers.
  let waiting = Mutex(())
  /// What paused trials keep.
  let states: StateFolders
  /// The run going on, if any, and whether it was asked to stop.
  let run = RunState()

  public var name: String { definition.name }
  public var strategyName: String { definition.strategy }
  public var seed: UInt64 { definition.seed }
  public var directions: [Direction] { definition.directions }
  /// The space: as declared and widened since, or what a define-by-run study has discovered.
  public var space: Space { ledger.withLock { $0.space } }
  /// Trials of any state; enqueued ones count from then on.
  public var trialCount: Int { ledger.withLock { $0.log.trialCount } }

  init(
    _ definition: StudyDefinition, store: (any StudyStore)?, ownsTrials: Bool = true,
    isContinuedOtherwise: Bool = false
  ) throws(AttuneError) {
    self.definition = definition
    otherStrategy = isContinuedOtherwise ? definition.strategyJSON : nil
    self.store = store
    self.ownsTrials = ownsTrials
    states = StateFolders(root: store?.stateFolder)
    isDefineByRun = definition.space == nil
    finitePointCount = Proposer.finitePointCount(definition)
    let ledger = Ledger(definition)
    proposer = Mutex(try Proposer(definition, space: ledger.space))
    self.ledger = Mutex(ledger)
  }

  /// Changes the ledger, with what other processes did taken in before and `events` stored after.
  ///
  /// The change stays when the store has no room for it, and is stored later: what was told is never
  /// lost.
  func update<Result: Sendable>(
    _ change: (inout Ledger) throws(AttuneError) -> Result,
    events: (Result) -> [StudyEvent]
  ) throws(AttuneError) -> Result {
    guard let store else {
      return try ledger.withLock { ledger throws(AttuneError) in try change(&ledger) }
    }
    let result = try ledger.withLock { ledger throws(AttuneError) in
      var result: Result?
      try store.transact(keeps: true) { event throws(AttuneError) in
        try ledger.apply(event)
      } _: { () throws(AttuneError) in
        let changed = try change(&ledger)
        result = changed
        return events(changed)
      }
      return result
    }
    return try ran(result)
  }

  /// Stores events and changes the ledger by them, or does neither: for what other processes must
  /// not do as well, such as taking a number.
  ///
  /// `apply` does what the events say; it must not fail on a plan.
  func commit<Plan: Sendable, Result: Sendable>(
    _ plan: (borrowing Ledger) throws(AttuneError) -> Plan, events: (Plan) -> [StudyEvent],
    apply: (inout Ledger, Plan) throws(AttuneError) -> Result
  ) throws(AttuneError) -> Result {
    guard let store else {
      return try ledger.withLock { ledger throws(AttuneError) in
        let plan = try plan(ledger)
        return try apply(&ledger, plan)
      }
    }
    let result = try ledger.withLock { ledger throws(AttuneError) in
      var planned: Plan?
      try store.transact(keeps: false) { event throws(AttuneError) in
        try ledger.apply(event)
      } _: { () throws(AttuneError) in
        let plan = try plan(ledger)
        planned = plan
        return events(plan)
      }
      return try planned.map { plan throws(AttuneError) in try apply(&ledger, plan) }
    }
    return try ran(result)
  }

  private func ran<Result>(_ result: Result?) throws(AttuneError) -> Result {
    guard let result else {
      throw AttuneError(.internal, "the store of \"\(definition.name)\" ran no transaction")
    }
    return result
  }

  /// Lets the store know now and then that this process lives, where it must.
  func keepAlive() throws(AttuneError) {
    guard let seconds = store?.beatInterval else { return }
    try heartbeat.start(every: seconds) { [weak self] in
      guard let self, let store = self.store else { return false }
      do throws(AttuneError) {
        try self.ledger.withLock { _ throws(AttuneError) in try store.beat() }
      } catch {
        // The next may go through; when all fail, others take the trials over, as they must.
        Logger.log(.warning, component: "study", "no sign of life given: \(error.message)")
      }
      return true
    }
  }

  /// Hands out what a store logged under the study's locks.
  func flushLog() {
    if store != nil { Logger.flush() }
  }

  /// Takes in what other processes did.
  func refresh() throws(AttuneError) {
    guard store != nil else { return }
    defer { flushLog() }
    try update({ _ in }, events: { _ in [] })
  }
}

// MARK: - Study facts

extension Study {
  /// Keeps a fact with the study; `json` is JSON text.
  public func setAttribute(_ key: String, json: String) throws(AttuneError) {
    let text = try checkedJSON(json, key: key)
    defer { flushLog() }
    try update { ledger in
      ledger.setAttribute(key, text)
    } events: {
      [.attribute(number: nil, key: key, json: text)]
    }
  }

  /// A fact of the study as JSON text.
  public func attribute(_ key: String) -> String? {
    ledger.withLock { $0.attributes.first { $0.key == key }?.json }
  }

  /// The facts of the study, as JSON text, in the order they were first set.
  public var attributes: [(key: String, json: String)] { ledger.withLock { $0.attributes } }

  /// Adds parameters to be asked next, in order; the strategy chooses those that are missing.
  ///
  /// They have the number of their trial from now on, and wait under it. Refused where the constraints of the
  /// space forbid them, or nothing was found that completes them.
  public func enqueue(_ values: [(name: String, value: Value)]) throws(AttuneError) {
    if !isDefineByRun { try checkAllowed(values) }
    defer { flushLog() }
    let time = currentMicroseconds()
    try commit { ledger in
      ledger.log.trialCount
    } events: {
      [.enqueued(number: $0, params: values, retries: [], time: time)]
    } apply: { ledger, _ in
      ledger.enqueue(values, retries: [], at: time)
    }
  }

  /// Adds parameters given as a JSON object, to be asked next.
  public func enqueue(json: String) throws(AttuneError) {
    try enqueue(JSON.values(parsing: json, what: "params"))
  }

  /// Chooses how trials are given up: a name of `PrunerCatalog`. Not during a run.
  ///
  /// One that resumes pauses trials of `optimize`, whose objective must be a plugin that can pause.
  public func setPruner(
    _ name: String, options: [(key: String, value: Value)] = []
  ) throws(AttuneError) {
    guard !run.isGoingOn else {
      throw AttuneError(
        .invalidState, "the pruner of \"\(self.name)\" cannot change while a run is going on")
    }
    let made = try PrunerCatalog.make(named: name, directions: directions, options: options)
    try checkPausing(of: made)
    pruner.withLock { $0 = made }
  }

  /// Whether a run is going on.
  public var isRunning: Bool { run.isGoingOn }

  /// Whether the calling thread works in the run going on: it is inside an objective or a callback.
  public var isInsideRun: Bool { run.isInside }

  /// Asks the run going on to end after its running trials. Without a run, nothing happens.
  ///
  /// One atomic operation: safe in a signal handler.
  public func stop() { run.requestStop() }

  /// Stops the run going on and waits for its end.
  ///
  /// On a thread of that run this would wait for itself: then it only stops, and says so.
  @discardableResult
  public func close() -> Bool { run.close() }

  func checkedJSON(_ json: String, key: String) throws(AttuneError) -> String {
    guard !key.isEmpty else {
      throw AttuneError(.invalidArgument, "the key of an attribute is empty", subject: "key")
    }
    do {
      return try JSON(parsing: json).text(.spaced)
    } catch {
      throw AttuneError(error, in: "attribute \"\(key)\"")
    }
  }
}
