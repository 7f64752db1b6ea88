import AttuneCore
import AttuneStrategies

/// Going on with a study that exists, as it is said to be.
extension Study {
  /// Refuses another space or direction than the study has, with the difference; takes wider ranges.
  func join(_ settings: Settings) throws(AttuneError) {
    if settings.directions != directions {
      let mine = directions.map(\.name).joined(separator: ", ")
      let theirs = settings.directions.map(\.name).joined(separator: ", ")
      throw AttuneError(
        .invalidArgument, "study \"\(name)\": directions are \(theirs), wanted \(mine) as recorded",
        subject: "directions")
    }
    if settings.window != nil || settings.isDeterministic {
      let isSame =
        definition.window != nil
        && (settings.window == nil || settings.window == definition.window)
      guard isSame else {
        throw AttuneError(
          .invalidArgument,
          "study \"\(name)\": window is \(settings.window.map { "\($0)" } ?? "wanted"), wanted "
            + (definition.window.map { "\($0) as recorded" } ?? "none: it is not deterministic"),
          subject: "window")
      }
    }
    guard let wanted = settings.space, !isDefineByRun else { return }
    defer { flushLog() }
    try commit { ledger throws(AttuneError) in
      try widenings(from: ledger.space, to: wanted)
    } events: {
      $0.map(StudyEvent.widened)
    } apply: { ledger, wider throws(AttuneError) in
      for parameter in wider { try ledger.widen(parameter) }
    }
  }

  /// The parameters whose range is wider in `wanted`; an error names the first other difference.
  private func widenings(
    from space: Space, to wanted: Space
  ) throws(AttuneError) -> [Parameter] {
    var wider: [Parameter] = []
    for parameter in wanted.parameters {
      guard let index = space.find(parameter.name) else {
        throw AttuneError(
          .invalidArgument,
          "study \"\(name)\": parameter \"\(parameter.name)\" is not in the recorded space",
          subject: "space.\(parameter.name)")
      }
      let known = space.parameters[index]
      if known == parameter { continue }
      guard isWider(parameter, than: known) else {
        throw AttuneError(
          .invalidArgument,
          "study \"\(name)\": parameter \"\(parameter.name)\" is \(parameter.jsonText), wanted "
            + "\(known.jsonText) as recorded", subject: "space.\(parameter.name)")
      }
      wider.append(parameter)
    }
    for parameter in space.parameters where wanted.find(parameter.name) == nil {
      throw AttuneError(
        .invalidArgument,
        "study \"\(name)\": parameter \"\(parameter.name)\" of the recorded space is missing",
        subject: "space.\(parameter.name)")
    }
    guard space.constraints == wanted.constraints else {
      func text(_ space: Space) -> String {
        space.constraints.isEmpty
          ? "none" : space.constraints.map(\.jsonText).joined(separator: ", ")
      }
      throw AttuneError(
        .invalidArgument,
        "study \"\(name)\": constraints are \(text(wanted)), wanted \(text(space)) as recorded",
        subject: "space.\(SpaceConstraint.key)")
    }
    return wider
  }

  /// Whether all values of `known` are values of `parameter`, so that earlier trials stay points.
  private func isWider(_ parameter: Parameter, than known: Parameter) -> Bool {
    // The points of a space that is walked through once are counted when the study begins.
    guard definition.duplicates != .avoid, parameter.conditions == known.conditions else {
      return false
    }
    // What cannot be joined is another parameter, and the caller says how.
    let joined = try? known.joined(with: parameter)
    return joined?.distribution == parameter.distribution
  }
}
