import AttuneCore

extension Study {
  /// Fails for values that are none of the space, or that its constraints forbid, whole or completed.
  func checkAllowed(_ values: [(name: String, value: Value)]) throws(AttuneError) {
    let space = space
    let given = try PartialPoint(values, in: space)
    guard space.isConstrained else { return }
    if let whole = space.point(given: given) {
      return try space.checkAllowed(whole, what: "params")
    }
    guard space.allowedPoint(given: given) == nil else { return }
    // A point that has the values, to name what it breaks.
    let point = space.point { index in
      given.slots[index] ?? space.parameters[index].distribution.slot(atUnit: 0.5)
    }
    try space.checkAllowed(
      point, what: "params that no allowed values of the others were found for")
  }
}
