public import AttuneCore

/// A plugin's description as JSON, the form in which scanners pass it on.
extension PluginLibrary {
  public var json: JSON.Object {
    [
      "path": .string(path), "id": .string(id), "name": .string(name),
      "version": .string(version), "license": .string(license), "abi": .string(abi),
      "objectives": .array(objectives.map { .object($0.json) }),
    ]
  }
}

extension PluginDescriptor {
  public var json: JSON.Object {
    var object: JSON.Object = [
      "id": .string(id), "name": .string(name), "version": .string(version),
      "description": .string(summary), "n_values": .int(Int64(valueCount)),
      "directions": .array(directions.map { .string($0.name) }),
      "capabilities": .array(capabilities.names.map { .string($0) }),
      "space": space.jsonValue,
    ]
    if capabilities.contains(.cancel) { object["max_poll_ms"] = .int(Int64(maximumPoll)) }
    if let configSchemaJSON {
      // A schema that is no JSON is still worth showing.
      let schema = try? JSON(parsing: configSchemaJSON)
      object["config_schema"] = schema ?? .string(configSchemaJSON)
    }
    return object
  }
}
