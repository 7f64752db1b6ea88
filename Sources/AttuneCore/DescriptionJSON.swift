extension StrategyDescription {
  /// What `attune_strategy_describe` gives: name, summary, abilities and options as a JSON object.
  public var json: String {
    JSON.object([
      "name": .string(name), "summary": .string(summary),
      "multi_objective": .bool(supportsSeveralObjectives),
      "conditional": .bool(supportsConditions), "define_by_run": .bool(supportsDefineByRun),
      "options": .array(options.map(\.json)),
    ]).text()
  }
}

extension PrunerDescription {
  /// What `attune_pruner_describe` gives: name, summary, ability and options as a JSON object.
  public var json: String {
    JSON.object([
      "name": .string(name), "summary": .string(summary),
      "multi_objective": .bool(supportsSeveralObjectives), "options": .array(options.map(\.json)),
    ]).text()
  }
}

extension StopRuleDescription {
  /// What `attune_stop_rule_describe` gives: name, summary, abilities and options as a JSON object.
  public var json: String {
    JSON.object([
      "name": .string(name), "summary": .string(summary), "needs_space": .bool(needsSpace),
      "ends_every_run": .bool(endsEveryRun), "options": .array(options.map(\.json)),
    ]).text()
  }
}

extension OptionDescription {
  /// One entry of "options".
  fileprivate var json: JSON {
    let preset: JSON =
      switch standard {
      case .null: .null
      case .bool(let value): .bool(value)
      case .int(let value): .int(value)
      case .float(let value): .float(value)
      case .string(let value): .string(value)
      }
    return [
      "key": .string(key), "type": .string(typeName), "default": preset, "range": .string(range),
      "summary": .string(summary),
    ]
  }
}
