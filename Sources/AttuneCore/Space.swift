import AttuneNumerics

/// Named parameters in declared order, with conditions: everything a trial may be.
///
/// Immutable and checked once; a space that exists is well-formed.
public final class Space: Sendable {
  /// In declared order, which is the order of all columns and of C's indexes.
  public let parameters: [Parameter]
  /// A salt per parameter from its name alone: draws do not depend on the order of parameters.
  public let salts: [UInt64]
  /// Parents before children.
  let order: [Int]
  /// The resolved conditions of each parameter.
  let gates: [[Gate]]
  /// Whether any parameter is conditional.
  public let isConditional: Bool
  /// What parameters must keep to together, in declared order.
  public let constraints: [SpaceConstraint]
  let resolved: [ResolvedConstraint]
  /// A point that constraints allow, the same for equal spaces; `nil` without constraints.
  public let allowedPoint: Point?
  /// The parameters that are floats, by index: at hand without a copy of their distribution, which costs as
  /// much as what is done with it.
  private let floats: [FloatDistribution?]
  /// Whether they are all the parameters there are.
  private let isAllFloats: Bool
  /// A zero for each parameter: what slots are copied from, as a new array has its type searched for.
  @usableFromInline let zeros: [UInt64]
  private let indexes: [String: Int]

  /// A condition with its parent's index, and its test in slots.
  struct Gate: Sendable {
    enum Test: Sendable {
      case levels([Bool])
      case values([Value])
      case range(low: Double, high: Double)
    }
    let parent: Int
    let test: Test
  }

  /// The space without parameters, where define-by-run studies begin.
  public static let empty = Space()

  private init() {
    (parameters, salts, order, gates, indexes, isConditional) = ([], [], [], [], [:], false)
    (constraints, resolved, allowedPoint, floats, zeros) = ([], [], nil, [], [])
    isAllFloats = false
  }

  /// Checks names, parents and conditions; the error names the parameter, what was found and wanted.
  ///
  /// Choices of a stepped float parent become its own values: three steps of 0.1 are not 0.3. Throws as
  /// well for constraints that no point was found to satisfy.
  public convenience init(
    _ parameters: [Parameter], constraints: [SpaceConstraint] = []
  ) throws(AttuneError) {
    let point =
      constraints.isEmpty
      ? nil : try Space(parameters, constraints, allowedPoint: nil).findAllowedPoint()
    try self.init(parameters, constraints, allowedPoint: point)
  }

  private init(
    _ given: [Parameter], _ constraints: [SpaceConstraint], allowedPoint: Point?
  ) throws(AttuneError) {
    let indexes = try Self.indexes(of: given)
    let parameters = given.map { Self.withParentsValues($0, given, indexes) }
    let gates = try parameters.map { parameter throws(AttuneError) in
      try parameter.conditions.map { condition throws(AttuneError) in
        try Self.gate(condition, of: .parent(of: parameter.name), parameters, indexes)
      }
    }
    order = try Self.order(parameters, gates)
    self.parameters = parameters
    self.indexes = indexes
    self.gates = gates
    salts = parameters.map { fnv1a($0.name.utf8) }
    floats = parameters.map(\.distribution.float)
    isAllFloats = floats.allSatisfy { $0 != nil }
    zeros = Array(repeating: 0, count: parameters.count)
    isConditional = gates.contains { !$0.isEmpty }
    let known = constraints.map { $0.withOwnValues(parameters, indexes) }
    var resolved: [ResolvedConstraint] = []
    for (place, constraint) in known.enumerated() {
      resolved.append(try Self.resolved(constraint, place, parameters, indexes))
    }
    self.resolved = resolved
    self.constraints = known
    self.allowedPoint = allowedPoint
  }

  public var count: Int { parameters.count }

  /// The index of a parameter in declared order, or `nil`.
  public func find(_ name: String) -> Int? { indexes[name] }

  /// The index of a parameter; the error names the nearest known name.
  public func index(of name: String) throws(AttuneError) -> Int {
    if let index = indexes[name] { return index }
    throw AttuneError(
      .notFound,
      "no parameter \"\(name)\" in the space\(suggestion(for: name, among: parameters.map(\.name)))",
      subject: "params.\(name)")
  }

