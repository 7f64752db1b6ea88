import AttuneCore

/// What is proposed for a define-by-run trial: values that were enqueued, and those its strategy chose for
/// the parameters known when it was asked.
struct Proposal: Sendable {
  let space: Space
  let point: Point
  let given: [(name: String, value: Value)]

  /// The slot of a parameter that the objective asks for; `nil` where nothing that fits is proposed. An
  /// error for a value that was enqueued and does not fit.
  func slot(of parameter: Parameter) throws(AttuneError) -> UInt64? {
    if let value = given.first(where: { $0.name == parameter.name })?.value {
      return try parameter.distribution.slot(of: value, name: parameter.name)
    }
    guard let index = space.find(parameter.name), let slot = point[index] else { return nil }
    let value = space.parameters[index].distribution.value(ofSlot: slot)
    // A proposal that misses a range narrowed for this trial is no mistake: another is drawn.
    return try? parameter.distribution.slot(of: value, name: parameter.name)
  }
}
