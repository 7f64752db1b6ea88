/// What a space's constraints allow.
extension Space {
  /// What a linear constraint forgives for each of its terms, as a share of the largest size that terms and
  /// bounds have: what rounding them and their sum may come to.
  private static let forgiven = 8 * Double.ulpOfOne

  public var isConstrained: Bool { !resolved.isEmpty }

  /// Whether a point keeps to all constraints. A few ns a term.
  public func allows(_ point: Point) -> Bool { resolved.allSatisfy { holds($0, in: point) } }

  /// The places of the constraints that a point breaks.
  func broken(in point: Point) -> [Int] {
    resolved.indices.filter { !holds(resolved[$0], in: point) }
  }

  /// Fails for a point that breaks a constraint; the error names it, and what was found. `what` is the
  /// point's name in texts.
  public func checkAllowed(_ point: Point, what: String) throws(AttuneError) {
    guard let place = broken(in: point).first else { return }
    let params = JSON(
      params: resolved[place].parameters.sorted().compactMap { index in
        value(index, in: point).map { (parameters[index].name, $0) }
      })
    var found = params.text(.spaced)
    if case .linear(let factors, _, _) = resolved[place].rule {
      found += ", whose sum is \(sum(factors, resolved[place].parameters, point))"
    }
    throw AttuneError(
      .invalidArgument,
      "\(what): found \(found), wanted what constraint \(place) allows: "
        + constraints[place].jsonText, subject: "space.\(SpaceConstraint.key)[\(place)]")
  }

  /// The indexes of a constraint's parameters, in the order of its terms or clauses.
  public func parameters(ofConstraint place: Int) -> [Int] { resolved[place].parameters }

  /// The bounds of a linear constraint with what rounding is forgiven; all numbers for another one.
  public func bounds(ofConstraint place: Int) -> (low: Double, high: Double) {
    guard case .linear(_, let low, let high) = resolved[place].rule else {
      return (-.infinity, .infinity)
    }
    return (low, high)
  }

  private func holds(_ constraint: ResolvedConstraint, in point: Point) -> Bool {
    guard constraint.parameters.allSatisfy({ point.active[$0] }) else { return true }
    switch constraint.rule {
    case .linear(let factors, let low, let high):
      let sum = sum(factors, constraint.parameters, point)
      return low <= sum && sum <= high
    case .forbidden(let gates):
      return !gates.allSatisfy { opens($0, point.slots[$0.parent]) }
    }
  }

  func sum(_ factors: [Double], _ indexes: [Int], _ point: Point) -> Double {
    var sum = 0.0
    for (factor, index) in zip(factors, indexes) {
      sum += factor * parameters[index].distribution.number(ofSlot: point.slots[index])
    }
    return sum
  }
}

// MARK: - Checking

extension Space {
  /// Constraint number `place`, its parameters found and everything about it checked.
  static func resolved(
    _ constraint: SpaceConstraint, _ place: Int, _ parameters: [Parameter],
    _ indexes: [String: Int]
  ) throws(AttuneError) -> ResolvedConstraint {
    switch constraint {
    case .forbidden(let clauses):
      guard !clauses.isEmpty else {
        throw SpaceConstraint.refuse(place, "is empty", "values of one or more parameters")
      }
      let gates = try clauses.map { clause throws(AttuneError) in
        try gate(
          Condition(parent: clause.parameter, clause.test), of: .clause(ofConstraint: place),
          parameters, indexes)
      }
      try checkOnce(clauses.map(\.parameter), place)
      return ResolvedConstraint(parameters: gates.map(\.parent), rule: .forbidden(gates))
    case .linear(let terms, let atLeast, let atMost):
      guard !terms.isEmpty else {
        throw SpaceConstraint.refuse(place, "is empty", "one or more parameters with their factors")
      }
      try checkOnce(terms.map(\.parameter), place)
      var found: [Int] = []
      for term in terms {
        found.append(try numeric(term, place, parameters, indexes))
      }
      let (low, high) = try bounds(atLeast, atMost, place)
      let ranges = zip(terms, found).map { term, index in
        parameters[index].distribution.numbers.map { term.factor * $0 }
      }
      let size = ranges.reduce(max(atLeast?.magnitude ?? 0, atMost?.magnitude ?? 0)) {
        $0 + ($1.map(\.magnitude).max() ?? 0)
      }
      guard size.isFinite else {
        throw SpaceConstraint.refuse(
          place, "has terms whose sum a double cannot hold", "smaller factors or ranges")
      }
      let least = ranges.reduce(0) { $0 + ($1.min() ?? 0) }
      let most = ranges.reduce(0) { $0 + ($1.max() ?? 0) }
      let slack = forgiven * Double(terms.count + 1) * size
      let isCertain = found.allSatisfy { parameters[$0].conditions.isEmpty }
      if isCertain, most < low - slack || least > high + slack {
        throw SpaceConstraint.refuse(
          place, "is \(constraint.jsonText), whose sum is always \(least) to \(most)",
          "bounds that a point can keep to")
      }
      return ResolvedConstraint(
        parameters: found,
        rule: .linear(factors: terms.map(\.factor), low: low - slack, high: high + slack))
    }
  }

