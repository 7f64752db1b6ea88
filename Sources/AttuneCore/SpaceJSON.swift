/// Spaces as JSON text, the form that plugins, C, the command line and storage share.
///
/// An object, name to parameter, in order: `{"lr": {"type": "float", "low": 1e-5, "high": 0.1,
/// "log": true}, "degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly"]}}}`.
/// The types are float, int, categorical (`choices`, `ordered`) and fixed (`value`). `when` maps a
/// parent to a list of its values or to `{"low", "high"}`; several parents are and-ed. The type cell
/// stands for several parameters (`CellEncoding`). `$constraints` holds what parameters must keep to
/// together (`SpaceConstraint`).
extension Space {
  /// Reads a space; errors name the parameter, the value found and the value wanted.
  public convenience init(json text: String) throws(AttuneError) {
    try self.init(json: JSON.object(parsing: text, what: "space"))
  }

  /// Reads a space from an object.
  public convenience init(json object: JSON.Object) throws(AttuneError) {
    var parameters: [Parameter] = []
    var constraints: [SpaceConstraint] = []
    for (name, json) in object {
      if name == SpaceConstraint.key {
        constraints = try SpaceConstraint.list(json)
        continue
      }
      guard let members = json.objectValue else {
        throw AttuneError(
          .invalidArgument,
          "parameter \"\(name)\": found \(json.shown), wanted an object such as "
            + "{\"type\": \"float\", \"low\": 0, \"high\": 1}", subject: "space.\(name)")
      }
      let reader = ParameterReader(name: name, members: members)
      if let cell = try reader.cell() {
        parameters += try cell.parameters()
      } else {
        parameters.append(try reader.parameter())
      }
    }
    try self.init(parameters, constraints: constraints)
  }

  /// The space as compact JSON that `init(json:)` reads back to an equal space.
  public var json: String { jsonValue.text(.spaced) }

  public var jsonValue: JSON {
    var object = JSON.Object()
    for parameter in parameters { object[parameter.name] = .object(parameter.jsonObject) }
    if !constraints.isEmpty {
      object[SpaceConstraint.key] = .array(constraints.map(\.jsonValue))
    }
    return .object(object)
  }
}

extension Parameter {
  /// Reads one parameter from its JSON object.
  public init(_ name: String, json: JSON.Object) throws(AttuneError) {
    self = try ParameterReader(name: name, members: json).parameter()
  }

  /// The parameter as compact JSON, for error texts and stores.
  public var jsonText: String { JSON.object(jsonObject).text(.spaced) }

  public var jsonObject: JSON.Object {
    var object = JSON.Object()
    object["type"] = .string(distribution.kindName)
    switch distribution {
    case .float(let float):
      object["low"] = .float(float.low)
      object["high"] = .float(float.high)
      if let step = float.step { object["step"] = .float(step) }
      if float.log { object["log"] = true }
    case .int(let int):
      object["low"] = .int(int.low)
      object["high"] = .int(int.high)
      if int.step != 1 { object["step"] = .int(int.step) }
      if int.log { object["log"] = true }
    case .categorical(let categorical):
      object["choices"] = .array(categorical.choices.map(\.json))
      if categorical.ordered { object["ordered"] = true }
    case .fixed(let value):
      object["value"] = value.json
    }
    if !conditions.isEmpty { object["when"] = .object(whenObject) }
    return object
  }

  private var whenObject: JSON.Object {
    var when = JSON.Object()
    for condition in conditions { when[condition.parent] = condition.test.json }
    return when
  }
}

/// One parameter's object being read.
struct ParameterReader {
  let name: String
  let members: JSON.Object
  /// What errors call the thing that is read, and its path.
  private let owner: String
  private let path: String

  init(name: String, members: JSON.Object) {
    self.init(name: name, members: members, owner: "parameter \"\(name)\"", path: "space.\(name)")
  }

  init(name: String = "", members: JSON.Object, owner: String, path: String) {
    (self.name, self.members, self.owner, self.path) = (name, members, owner, path)
  }

  func parameter() throws(AttuneError) -> Parameter {
    let type = try string("type")
    let distribution: Distribution
    switch type {
    case "float":
      try allow("low", "high", "step", "log")
      let step = try optional("step", number)
      distribution = .float(
        try FloatDistribution(
          low: try required("low", number), high: try required("high", number),
          step: step, log: try optional("log", bool) ?? false, name: name))
    case "int":
      try allow("low", "high", "step", "log")
      distribution = .int(
        try IntDistribution(
          low: try required("low", integer), high: try required("high", integer),
          step: try optional("step", integer) ?? 1, log: try optional("log", bool) ?? false,
          name: name))
    case "categorical":
      try allow("choices", "ordered")
      distribution = .categorical(
        try CategoricalDistribution(
          choices: try required("choices", scalars),
          ordered: try optional("ordered", bool) ?? false, name: name))
    case "fixed":
      try allow("value")
      distribution = .fixed(try fixedValue(try required("value") { $1 }))
    default:
      let known = ["float", "int", "categorical", "fixed", "cell"]
      throw refuse(
        "type", "\"\(type)\"",
        "one of \(known.joined(separator: ", "))\(suggestion(for: type, among: known))")
    }
    return Parameter(name, distribution, when: try conditions())
  }

