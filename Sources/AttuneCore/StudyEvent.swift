/// One thing that happened in a study: what stores keep, in order, and a study is rebuilt from.
public enum StudyEvent: Sendable {
  /// A trial number is taken; its point is being chosen.
  case claimed(number: Int, origin: History.Origin, time: Int64)
  /// The point of a claimed trial is chosen: its active parameters by name.
  case asked(number: Int, params: [(name: String, value: Value)])
  /// A define-by-run objective asked for a parameter.
  case suggested(number: Int, parameter: Parameter, value: Value)
  case reported(number: Int, step: Int64, values: [Double])
  /// A fact of a trial, or with `nil` of the study, as JSON text.
  case attribute(number: Int?, key: String, json: String)
  case constraint(number: Int, name: String, value: Double)
  case gradient(number: Int, values: [Double])
  case finished(number: Int, state: TrialState, values: [Double], failure: Failure?, time: Int64)
  /// Known-good parameters wait for the next ask.
  case enqueued(params: [(name: String, value: Value)])
  /// The first of the waiting parameters was taken by a trial.
  case dequeued
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
  /// Microseconds since 1970.
  public var created: Int64

  public init(
    name: String, space: Space?, directions: [Direction], strategy: String,
    strategyOptions: [(key: String, value: Value)], seed: UInt64, duplicates: DuplicatePolicy,
    created: Int64
  ) {
    self.name = name
    self.space = space
    self.directions = directions
    self.strategy = strategy
    self.strategyOptions = strategyOptions
    self.seed = seed
    self.duplicates = duplicates
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
}
