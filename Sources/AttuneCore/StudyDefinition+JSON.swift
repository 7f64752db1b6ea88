/// A study's definition as JSON, for storages and export.
extension StudyDefinition {
  /// The definition as an object; an export adds the study's facts, and the space that a define-by-run
  /// study has discovered.
  public func json(
    attributes: [(key: String, json: String)] = [], space discovered: Space? = nil
  ) -> JSON {
    var object = JSON.Object()
    object["name"] = .string(name)
    object["directions"] = .array(directions.map { .string($0.name) })
    if let space {
      object["space"] = space.jsonValue
    } else if let discovered, discovered.count > 0 {
      object["discovered"] = discovered.jsonValue
    }
    object["strategy"] = .string(strategy)
    if !strategyOptions.isEmpty {
      object["options"] = JSON(params: strategyOptions.map { ($0.key, $0.value) })
    }
    object["seed"] = JSON(seed)
    if duplicates != .allow { object["duplicates"] = .string(duplicates.rawValue) }
    if let window { object["window"] = .int(Int64(window)) }
    object["created"] = .string(Timestamp.text(created))
    if !attributes.isEmpty {
      var facts = JSON.Object()
      // Attributes were checked when they were set; one damaged since is kept as text.
      for (key, json) in attributes { facts[key] = (try? JSON(parsing: json)) ?? .string(json) }
      object["attributes"] = .object(facts)
    }
    return .object(object)
  }

  public init(json object: JSON.Object) throws(AttuneError) {
    func refuse(_ key: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .storage, "study: \(key) is \(object[key]?.text() ?? "missing"), wanted \(wanted)",
        subject: "study.\(key)")
    }
    guard let name = object["name"]?.stringValue else { throw refuse("name", "a string") }
    guard let words = object["directions"]?.arrayValue, !words.isEmpty else {
      throw refuse("directions", "an array of minimize and maximize")
    }
    var directions: [Direction] = []
    for word in words {
      guard let direction = word.stringValue.flatMap(Direction.init(name:)) else {
        throw refuse("directions", "an array of minimize and maximize")
      }
      directions.append(direction)
    }
    guard let strategy = object["strategy"]?.stringValue else {
      throw refuse("strategy", "a string")
    }
    guard let seed = object["seed"]?.uint64Value else {
      throw refuse("seed", "a whole number of 0 or more")
    }
    var space: Space?
    if let json = object["space"], !json.isNull {
      guard let members = json.objectValue else { throw refuse("space", "an object") }
      space = try Space(json: members)
    }
    var options: [(key: String, value: Value)] = []
    if let json = object["options"], !json.isNull {
      guard let members = json.objectValue else { throw refuse("options", "an object") }
      options = try JSON.values(of: members, what: "options").map { ($0.name, $0.value) }
    }
    var duplicates = DuplicatePolicy.allow
    if let json = object["duplicates"] {
      guard let policy = json.stringValue.flatMap(DuplicatePolicy.init(rawValue:)) else {
        throw refuse("duplicates", "allow, avoid or reuse")
      }
      duplicates = policy
    }
    var window: Int?
    if let json = object["window"], !json.isNull {
      guard let count = json.int64Value.flatMap({ Int(exactly: $0) }), count >= 1 else {
        throw refuse("window", "a whole number of 1 or more")
      }
      window = count
    }
    let created = object["created"]?.stringValue.flatMap(Timestamp.microseconds)
    self.init(
      name: name, space: space, directions: directions, strategy: strategy,
      strategyOptions: options, seed: seed, duplicates: duplicates, window: window,
      created: created ?? currentMicroseconds())
  }
}
