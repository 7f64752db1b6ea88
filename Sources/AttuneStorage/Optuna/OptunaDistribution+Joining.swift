import AttuneCore

/// One parameter of all the ranges that Optuna's trials gave it.
extension OptunaDistribution {
  /// The narrowest distribution that holds both; `nil` where Optuna itself would refuse the second.
  ///
  /// Optuna lets ranges and steps change from trial to trial, but not the kind, log or the choices.
  static func joined(
    _ known: Distribution, with other: Distribution, name: String
  ) throws(AttuneError) -> Distribution? {
    if known == other { return known }
    switch (known, other) {
    case (.float(let mine), .float(let theirs)) where mine.log == theirs.log:
      let low = min(mine.low, theirs.low)
      let high = max(mine.high, theirs.high)
      // Steps that differ, or start elsewhere, have no common grid that is sure to hold both.
      let isSameGrid = mine.step == theirs.step && mine.low == theirs.low
      let step = isSameGrid ? mine.step : nil
      return .float(
        try FloatDistribution(low: low, high: high, step: step, log: mine.log, name: name))
    case (.int(let mine), .int(let theirs)) where mine.log == theirs.log:
      let isSameGrid = mine.step == theirs.step && mine.low == theirs.low
      return .int(
        try IntDistribution(
          low: min(mine.low, theirs.low), high: max(mine.high, theirs.high),
          step: isSameGrid ? mine.step : 1, log: mine.log, name: name))
    default: return nil
    }
  }

  /// A distribution widened to hold a value: Optuna takes values outside their range in silence.
  static func widened(
    _ distribution: Distribution, toHold value: Value, name: String
  ) throws(AttuneError) -> Distribution {
    // Off the grid counts as outside: then the grid goes.
    if (try? distribution.slot(of: value, name: name)) != nil { return distribution }
    switch (distribution, value) {
    case (.float(let float), .float(let number)):
      return .float(
        try FloatDistribution(
          low: min(float.low, number), high: max(float.high, number), log: float.log, name: name))
    case (.int(let int), .int(let number)):
      return .int(
        try IntDistribution(
          low: min(int.low, number), high: max(int.high, number), log: int.log, name: name))
    default: return distribution
    }
  }

  /// A distribution that holds a value of another program: the known one where it does, wider where that
  /// helps, otherwise one of its own.
  static func holding(
    _ value: Value, like known: Distribution?, name: String
  ) throws(AttuneError) -> Distribution {
    if let known {
      // A range that cannot be made wider, as a logarithmic one to hold 0, is as good as none: what it does not
      // hold then gets one of its own below.
      let wider = (try? widened(known, toHold: value, name: name)) ?? known
      if (try? wider.slot(of: value, name: name)) != nil { return wider }
    }
    switch value {
    case .float(let number) where number.isFinite:
      return .float(try FloatDistribution(low: number, high: number, name: name))
    case .int(let number):
      return .int(try IntDistribution(low: number, high: number, name: name))
    default: return .fixed(value)
    }
  }
}
