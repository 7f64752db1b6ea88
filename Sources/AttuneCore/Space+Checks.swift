/// What makes a list of parameters a space.
extension Space {
  /// Names checked and numbered.
  static func indexes(of parameters: [Parameter]) throws(AttuneError) -> [String: Int] {
    var indexes: [String: Int] = [:]
    for (index, parameter) in parameters.enumerated() {
      let name = parameter.name
      func refuse(_ message: String) -> AttuneError {
        AttuneError(.invalidArgument, message, subject: "space.\(name)")
      }
      guard !name.isEmpty else {
        throw refuse("parameter \(index) has an empty name, wanted at least one character")
      }
      guard !name.utf8.contains(0) else {
        throw refuse("the name of parameter \(index) has a NUL character, wanted text without")
      }
      guard !name.hasPrefix("$") else {
        throw refuse("parameter \"\(name)\": names that begin with $ are reserved, wanted another")
      }
      guard name.utf8.count <= 512 else {
        throw refuse(
          "the name of parameter \(index) has \(name.utf8.count) bytes, wanted at most 512")
      }
      if let first = indexes.updateValue(index, forKey: name) {
        throw refuse(
          "parameter \"\(name)\" stands at \(first) and \(index), wanted different names")
      }
    }
    return indexes
  }

  /// A parameter whose conditions on stepped floats name the nearest values that these have.
  ///
  /// What is no value of its parent stays, for `gate` to refuse.
  static func withParentsValues(
    _ parameter: Parameter, _ parameters: [Parameter], _ indexes: [String: Int]
  ) -> Parameter {
    let conditions = parameter.conditions.map { condition in
      Condition(
        parent: condition.parent,
        condition.test.withValues(of: condition.parent, parameters, indexes))
    }
    return Parameter(parameter.name, parameter.distribution, when: conditions)
  }

  /// Whose test a gate is, for error texts.
  enum GateOwner {
    case parent(of: String)
    case clause(ofConstraint: Int)

    var text: String {
      switch self {
      case .parent(let child): "parameter \"\(child)\""
      case .clause(let place): "constraint \(place)"
      }
    }

    var subject: String {
      switch self {
      case .parent(let child): "space.\(child).when"
      case .clause(let place): "space.\(SpaceConstraint.key)[\(place)]"
      }
    }

    /// What the tested parameter is to the owner.
    var role: String {
      switch self {
      case .parent: "parent"
      case .clause: "parameter"
      }
    }
  }

  /// A condition of a parameter, or a part of a forbidden combination, resolved.
  static func gate(
    _ condition: Condition, of owner: GateOwner, _ parameters: [Parameter],
    _ indexes: [String: Int]
  ) throws(AttuneError) -> Gate {
    func refuse(_ message: String) -> AttuneError {
      AttuneError(.invalidArgument, "\(owner.text): \(message)", subject: owner.subject)
    }
    let role = owner.role
    guard let parent = indexes[condition.parent] else {
      let near = suggestion(for: condition.parent, among: parameters.map(\.name))
      throw refuse(
        "its \(role) \"\(condition.parent)\" is unknown, wanted a parameter of the space\(near)")
    }
    let distribution = parameters[parent].distribution
    switch condition.test {
    case .range(let low, let high):
      switch distribution {
      case .float, .int: break
      // A study that fixes a number keeps the conditions on it.
      case .fixed(let value) where value.number != nil && value.kind != .bool: break
      case .categorical, .fixed:
        throw refuse(
          "\(role) \"\(condition.parent)\" is \(distribution.kindName), wanted a list of choices")
      }
      guard low <= high else {
        throw refuse(
          "the range of \(role) \"\(condition.parent)\" is \(low) to \(high), wanted low at most high"
        )
      }
      return Gate(parent: parent, test: .range(low: low, high: high))
    case .choices(let choices):
      guard !choices.isEmpty else {
        throw refuse(
          "the choices of \(role) \"\(condition.parent)\" are empty, wanted at least one")
      }
      for choice in choices {
        if case .fixed = distribution { continue }  // a narrowed study may fix another value
        do {
          _ = try distribution.slot(of: choice, name: condition.parent)
        } catch {
          throw refuse("its \(role) cannot be \(choice.quoted): \(error.message)")
        }
      }
      guard case .categorical(let categorical) = distribution else {
        return Gate(parent: parent, test: .values(choices))
      }
      let open = categorical.choices.map { choice in choices.contains { $0.matches(choice) } }
      return Gate(parent: parent, test: .levels(open))
    }
  }

  /// Parents before children, otherwise in declared order; a cycle is an error that names it.
  static func order(
    _ parameters: [Parameter], _ gates: [[Gate]]
  ) throws(AttuneError) -> [Int] {
    var children = [[Int]](repeating: [], count: parameters.count)
    var waiting = gates.map(\.count)
    for (child, gates) in gates.enumerated() {
      for gate in gates { children[gate.parent].append(child) }
    }
    var order: [Int] = []
    var ready = parameters.indices.filter { waiting[$0] == 0 }
    order.reserveCapacity(parameters.count)
    while !ready.isEmpty {
      order.append(contentsOf: ready)
      var next: [Int] = []
      for parent in ready {
        for child in children[parent] {
          waiting[child] -= 1
          if waiting[child] == 0 { next.append(child) }
        }
      }
      ready = next.sorted()
    }
    guard order.count == parameters.count else {
      throw cycle(parameters, gates, stuck: waiting)
    }
    return order
  }

  /// The error for a cycle, with its members in order.
  private static func cycle(
    _ parameters: [Parameter], _ gates: [[Gate]], stuck: [Int]
  ) -> AttuneError {
    // Every stuck parameter has a stuck parent: walking up must come round.
    var path: [Int] = []
    var index = stuck.firstIndex { $0 > 0 } ?? 0
    while !path.contains(index) {
      path.append(index)
      index = gates[index].first { stuck[$0.parent] > 0 }?.parent ?? index
    }
    let names = (path.drop { $0 != index } + [index]).map { "\"\(parameters[$0].name)\"" }
    return AttuneError(
      .invalidArgument,
      "conditions run in a circle: \(names.joined(separator: " depends on ")), wanted a tree",
      subject: "space.\(parameters[index].name).when")
  }
}

extension Condition.Test {
  /// The test with the nearest values that a stepped float has in place of those that are listed.
  ///
  /// What is no value of the parameter stays, for `Space.gate` to refuse.
  func withValues(
    of name: String, _ parameters: [Parameter], _ indexes: [String: Int]
  ) -> Condition.Test {
    guard case .choices(let choices) = self, let index = indexes[name],
      case .float(let float) = parameters[index].distribution, float.step != nil
    else { return self }
    let distribution = parameters[index].distribution
    return .choices(
      choices.map { choice in
        // A choice the parameter cannot have stays as it is: `gate` refuses it by name.
        (try? distribution.slot(of: choice, name: "")).map(distribution.value(ofSlot:)) ?? choice
      })
  }
}