  /// The cell that the members describe; `nil` for a parameter.
  func cell() throws(AttuneError) -> CellEncoding? {
    guard members["type"]?.stringValue == "cell" else { return nil }
    try allow("nodes", "operations", "choose", "inputs")
    return CellEncoding(
      name: name, nodeCount: try required("nodes", integer),
      operations: try required("operations", scalars),
      choose: try optional("choose", integer) ?? 1, inputCount: try optional("inputs", integer),
      conditions: try conditions())
  }

  private func conditions() throws(AttuneError) -> [Condition] {
    guard let json = members["when"] else { return [] }
    guard let when = json.objectValue else {
      throw refuse("when", json.shown, "an object, parent to values")
    }
    var conditions: [Condition] = []
    for (parent, json) in when {
      conditions.append(Condition(parent: parent, try test("when.\(parent)", json)))
    }
    return conditions
  }

  /// What a value must be: one of a list, that value, or within `{"low", "high"}`.
  func test(_ key: String, _ json: JSON) throws(AttuneError) -> Condition.Test {
    if json.arrayValue != nil { return .choices(try scalars(key, json)) }
    guard let range = json.objectValue else {
      // A bare value is a list of one.
      return .choices(try scalars(key, .array([json])))
    }
    let inner = ParameterReader(name: name, members: range, owner: owner, path: path)
    try inner.allowOnly(["low", "high"], what: "\(owner): the range of \(key)")
    return .range(
      low: try inner.bound("low", of: key) ?? -.infinity,
      high: try inner.bound("high", of: key) ?? .infinity)
  }

  private func allow(_ keys: String...) throws(AttuneError) {
    try allowOnly(["type"] + keys + ["when"], what: owner)
  }

  func allowOnly(_ keys: [String], what: String) throws(AttuneError) {
    for (key, _) in members where !keys.contains(key) {
      throw AttuneError(
        .invalidArgument,
        "\(what): unknown key \"\(key)\"\(suggestion(for: key, among: keys)), wanted "
          + keys.joined(separator: ", "),
        subject: "\(path).\(key)")
    }
  }

  private func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
    AttuneError(
      .invalidArgument, "\(owner): \(key) is \(found), wanted \(wanted)",
      subject: "\(path).\(key)")
  }

  private func required<T>(
    _ key: String, _ read: (String, JSON) throws(AttuneError) -> T
  ) throws(AttuneError) -> T {
    guard let json = members[key] else { throw refuse(key, "missing", "a value") }
    return try read(key, json)
  }

  private func optional<T>(
    _ key: String, _ read: (String, JSON) throws(AttuneError) -> T
  ) throws(AttuneError) -> T? {
    guard let json = members[key], !json.isNull else { return nil }
    return try read(key, json)
  }

  private func string(_ key: String) throws(AttuneError) -> String {
    guard let json = members[key] else {
      throw refuse(key, "missing", "float, int, categorical or fixed")
    }
    guard let text = json.stringValue else { throw refuse(key, json.shown, "a string") }
    return text
  }

  private func number(_ key: String, _ json: JSON) throws(AttuneError) -> Double {
    guard let number = json.doubleValue else { throw refuse(key, json.shown, "a number") }
    return number
  }

  /// An end of the range that `test` reads under a key; `nil` for an open one.
  private func bound(_ key: String, of test: String) throws(AttuneError) -> Double? {
    guard let json = members[key], !json.isNull else { return nil }
    let path = "\(test).\(key)"
    let number = try number(path, json)
    guard !number.isNaN else { throw refuse(path, "nan", "a number") }
    return number
  }

  private func integer(_ key: String, _ json: JSON) throws(AttuneError) -> Int64 {
    guard let integer = json.int64Value else {
      throw refuse(key, json.shown, "a whole number of -2^63 to 2^63 - 1")
    }
    return integer
  }

  private func bool(_ key: String, _ json: JSON) throws(AttuneError) -> Bool {
    guard let bool = json.boolValue else { throw refuse(key, json.shown, "true or false") }
    return bool
  }

  private func fixedValue(_ json: JSON) throws(AttuneError) -> Value {
    guard let value = Value(json) else {
      throw refuse("value", json.shown, "null, a bool, a number or a string")
    }
    if case .float(let number) = value, !number.isFinite {
      throw refuse("value", "\(number)", "a finite number")
    }
    return value
  }

  private func scalars(_ key: String, _ json: JSON) throws(AttuneError) -> [Value] {
    guard let array = json.arrayValue else { throw refuse(key, json.shown, "an array") }
    var values: [Value] = []
    for element in array {
      guard let value = Value(element) else {
        throw refuse(key, "a list with \(element.shown)", "null, bools, numbers and strings")
      }
      values.append(value)
    }
    return values
  }
}
