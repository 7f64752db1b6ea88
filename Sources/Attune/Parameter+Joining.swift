import AttuneCore

extension Parameter {
  /// This parameter with its range widened to hold another's of the same name.
  ///
  /// Define-by-run objectives may change a range from trial to trial, as in Optuna; kind, log, step
  /// (with the values it reaches) and choices must stay.
  func joined(with other: Parameter) throws(AttuneError) -> Parameter {
    if distribution == other.distribution { return self }
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .typeMismatch,
        "parameter \"\(name)\": \(key) is \(found), wanted \(wanted) as in earlier trials",
        subject: "params.\(name)")
    }
    switch (distribution, other.distribution) {
    case (.float(let mine), .float(let theirs)):
      guard mine.log == theirs.log else { throw refuse("log", "\(theirs.log)", "\(mine.log)") }
      guard mine.step == theirs.step else {
        throw refuse(
          "step", theirs.step.map { "\($0)" } ?? "none", mine.step.map { "\($0)" } ?? "none")
      }
      if let step = mine.step {
        let distance = (theirs.low - mine.low) / step
        // What rounding of the bounds and the quotient may have moved.
        guard abs(distance - distance.rounded()) <= 1e-9 + 4 * distance.ulp else {
          throw refuse("low", "\(theirs.low)", "\(mine.low) plus a multiple of \(step)")
        }
      }
      return Parameter(
        name,
        .float(
          try FloatDistribution(
            low: min(mine.low, theirs.low), high: max(mine.high, theirs.high), step: mine.step,
            log: mine.log, name: name)))
    case (.int(let mine), .int(let theirs)):
      guard mine.log == theirs.log else { throw refuse("log", "\(theirs.log)", "\(mine.log)") }
      guard mine.step == theirs.step else {
        throw refuse("step", "\(theirs.step)", "\(mine.step)")
      }
      let (below, above) = (min(mine.low, theirs.low), max(mine.low, theirs.low))
      guard UInt64(bitPattern: above &- below) % UInt64(mine.step) == 0 else {
        throw refuse("low", "\(theirs.low)", "\(mine.low) plus a multiple of \(mine.step)")
      }
      return Parameter(
        name,
        .int(
          try IntDistribution(
            low: min(mine.low, theirs.low), high: max(mine.high, theirs.high), step: mine.step,
            log: mine.log, name: name)))
    case (.categorical(let mine), .categorical(let theirs)):
      func list(_ distribution: CategoricalDistribution) -> String {
        distribution.choices.map(\.quoted).joined(separator: ", ")
      }
      guard mine.choices == theirs.choices else {
        throw refuse("choices", list(theirs), list(mine))
      }
      throw refuse("ordered", "\(theirs.ordered)", "\(mine.ordered)")
    default:
      throw refuse("type", other.distribution.kindName, distribution.kindName)
    }
  }
}
