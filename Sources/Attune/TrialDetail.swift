import AttuneCore

/// What only some trials have, beside the columns of the history.
struct TrialDetail: Sendable {
  var reports = Reports()
  /// Facts as JSON text, in the order they were first set.
  var attributes: [(key: String, json: String)] = []
  /// Value of 0 or less is feasible.
  var constraints: [(name: String, value: Double)] = []
  /// Row-major, values x parameters; empty when none came.
  var gradient: [Double] = []
  var failure: Failure?
  /// What it was enqueued with.
  var given: [(name: String, value: Value)]?
  /// The trials that were lost with the same parameters before, the first one first.
  var retries: [Int] = []
  /// Parameters of another program's trial that are no point of this study's space.
  var unfitting: [(name: String, value: Value)]?
  /// Why a pruner gave the trial up, while it runs.
  var pruningReason: String?
  /// What a define-by-run objective has asked for: parameter index to slot, in that order.
  var suggested: [(index: Int, slot: UInt64)] = []
  /// The same as it asked for them, in a deterministic study.
  var parameters: [Parameter] = []

  /// The sum of the positive constraint values; infinite when one is not-a-number.
  var violation: Double {
    constraints.reduce(0) { $0 + ($1.value.isNaN ? .infinity : max($1.value, 0)) }
  }

  var isFeasible: Bool { violation == 0 }

  /// Sets a fact, in its old place if it has one.
  mutating func set(_ key: String, _ json: String) { attributes.set(key, json) }

  mutating func setConstraint(_ name: String, _ value: Double) {
    if let index = constraints.firstIndex(where: { $0.name == name }) {
      constraints[index].value = value
    } else {
      constraints.append((name, value))
    }
  }
}

extension [(key: String, json: String)] {
  mutating func set(_ key: String, _ json: String) {
    if let index = firstIndex(where: { $0.key == key }) {
      self[index].json = json
    } else {
      append((key, json))
    }
  }
}
