/// A named distribution, with the conditions under which it is active.
public struct Parameter: Hashable, Sendable {
  public let name: String
  public let distribution: Distribution
  /// All must hold; empty for a parameter that is always active.
  public let conditions: [Condition]

  public init(_ name: String, _ distribution: Distribution, when conditions: [Condition] = []) {
    self.name = name
    self.distribution = distribution
    self.conditions = conditions
  }
}

/// When a parameter is active: while `parent` is active and has one of some values.
public struct Condition: Hashable, Sendable {
  /// What the parent's value must be.
  public enum Test: Hashable, Sendable {
    /// The parent is one of these choices (or fixed values, or whole numbers).
    case choices([Value])
    /// The parent, a float or int, lies in `low...high`.
    case range(low: Double, high: Double)
  }

  public let parent: String
  public let test: Test

  public init(parent: String, _ test: Test) {
    self.parent = parent
    self.test = test
  }
}
