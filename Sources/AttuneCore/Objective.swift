/// Turns a trial's parameters into values: a callback, a native function, a plugin or a command.
///
/// An objective is made before the study runs and is asked for one evaluator per worker. It knows the
/// trial it is given and nothing of studies, stores or strategies.
public protocol Objective: AnyObject, Sendable {
  var description: ObjectiveDescription { get }

  /// An evaluator for a study with this space and number of values.
  ///
  /// Parameters are mapped by name here, once. Throws when a parameter is missing, of another type,
  /// or more than the objective takes, or when the number of values differs.
  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator
}

/// One worker's hold on an objective: evaluations one after another, on one thread at a time.
public protocol Evaluator: AnyObject {
  /// Evaluates `trial` and fills `values`, which are preset to NaN. Called without any lock held.
  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation
}

/// How an evaluation ended.
public enum Evaluation: Sendable, Hashable {
  /// `values` are filled.
  case complete
  /// `values` are filled, and the run ends after this trial.
  case stop
  case pruned
  /// Its state is kept, and it can go on later; only of a trial that may pause and was asked to.
  case paused
  case fail(Failure)
  /// Failed, as all trials before: without a limit of failures the run ends with an error.
  case giveUp(Failure)
}

/// What an objective says of itself before it runs.
public struct ObjectiveDescription: Sendable {
  /// callback, native, plugin or command.
  public var kind: String
  /// "com.example.svm-cv", a symbol, a program.
  public var id: String
  public var name: String
  public var version: String
  public var summary: String
  /// Where it was loaded from, or "".
  public var path: String
  /// Its own default space as JSON text, or `nil`.
  public var spaceJSON: String?
  /// JSON Schema of its configuration, or `nil`.
  public var configSchemaJSON: String?
  /// One per value; `nil` where the objective leaves it to the study.
  public var directions: [Direction]?
  public var capabilities: Capabilities
  /// Whether each evaluator has a process of its own.
  public var isIsolated: Bool
  /// Whether these processes can write in a private folder only.
  public var isSandboxed: Bool

  public init(
    kind: String, id: String, name: String = "", version: String = "", summary: String = "",
    path: String = "", spaceJSON: String? = nil, configSchemaJSON: String? = nil,
    directions: [Direction]? = nil, capabilities: Capabilities = [],
    isIsolated: Bool = false, isSandboxed: Bool = false
  ) {
    self.kind = kind
    self.id = id
    self.name = name.isEmpty ? id : name
    self.version = version
    self.summary = summary
    self.path = path
    self.spaceJSON = spaceJSON
    self.configSchemaJSON = configSchemaJSON
    self.directions = directions
    self.capabilities = capabilities
    self.isIsolated = isIsolated
    self.isSandboxed = isSandboxed
  }

  /// What an objective can do; raw values are those of `ATTUNE_CAP_...`.
  public struct Capabilities: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Evaluators may run at the same time on one instance.
    public static let threadSafe = Self(rawValue: 1)
    /// At most one instance in a process.
    public static let processOnly = Self(rawValue: 2)
    /// Same parameters, seed and fidelity give the same bits.
    public static let deterministic = Self(rawValue: 4)
    public static let gradient = Self(rawValue: 8)
    /// Reports intermediate values and asks whether to prune.
    public static let intermediate = Self(rawValue: 16)
    public static let fidelity = Self(rawValue: 32)
    /// Polls whether to stop.
    public static let cancel = Self(rawValue: 64)
    public static let pause = Self(rawValue: 128)

    /// The words for the set flags, in the order of their bits.
    public var names: [String] {
      let all: [(Self, String)] = [
        (.threadSafe, "thread_safe"), (.processOnly, "process_only"),
        (.deterministic, "deterministic"), (.gradient, "gradient"),
        (.intermediate, "intermediate"), (.fidelity, "fidelity"), (.cancel, "cancel"),
        (.pause, "pause"),
      ]
      return all.filter { contains($0.0) }.map(\.1)
    }
  }
}

/// The trial as an objective sees it while it is evaluated.
///
/// All members are safe from any thread, since objectives may have threads of their own.
public protocol EvaluatedTrial: AnyObject, Sendable {
  var number: Int { get }
  /// Derived from the study's seed and the trial's number: the same on any worker.
  var seed: UInt64 { get }
  var space: Space { get }
  var point: Point { get }
  /// 1 is full.
  var fidelity: Double { get }
  /// Whether the run is ending or this trial is cancelled. Cheap: an atomic load.
  var shouldStop: Bool { get }

  /// Keeps intermediate values, one per objective value, for a step of 0 or more.
  ///
  /// The first report at a step counts. Throws for a negative step, a wrong count, a finished trial.
  func report(step: Int64, values: [Double]) throws(AttuneError)
  /// Whether the pruner gives this trial up.
  func shouldPrune() throws(AttuneError) -> Bool
  /// Keeps a fact, as JSON text, under a key.
  func setAttribute(_ key: String, json: String) throws(AttuneError)
  /// Keeps a black-box constraint: a value of 0 or less is feasible.
  func setConstraint(_ name: String, _ value: Double) throws(AttuneError)
  /// Whether a gradient would be kept and used.
  var wantsGradient: Bool { get }
  /// Keeps the gradient: row-major, values x parameters of the space, NaN where unknown.
  func setGradient(_ gradient: [Double]) throws(AttuneError)
  /// Ends the run after the running trials.
  func requestCancel(reason: String)
  func log(_ level: LogLevel, _ message: String)
  /// How the trial is paused and goes on; `nil` where it may not be paused.
  var pausing: Pausing? { get }
}

extension EvaluatedTrial {
  public var pausing: Pausing? { nil }
}

/// What a trial knows that may be paused, and go on later.
public struct Pausing: Sendable, Hashable {
  /// Whether this evaluation goes on with one that was paused.
  public let isResumed: Bool
  /// The path of the trial's own folder for what it wants to find again; made by who wants it.
  public let folder: String

  public init(isResumed: Bool, folder: String) {
    self.isResumed = isResumed
    self.folder = folder
  }
}

/// How much a log message matters; raw values are those of `attune_log_level`.
public enum LogLevel: Int32, Sendable, Comparable, CaseIterable {
  case trace = 0
  case debug = 1
  case info = 2
  case warning = 3
  case error = 4
  case off = 5

  public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}
