import AttuneCore

extension ObjectiveDescription {
  /// The description as `attune_objective_describe` gives it; null where an objective says nothing.
  var json: String {
    let json: JSON = [
      "kind": .string(kind),
      "id": .string(id),
      "name": .string(name),
      "version": .string(version),
      "description": .string(summary),
      "path": .string(path),
      "space": Self.parsed(spaceJSON),
      "config_schema": Self.parsed(configSchemaJSON),
      "directions": directions.map { .array($0.map { .string($0.name) }) } ?? .null,
      "capabilities": .array(capabilities.names.map(JSON.string)),
    ]
    return json.text(.spaced)
  }

  /// JSON text as JSON; text that is none stays a string, so that it can be seen.
  private static func parsed(_ text: String?) -> JSON {
    guard let text else { return .null }
    do { return try JSON(parsing: text) } catch { return .string(text) }
  }
}
