extension JSON {
  /// The value as error texts show it: its JSON text, cut after 60 characters.
  public var shown: String {
    let text = text(.spaced)
    return text.count <= 60 ? text : text.prefix(57) + "..."
  }
}

/// Values as JSON scalars.
extension Value {
  /// The scalar of a JSON value; `nil` for arrays, objects and whole numbers beyond Int64.
  public init?(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .uint, .array, .object: return nil
    }
  }

  public var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .string(let value): .string(value)
    }
  }
}

extension JSON {
  /// Named values as an object.
  public init(params: [(name: String, value: AttuneCore.Value)]) {
    var object = Object()
    for (name, value) in params { object[name] = value.json }
    self = .object(object)
  }
}

extension AttuneError {
  /// A text that is no JSON; `what` names it.
  public init(_ error: JSONError, in what: String) {
    self.init(.invalidArgument, "\(what): \(error.description)", subject: what)
  }
}

extension JSON {
  /// Reads the members of a JSON object; `what` names the text in errors.
  public static func object(parsing text: String, what: String) throws(AttuneError) -> Object {
    let json: JSON
    do { json = try JSON(parsing: text) } catch { throw AttuneError(error, in: what) }
    guard let object = json.objectValue else {
      throw AttuneError(
        .invalidArgument, "\(what): found \(json.shown), wanted an object", subject: what)
    }
    return object
  }

  /// Reads an object of scalars, such as parameters or options.
  public static func values(
    parsing text: String, what: String
  ) throws(AttuneError) -> [(name: String, value: AttuneCore.Value)] {
    try values(of: try object(parsing: text, what: what), what: what)
  }

  /// The members of an object as scalars.
  public static func values(
    of object: Object, what: String
  ) throws(AttuneError) -> [(name: String, value: AttuneCore.Value)] {
    var values: [(name: String, value: AttuneCore.Value)] = []
    for (name, json) in object {
      guard let value = AttuneCore.Value(json) else {
        throw AttuneError(
          .invalidArgument,
          "\(what): \"\(name)\" is \(json.shown), wanted null, a bool, a number or a string",
          subject: "\(what).\(name)")
      }
      values.append((name, value))
    }
    return values
  }
}
