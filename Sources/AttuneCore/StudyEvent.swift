/// One thing that happened in a study: what stores keep, in order, and a study is rebuilt from.
public enum StudyEvent: Sendable {
  /// A trial runs, and its point is being chosen: one of the next number, or one that waited.
  case claimed(number: Int, origin: History.Origin, time: Int64)
  /// The point of a claimed trial is chosen: its active parameters by name.
  ///
  /// `seen` is how many events of the history its strategy had seen; `nil` where none chose it.
  case asked(number: Int, params: [(name: String, value: Value)], seen: Int?)
  /// A define-by-run objective asked for a parameter.
  case suggested(number: Int, parameter: Parameter, value: Value)
  case reported(number: Int, step: Int64, values: [Double])
  /// A fact of a trial, or with `nil` of the study, as JSON text.
  case attribute(number: Int?, key: String, json: String)
  case constraint(number: Int, name: String, value: Double)
  case gradient(number: Int, values: [Double])
  case finished(number: Int, state: TrialState, values: [Double], failure: Failure?, time: Int64)
  /// Known-good parameters wait under the next number to be asked. `retries` are the trials that were
  /// lost with them before, the first one first.
  case enqueued(number: Int, params: [(name: String, value: Value)], retries: [Int], time: Int64)
  /// A declared parameter has a wider range from here on.
  case widened(parameter: Parameter)
  /// A trial whose owner died goes on with another, as if it had just been asked.
  case reissued(number: Int, time: Int64)
  /// The end of a run cut a trial of a deterministic study short: it is to be issued again, as if it had
  /// just been asked.
  case released(number: Int, time: Int64)
  /// A running trial waits, its state kept, until it is promoted or ends.
  case paused(number: Int, time: Int64)
  /// A paused trial is promoted: it runs again.
  case resumed(number: Int, time: Int64)
}

/// What is fixed about a study when it is created.
public struct StudyDefinition: Sendable {
  public var name: String
  /// `nil` for a study whose space suggest calls discover.
  public var space: Space?
  public var directions: [Direction]
  public var strategy: String
  public var strategyOptions: [(key: String, value: Value)]
  public var seed: UInt64
  public var duplicates: DuplicatePolicy
  /// Of a deterministic study: trial k is chosen from the results of the trials 0...k - window and the
  /// parameters of those between. `nil`: from what is known by then.
  public var window: Int?
  /// Microseconds since 1970.
  public var created: Int64

  public init(
    name: String, space: Space?, directions: [Direction], strategy: String,
    strategyOptions: [(key: String, value: Value)], seed: UInt64, duplicates: DuplicatePolicy,
    window: Int? = nil, created: Int64
  ) {
    self.name = name
    self.space = space
    self.directions = directions
    self.strategy = strategy
    self.strategyOptions = strategyOptions
    self.seed = seed
    self.duplicates = duplicates
    self.window = window
    self.created = created
  }
}

/// What a study does when its strategy proposes a point it has had.
public enum DuplicatePolicy: String, Sendable, CaseIterable {
  /// Evaluates it again.
  case allow
  /// Asks for another; ends when a finite space has no other.
  case avoid
  /// In `optimize`, gives the trial the values the point had.
  case reuse
}

/// Where the events of one study are kept for all processes that work on it.
///
/// The engine keeps its own view of them (`Ledger`), so a store only has to be durable and in order. A
/// study calls its store under its own lock: never from two threads at once.
public protocol StudyStore: AnyObject, Sendable {
  /// Shuts all other processes out, gives `take` each event they appended since the last call, in
  /// order, and appends what `body` returns. When this returns, the events survive the death of the
  /// process.
  ///
  /// Events that cannot be written, for want of space say, are an error. With `keeps` they are kept
  /// and written by a later call, before its own; otherwise they are dropped and count as never
  /// made. An error of `take` is thrown with the place of its event, then and ever after.
  func transact(
    keeps: Bool, take: (StudyEvent) throws(AttuneError) -> Void,
    _ body: () throws(AttuneError) -> [StudyEvent]
  ) throws(AttuneError)

  /// Trials that run though their owner is dead, by number. Asked inside `transact`, by its body.
  ///
  /// The owner of a trial is the process that claimed it or was reissued it, where it owns its trials
  /// at all: one that only hands them out does not.
  func orphans() throws(AttuneError) -> [Orphan]

  /// Whether trials run that other processes claimed, as far as is known.
  var hasTrialsOfOthers: Bool { get }

  /// Whether another process runs that trial, as far as is known.
  func isOfOther(_ number: Int) -> Bool

  /// Waits until others may have added events, or so many seconds. Called without the study's lock, by
  /// one thread at a time.
  func waitForOthers(seconds: Double) throws(AttuneError)

  /// How often this process must give a sign of life while it has trials, in seconds; `nil` where all
  /// that work on the study can see each other.
  var beatInterval: Double? { get }

  /// Gives a sign of life.
  func beat() throws(AttuneError)

  /// The folder for what paused trials of this study keep, which may not exist yet; `nil` where there can
  /// be none, since those that work on the study need not see the same files.
  var stateFolder: String? { get }
}

/// A trial whose owner is dead.
public struct Orphan: Sendable, Hashable {
  public let number: Int
  /// Whether nobody else has gone on since: then it may be issued again as if nothing had happened.
  public let canGoOn: Bool

  public init(number: Int, canGoOn: Bool) {
    self.number = number
    self.canGoOn = canGoOn
  }
}
