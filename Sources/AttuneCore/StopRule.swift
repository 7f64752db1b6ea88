/// Decides whether a search has come to its end.
///
/// Like a strategy it sees values only, and says the same of the same trials in the same order: stored
/// properties are a cache of what it has followed, nothing more. It serves one objective.
public protocol StopRule: Sendable {
  static var description: StopRuleDescription { get }

  /// Throws for options that this rule cannot take, naming why.
  init(space: Space, direction: Direction, options: Options) throws(AttuneError)

  /// Takes in a finished trial: each comes once, in the order in which they count.
  mutating func follow(_ trial: Int, in history: History)

  /// Why the search ends with the trials so far, in one line for people; `nil` where it goes on.
  mutating func reasonToStop() -> String?
}

/// What a stop rule says of itself.
public struct StopRuleDescription: Sendable {
  /// The name people type, and the reason a run gives for its end.
  public let name: String
  public let summary: String
  /// Whether it models the parameters, which must be declared for that.
  public let needsSpace: Bool
  /// Whether it ends every run some time, so that none needs another limit.
  public let endsEveryRun: Bool
  /// The first one is what stands behind the name: `target=0.01`.
  public let options: [OptionDescription]

  public init(
    name: String, summary: String, needsSpace: Bool, endsEveryRun: Bool,
    options: [OptionDescription]
  ) {
    self.name = name
    self.summary = summary
    self.needsSpace = needsSpace
    self.endsEveryRun = endsEveryRun
    self.options = options
  }
}

/// That a stop rule ends a run, and why.
public struct StopVerdict: Sendable, Hashable {
  /// The rule's name.
  public let rule: String
  /// One line for people.
  public let reason: String

  public init(rule: String, reason: String) {
    self.rule = rule
    self.reason = reason
  }
}
