import AttuneCore

/// What one strategy reached on one instance.
struct QualityResult: Sendable, Equatable {
  var strategy: String
  let problem: String
  let group: String
  let seed: Int
  /// Per checkpoint; `nil` where random search finds the optimum too.
  let regrets: [Double?]
  /// The true value of the best observed point at the last checkpoint.
  let value: Double
  let optimum: Double
  /// Processor time of ask and tell, microseconds a trial.
  let microseconds: Double

  var isBelowOptimum: Bool { value < optimum - 1e-9 * max(1, optimum.magnitude) }

  func json(_ checkpoints: [Int]) -> JSON {
    var regret = JSON.Object()
    for (count, found) in zip(checkpoints, regrets) {
      _ = regret.append("\(count)", found.map { .float($0) } ?? .null)
    }
    return [
      "strategy": .string(strategy), "problem": .string(problem), "group": .string(group),
      "seed": .int(Int64(seed)), "regret": .object(regret), "value": .float(value),
      "optimum": .float(optimum), "us": .float(microseconds),
    ]
  }
}

extension QualityResult {
  /// Reads a line of `json`; the error names what is missing. Its checkpoints must be these.
  init(_ json: JSON, checkpoints: [Int]) throws {
    func wanted(_ what: String) -> AttuneError {
      AttuneError(.invalidArgument, "wanted \(what) in \(json.text(.spaced))")
    }
    guard let strategy = json["strategy"]?.stringValue, let problem = json["problem"]?.stringValue,
      let group = json["group"]?.stringValue, let seed = json["seed"]?.int64Value
    else { throw wanted("strategy, problem, group and seed") }
    guard let value = json["value"]?.doubleValue, let optimum = json["optimum"]?.doubleValue,
      let microseconds = json["us"]?.doubleValue
    else { throw wanted("value, optimum and us") }
    self.init(
      strategy: strategy, problem: problem, group: group, seed: Int(clamping: seed),
      regrets: try checkpoints.map { count in
        guard let regret = json["regret"]?["\(count)"] else { throw wanted("regret at \(count)") }
        return regret.doubleValue
      }, value: value, optimum: optimum, microseconds: microseconds)
  }
}
