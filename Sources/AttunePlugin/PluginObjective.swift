/// Something to tune: a type whose instances evaluate trials.
///
/// An instance is made per worker, or once for all of them when the description claims
/// `threadSafe`. It lives until the run ends. Whatever `init` and `evaluate` throw becomes the
/// error's text: the description of the error.
public protocol PluginObjective: AnyObject {
  associatedtype Values: PluginValues

  static var description: PluginDescription { get }

  /// Gets ready: reads data, allocates. Throwing ends the run before its first trial.
  init(config: PluginConfig) throws

  /// The objective's value, or several, for the parameters of a trial.
  ///
  /// Throwing makes a FAIL trial, except `PluginTrial.Pruned`, which makes a PRUNED one, and
  /// `PluginTrial.Paused`.
  func evaluate(_ trial: PluginTrial) throws -> Values
}

/// What an objective returns: a number, or several.
public protocol PluginValues {
  var values: [Double] { get }
}

extension Double: PluginValues {
  public var values: [Double] { [self] }
}

extension [Double]: PluginValues {
  public var values: [Double] { self }
}

/// What an objective says of itself before it runs.
public struct PluginDescription: Sendable {
  public enum Direction: Int32, Sendable {
    case minimize = 0
    case maximize = 1
  }

  /// What an objective can do. Claim only what holds: `attune plugin check` tries it.
  public struct Capabilities: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `evaluate` may run at the same time on one instance.
    public static let threadSafe = Self(rawValue: 1)
    /// Not even two instances in one process.
    public static let processOnly = Self(rawValue: 2)
    /// Same parameters, seed and fidelity give the same bits.
    public static let deterministic = Self(rawValue: 4)
    /// Gives gradients when they are wanted.
    public static let gradient = Self(rawValue: 8)
    /// Reports intermediate values and asks whether to go on.
    public static let intermediate = Self(rawValue: 16)
    /// Honours the trial's fidelity.
    public static let fidelity = Self(rawValue: 32)
    /// Polls whether to stop.
    public static let cancel = Self(rawValue: 64)
    /// Can pause a trial and go on with it later.
    public static let pause = Self(rawValue: 128)
  }

  public let id: String
  public let name: String
  public let version: String
  public let summary: String
  public let space: [PluginParameter]
  /// One for each value.
  public let directions: [Direction]
  public let capabilities: Capabilities
  /// JSON Schema of the configuration, or `nil`.
  public let configSchema: String?
  /// With `cancel`: the longest time between two polls, in milliseconds.
  public let maximumPoll: UInt32

  /// `id` is of `[a-z0-9._-]` and never changes.
  public init(
    id: String, name: String, version: String, summary: String = "", space: [PluginParameter],
    directions: [Direction] = [.minimize], capabilities: Capabilities = [],
    configSchema: String? = nil, maximumPoll: UInt32 = 0
  ) {
    self.id = id
    self.name = name
    self.version = version
    self.summary = summary
    self.space = space
    self.directions = directions
    self.capabilities = capabilities
    self.configSchema = configSchema
    self.maximumPoll = maximumPoll
  }
}

/// A mistake, in words for people.
public struct PluginError: Error, CustomStringConvertible {
  public let description: String
  /// Kept with the failed trial.
  public let code: Int32

  public init(_ description: String, code: Int32 = 0) {
    self.description = description
    self.code = code
  }
}
