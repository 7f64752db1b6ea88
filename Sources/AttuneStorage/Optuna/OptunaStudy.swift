public import AttuneCore

/// A study as Optuna knows it, with the order things happened in.
///
/// What Optuna has no word for lies in system attributes whose keys begin with `attune:`; Optuna carries
/// them and does not look at them.
public struct OptunaStudy: Sendable {
  public var name: String
  public var directions: [Direction]
  public var userAttributes: JSON.Object = [:]
  public var systemAttributes: JSON.Object = [:]
  public var trials: [OptunaTrial] = []
  /// Starts as n, ends as -n - 1, in the order of time.
  public var order: [Int] = []

  public init(name: String, directions: [Direction]) {
    self.name = name
    self.directions = directions
  }

  /// The system attribute that holds all of Attune's definition of a study.
  static let definitionKey = "attune:definition"
}

/// A trial as Optuna knows it. Its number is its place in the study.
public struct OptunaTrial: Sendable {
  /// A parameter with the distribution it was drawn from.
  struct Parameter: Sendable {
    let name: String
    let distribution: Distribution
    /// What Optuna stores: of a choice its index.
    let number: Double
  }

  var state = TrialState.running
  var parameters: [Parameter] = []
  var values: [Double] = []
  var intermediateValues: [(step: Int64, value: Double)] = []
  var userAttributes: JSON.Object = [:]
  var systemAttributes: JSON.Object = [:]
  /// Microseconds since 1970.
  var started: Int64?
  var finished: Int64?
}

/// The system attributes of a trial that mean something to Attune.
extension OptunaTrial {
  enum Key {
    /// Values of an enqueued trial, by name.
    static let fixedParams = "fixed_params"
    /// The trials that were lost with the same parameters: the first, and all.
    static let failedTrial = "failed_trial"
    static let retryHistory = "retry_history"
    /// Constraint values, of which 0 or less is feasible: what all versions of Optuna read.
    static let constraints = "constraints"
    /// One constraint by name: what Optuna 5 writes.
    static let constraintPrefix = "constraints:"

    /// Constraint values by name.
    static let namedConstraints = "attune:constraints"
    static let origin = "attune:origin"
    static let reason = "attune:reason"
    static let code = "attune:code"
    static let gradient = "attune:gradient"
    /// Several values per step, which Optuna has no place for.
    static let intermediateValues = "attune:intermediate"
    /// Integers that no double holds, and values of another kind than Optuna would take.
    static let exactParams = "attune:params"
  }
}
