/// Constraints as space JSON has them, under the key `$constraints`.
///
/// An array of `{"linear": {"x": 1, "y": 2}, "at_most": 10}`, with `at_least` beside or instead, and of
/// `{"forbidden": {"kernel": "linear", "degree": [3, 4], "c": {"low": 10}}}`, whose tests are written as
/// those of `when`.
extension SpaceConstraint {
  /// The key in space JSON: no parameter's name begins with $.
  public static let key = "$constraints"

  /// Reads the constraints of a space; errors name the constraint by its place.
  static func list(_ json: JSON) throws(AttuneError) -> [SpaceConstraint] {
    if json.isNull { return [] }
    guard let elements = json.arrayValue else {
      throw AttuneError(
        .invalidArgument, "space: \"\(key)\" is \(json.shown), wanted an array of constraints",
        subject: "space.\(key)")
    }
    var constraints: [SpaceConstraint] = []
    for (place, element) in elements.enumerated() {
      constraints.append(try SpaceConstraint(element, place))
    }
    return constraints
  }

  private init(_ json: JSON, _ place: Int) throws(AttuneError) {
    let wanted =
      "{\"linear\": {\"x\": 1, \"y\": 2}, \"at_most\": 10} or {\"forbidden\": {\"x\": [1], \"y\": [2]}}"
    guard let members = json.objectValue else {
      throw Self.refuse(place, "is \(json.shown)", "an object such as \(wanted)")
    }
    let isLinear = members["linear"] != nil
    guard isLinear != (members["forbidden"] != nil) else {
      throw Self.refuse(
        place, "is " + (isLinear ? "both linear and forbidden" : json.text(.spaced)),
        "one of \(wanted)")
    }
    let known = isLinear ? ["linear", "at_least", "at_most"] : ["forbidden"]
    for (key, _) in members where !known.contains(key) {
      throw Self.refuse(
        place, "has unknown key \"\(key)\"\(suggestion(for: key, among: known))",
        known.joined(separator: ", "))
    }
    let name = known[0]
    guard let object = members[name]?.objectValue else {
      throw Self.refuse(
        place, "has \(name) \(members[name]?.shown ?? "missing")",
        isLinear ? "an object, parameter to factor" : "an object, parameter to values")
    }
    guard isLinear else {
      let reader = ParameterReader(
        members: object, owner: "constraint \(place)", path: "space.\(Self.key)[\(place)]")
      var clauses: [Clause] = []
      for (parameter, test) in object {
        clauses.append(Clause(parameter, try reader.test("forbidden.\(parameter)", test)))
      }
      self = .forbidden(clauses)
      return
    }
    var terms: [Term] = []
    for (parameter, factor) in object {
      guard let number = factor.doubleValue else {
        throw Self.refuse(
          place, "has factor \(factor.shown) for \"\(parameter)\"", "a finite number other than 0")
      }
      terms.append(Term(parameter, factor: number))
    }
    self = .linear(
      terms, atLeast: try Self.bound("at_least", of: members, place),
      atMost: try Self.bound("at_most", of: members, place))
  }

  private static func bound(
    _ key: String, of members: JSON.Object, _ place: Int
  ) throws(AttuneError) -> Double? {
    guard let json = members[key], !json.isNull else { return nil }
    guard let number = json.doubleValue else {
      throw refuse(place, "has \(key) \(json.shown)", "a number")
    }
    return number
  }

  /// The error for constraint number `place`, counted from 0.
  static func refuse(_ place: Int, _ found: String, _ wanted: String) -> AttuneError {
    AttuneError(
      .invalidArgument, "constraint \(place) \(found), wanted \(wanted)",
      subject: "space.\(key)[\(place)]")
  }

  /// The constraint as compact JSON, for error texts.
  public var jsonText: String { jsonValue.text(.spaced) }

  var jsonValue: JSON {
    var object = JSON.Object()
    var inner = JSON.Object()
    switch self {
    case .linear(let terms, let atLeast, let atMost):
      for term in terms { inner[term.parameter] = .float(term.factor) }
      object["linear"] = .object(inner)
      if let atLeast { object["at_least"] = .float(atLeast) }
      if let atMost { object["at_most"] = .float(atMost) }
    case .forbidden(let clauses):
      for clause in clauses { inner[clause.parameter] = clause.test.json }
      object["forbidden"] = .object(inner)
    }
    return .object(object)
  }
}

extension Condition.Test {
  /// The test as `when` and `forbidden` have it.
  var json: JSON {
    switch self {
    case .choices(let choices): return .array(choices.map(\.json))
    case .range(let low, let high):
      // An open end is left out: JSON has no infinity.
      var range = JSON.Object()
      if low > -.infinity { range["low"] = .float(low) }
      if high < .infinity { range["high"] = .float(high) }
      return .object(range)
    }
  }
}
