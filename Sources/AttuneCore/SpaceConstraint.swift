/// What the values of several parameters must keep to together, known before anything is evaluated.
///
/// It applies to points in which all of its parameters are active, and to no others. Not to be confused
/// with a trial's constraints, which an objective reports.
public enum SpaceConstraint: Hashable, Sendable {
  /// The sum of factor × value over some numeric parameters lies between bounds; rounding is forgiven, up
  /// to 2e-15 a term of the largest sizes that the terms and bounds have. `nil`: without bound.
  case linear([Term], atLeast: Double?, atMost: Double?)
  /// The parameters must not all pass their tests at once; each one stands at most once.
  case forbidden([Clause])

  /// A numeric parameter and what its value is multiplied by.
  public struct Term: Hashable, Sendable {
    public let parameter: String
    public let factor: Double

    public init(_ parameter: String, factor: Double) {
      self.parameter = parameter
      self.factor = factor
    }
  }

  /// Values of a parameter that are part of a forbidden combination.
  public struct Clause: Hashable, Sendable {
    public let parameter: String
    public let test: Condition.Test

    public init(_ parameter: String, _ test: Condition.Test) {
      self.parameter = parameter
      self.test = test
    }
  }
}

/// A constraint with the indexes of its parameters, as a space keeps it.
struct ResolvedConstraint: Sendable {
  enum Rule: Sendable {
    /// Factors in the order of `parameters`; bounds with what rounding is forgiven.
    case linear(factors: [Double], low: Double, high: Double)
    /// Tests in the order of `parameters`.
    case forbidden([Space.Gate])
  }
  let parameters: [Int]
  let rule: Rule
}
