/// A configuration: one slot per parameter of its space, and which of them are active.
///
/// Slots of inactive parameters are 0, so that equal configurations are equal points.
public struct Point: Hashable, Sendable {
  public internal(set) var slots: [UInt64]
  public internal(set) var active: ActiveSet

  public init(slots: [UInt64], active: ActiveSet) {
    self.slots = slots
    self.active = active
  }

  /// The slot of a parameter, or `nil` while it is inactive.
  public subscript(index: Int) -> UInt64? {
    slots.indices.contains(index) && active[index] ? slots[index] : nil
  }
}

/// Values given for some parameters of a space; the others are still to be chosen.
public struct PartialPoint: Hashable, Sendable {
  /// One entry per parameter of the space; `nil` where nothing is given.
  public let slots: [UInt64?]

  public init(slots: [UInt64?]) { self.slots = slots }

  /// Reads named values; the error names the parameter, the value found and the value wanted.
  public init(_ values: [(name: String, value: Value)], in space: Space) throws(AttuneError) {
    var slots = [UInt64?](repeating: nil, count: space.count)
    for (name, value) in values {
      let index = try space.index(of: name)
      guard slots[index] == nil else {
        throw AttuneError(
          .invalidArgument, "parameter \"\(name)\" is given twice, wanted once",
          subject: "params.\(name)")
      }
      slots[index] = try space.parameters[index].distribution.slot(of: value, name: name)
    }
    self.slots = slots
  }
}

extension Space {
  /// The point that `given` makes, when every parameter that is then active has a value given,
  /// or only one.
  public func point(given: PartialPoint) -> Point? {
    var isWhole = true
    let point = point { index in
      if let slot = given.slots[index] { return slot }
      let distribution = parameters[index].distribution
      if !distribution.isSingle { isWhole = false }
      return distribution.slot(atUnit: 0.5)
    }
    return isWhole ? point : nil
  }
}