  /// The point whose active parameters have the slots that `choose` gives, parents asked first.
  @inlinable
  public func point(choosing choose: (Int) -> UInt64) -> Point {
    guard !isConditional else { return conditionalPoint(choosing: choose) }
    // All are active, in declared order.
    var slots = zeros
    slots.withUnsafeMutableBufferPointer { slots in
      for index in slots.indices { slots[index] = choose(index) }
    }
    return Point(slots: slots, active: ActiveSet(first: slots.count))
  }

  /// The point of a space without conditions, whose slots `fill` writes.
  func filledPoint(_ fill: (UnsafeMutableBufferPointer<UInt64>) -> Void) -> Point {
    var slots = zeros
    slots.withUnsafeMutableBufferPointer { fill($0) }
    return Point(slots: slots, active: ActiveSet(first: slots.count))
  }

  /// The point of a space with conditions.
  @usableFromInline
  func conditionalPoint(choosing choose: (Int) -> UInt64) -> Point {
    var slots = [UInt64](repeating: 0, count: count)
    var active = ActiveSet()
    for index in order where isActive(index, slots, active) {
      active[index] = true
      slots[index] = choose(index)
    }
    return Point(slots: slots, active: active)
  }

  /// Whether a parameter is active given the slots of its parents.
  func isActive(_ index: Int, _ slots: [UInt64], _ active: ActiveSet) -> Bool {
    for gate in gates[index] where !active[gate.parent] || !opens(gate, slots[gate.parent]) {
      return false
    }
    return true
  }

  func opens(_ gate: Gate, _ slot: UInt64) -> Bool {
    switch gate.test {
    case .levels(let open):
      return slot < UInt64(open.count) && open[Int(slot)]
    case .values(let values):
      let value = parameters[gate.parent].distribution.value(ofSlot: slot)
      return values.contains { $0.matches(value) }
    case .range(let low, let high):
      let number = parameters[gate.parent].distribution.number(ofSlot: slot)
      return low <= number && number <= high
    }
  }

  /// Writes the parameters of a point as numbers in declared order, inactive ones as NaN; at most as many
  /// as `buffer` holds.
  public func numbers(of point: Point, into buffer: UnsafeMutableBufferPointer<Double>) {
    point.slots.withUnsafeBufferPointer { slots in
      if isAllFloats, slots.count <= 64, point.active.low == ActiveSet(first: slots.count).low,
        let from = slots.baseAddress, let to = buffer.baseAddress
      {
        // Their slots are their bits.
        let count = min(slots.count, floats.count, buffer.count)
        UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: 8 * count)
        for index in count..<max(min(floats.count, buffer.count), count) { buffer[index] = .nan }
        return
      }
      floats.withUnsafeBufferPointer { floats in
        for index in 0..<min(floats.count, buffer.count) {
          guard index < slots.count, point.active[index] else {
            buffer[index] = .nan
            continue
          }
          buffer[index] =
            floats[index] == nil
            ? parameters[index].distribution.number(ofSlot: slots[index])
            : Double(bitPattern: slots[index])
        }
      }
    }
  }

  /// The slot that 64 random bits choose for a parameter.
  public func slot(_ index: Int, atRandom bits: UInt64) -> UInt64 {
    floats.withUnsafeBufferPointer { floats in
      if let float = floats[index] { return float.value(atRandom: bits).bitPattern }
      return parameters[index].distribution.slot(atRandom: bits)
    }
  }

  /// The value of a parameter in a point, or `nil` while it is inactive.
  public func value(_ index: Int, in point: Point) -> Value? {
    point[index].map { parameters[index].distribution.value(ofSlot: $0) }
  }

  /// The active parameters of a point by name, in declared order.
  public func params(of point: Point) -> [(name: String, value: Value)] {
    var params: [(name: String, value: Value)] = []
    params.reserveCapacity(count)
    for index in 0..<count {
      if let value = value(index, in: point) { params.append((parameters[index].name, value)) }
    }
    return params
  }

  /// This space with one more parameter, for define-by-run.
  public func adding(_ parameter: Parameter) throws(AttuneError) -> Space {
    try Space(parameters + [parameter], constraints: constraints)
  }

  /// This space with another distribution for one parameter.
  public func replacing(_ index: Int, with parameter: Parameter) throws(AttuneError) -> Space {
    var parameters = self.parameters
    parameters[index] = parameter
    return try Space(parameters, constraints: constraints)
  }
}

extension Space: Equatable {
  public static func == (a: Space, b: Space) -> Bool {
    a.parameters == b.parameters && a.constraints == b.constraints
  }
}