  private static func numeric(
    _ term: SpaceConstraint.Term, _ place: Int, _ parameters: [Parameter],
    _ indexes: [String: Int]
  ) throws(AttuneError) -> Int {
    guard let index = indexes[term.parameter] else {
      let near = suggestion(for: term.parameter, among: parameters.map(\.name))
      throw SpaceConstraint.refuse(
        place, "is on unknown parameter \"\(term.parameter)\"", "a parameter of the space\(near)")
    }
    guard term.factor.isFinite, term.factor != 0 else {
      throw SpaceConstraint.refuse(
        place, "has factor \(term.factor) for \"\(term.parameter)\"",
        "a finite number other than 0")
    }
    guard !parameters[index].distribution.numbers.isEmpty else {
      throw SpaceConstraint.refuse(
        place,
        "is linear in \"\(term.parameter)\", which is \(parameters[index].distribution.kindName)",
        "float, int or fixed numbers")
    }
    return index
  }

  private static func bounds(
    _ atLeast: Double?, _ atMost: Double?, _ place: Int
  ) throws(AttuneError) -> (low: Double, high: Double) {
    for (key, bound) in [("at_least", atLeast), ("at_most", atMost)] {
      if let bound, !bound.isFinite {
        throw SpaceConstraint.refuse(place, "has \(key) \(bound)", "a finite number")
      }
    }
    guard atLeast != nil || atMost != nil else {
      throw SpaceConstraint.refuse(place, "is linear without bound", "at_most, at_least or both")
    }
    if let atLeast, let atMost, atLeast > atMost {
      throw SpaceConstraint.refuse(
        place, "has at_least \(atLeast) above at_most \(atMost)", "at_least no larger")
    }
    return (atLeast ?? -.infinity, atMost ?? .infinity)
  }

  private static func checkOnce(_ names: [String], _ place: Int) throws(AttuneError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw SpaceConstraint.refuse(place, "has \"\(name)\" twice", "each parameter once")
    }
  }
}

extension Distribution {
  /// The least and the largest number of a numeric parameter; empty for others.
  fileprivate var numbers: [Double] {
    switch self {
    case .float(let float): [float.low, float.high]
    case .int(let int): [Double(int.low), Double(int.high)]
    case .fixed(let value): value.kind == .bool ? [] : value.number.map { [$0] } ?? []
    case .categorical: []
    }
  }
}

extension SpaceConstraint {
  /// The constraint with the nearest values that stepped floats have in place of those listed.
  func withOwnValues(
    _ parameters: [Parameter], _ indexes: [String: Int]
  ) -> SpaceConstraint {
    guard case .forbidden(let clauses) = self else { return self }
    return .forbidden(
      clauses.map {
        Clause($0.parameter, $0.test.withValues(of: $0.parameter, parameters, indexes))
      })
  }
}
