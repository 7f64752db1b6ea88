public import AttuneCore

/// Every stop rule by name: to add one, write its file and its line in `all`.
public enum StopRuleCatalog {
  /// All rules, in the order in which lists show them.
  public static let all: [any StopRule.Type] = [
    NoImprovementRule.self,
    TargetRule.self,
    RegretBoundRule.self,
    ExpectedImprovementRule.self,
  ]

  /// Other names, in lower case, and the rule each means.
  static let aliases: [(alias: String, name: String)] = [
    ("stagnation", "no_improvement"), ("best_value_stagnation", "no_improvement"),
    ("stopval", "target"), ("target_value", "target"), ("regret", "regret_bound"),
    ("terminator", "regret_bound"), ("ei", "expected_improvement"),
  ]

  public static var names: [String] { all.map { $0.description.name } }

  public static var descriptions: [StopRuleDescription] { all.map { $0.description } }

  /// The rule of a name or alias, in which `-` stands for `_`; the error names the nearest and all.
  public static func rule(named name: String) throws(AttuneError) -> any StopRule.Type {
    all[
      try CatalogName.resolve(
        name.replacing(text: "-", with: "_"), among: names, aliases: aliases, kind: "stop rule",
        kinds: "stop rules")]
  }

  /// What the rule of a name or alias says of itself.
  public static func description(named name: String) throws(AttuneError) -> StopRuleDescription {
    try rule(named: name).description
  }

  /// Makes a rule for a study, its options and abilities checked.
  ///
  /// Throws for an unknown name, a wrong option, several objectives, and a space that is discovered by
  /// suggest calls where the rule needs one that is declared.
  public static func make(
    named name: String, space: Space, isDefineByRun: Bool = false, directions: [Direction],
    options: [(key: String, value: Value)] = []
  ) throws(AttuneError) -> any StopRule {
    let type = try rule(named: name)
    let description = type.description
    let checked = try Options(
      options, known: description.options, owner: "stop rule \(description.name)")
    guard directions.count == 1, let direction = directions.first else {
      throw AttuneError(
        .notSupported,
        "stop rule \(description.name) compares one value, and this study has \(directions.count) "
          + "objectives; use n_trials or a timeout", subject: "stop_when")
    }
    guard !isDefineByRun || !description.needsSpace else {
      let others = descriptions.filter { !$0.needsSpace }.map(\.name).joined(separator: ", ")
      throw AttuneError(
        .notSupported,
        "stop rule \(description.name) needs a declared space, and this one is discovered by suggest "
          + "calls; use \(others)", subject: "stop_when")
    }
    return try type.init(space: space, direction: direction, options: checked)
  }
}
