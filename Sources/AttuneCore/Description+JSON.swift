/// What strategies and pruners say of themselves, as JSON for C, the command line and tools.
extension StrategyDescription {
  /// `{"name", "summary", "multi_objective", "conditional", "define_by_run", "options": [...]}`.
  public var json: String {
    let json: JSON = [
      "name": .string(name),
      "summary": .string(summary),
      "multi_objective": .bool(supportsSeveralObjectives),
      "conditional": .bool(supportsConditions),
      "define_by_run": .bool(supportsDefineByRun),
      "options": .array(options.map(\.json)),
    ]
    return json.text(.spaced)
  }
}

extension PrunerDescription {
  /// `{"name", "summary", "multi_objective", "options": [...]}`.
  public var json: String {
    let json: JSON = [
      "name": .string(name),
      "summary": .string(summary),
      "multi_objective": .bool(supportsSeveralObjectives),
      "options": .array(options.map(\.json)),
    ]
    return json.text(.spaced)
  }
}

extension OptionDescription {
  /// `{"key", "type", "default", "range", "summary"}`; the default is null where nothing holds.
  public var json: JSON {
    [
      "key": .string(key),
      "type": .string(typeName),
      "default": standard.json,
      "range": .string(range),
      "summary": .string(summary),
    ]
  }
}
