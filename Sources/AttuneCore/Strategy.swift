/// Chooses where to look next.
///
/// A strategy never sees storage, threads, clocks or the study that drives it: everything it may know
/// arrives as arguments. Its proposals depend on those arguments alone, so that a study that was
/// stopped and reopened goes on as if it had never stopped. Stored properties are a cache of
/// `history`, nothing more. All proposals are for minimisation or maximisation as `directions` say.
public protocol Strategy: Sendable {
  static var description: StrategyDescription { get }

  /// Throws for a space or options that this strategy cannot take, naming why.
  init(space: Space, directions: [Direction], options: Options) throws(AttuneError)

  /// The next point to evaluate, or `nil` when every point has been proposed.
  mutating func propose(_ request: Request, given history: History) -> Point?

  /// How many points there are in all; `nil` when endless. A run ends by itself after the last.
  var pointCount: UInt64? { get }

  /// Whether it compares points as wholes: then a define-by-run study tells it which parameters depend
  /// on which, as far as its trials have shown.
  static var comparesWholePoints: Bool { get }
}

extension Strategy {
  public static var comparesWholePoints: Bool { true }
  public var pointCount: UInt64? { nil }
}

/// Which proposal is wanted.
public struct Request: Sendable, Hashable {
  /// The study's seed.
  public let seed: UInt64
  /// The number of the trial.
  public let number: Int
  /// How many trials before this one had a point from the strategy (not enqueued or added ones).
  public let ordinal: Int
  /// How many proposals for this trial were turned down as duplicates.
  public let attempt: Int
  /// Values that are given: the strategy chooses the others. Empty slots where nothing is given.
  public let given: PartialPoint?

  public init(
    seed: UInt64, number: Int, ordinal: Int, attempt: Int = 0, given: PartialPoint? = nil
  ) {
    self.seed = seed
    self.number = number
    self.ordinal = ordinal
    self.attempt = attempt
    self.given = given
  }
}

/// What a strategy says of itself: the source of C's, the command line's and the README's lists.
public struct StrategyDescription: Sendable {
  /// The name people type. It is stored with studies, so it never changes.
  public let name: String
  /// One line on what it is for.
  public let summary: String
  public let supportsSeveralObjectives: Bool
  public let supportsConditions: Bool
  /// Whether it can serve a space that is discovered by suggest calls.
  public let supportsDefineByRun: Bool
  public let options: [OptionDescription]

  public init(
    name: String, summary: String, supportsSeveralObjectives: Bool, supportsConditions: Bool,
    supportsDefineByRun: Bool, options: [OptionDescription] = []
  ) {
    self.name = name
    self.summary = summary
    self.supportsSeveralObjectives = supportsSeveralObjectives
    self.supportsConditions = supportsConditions
    self.supportsDefineByRun = supportsDefineByRun
    self.options = options
  }
}
