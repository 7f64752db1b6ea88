import AttuneCore

/// What a study may meet, as the way in which its trials end.
enum Hardship: String, CaseIterable, Sendable {
  case allFailed, allNaN, allInfinite, allMinusInfinite, allEqual, oneFiniteAmongInfinities, huge
  case largestFinite, tiny, subnormal, prunedWithoutReport, mostPruned, foretold
  case allInfeasible, infiniteViolations

  struct End {
    var state = TrialState.complete
    var value: Double
    var violation = 0.0
    var outlook: Double?
  }

  func end(of number: Int) -> End {
    let sign = number % 2 == 0 ? 1.0 : -1
    switch self {
    case .allFailed: return End(state: .fail, value: .nan)
    case .allNaN: return End(value: .nan)
    case .allInfinite: return End(value: .infinity)
    case .allMinusInfinite: return End(value: -.infinity)
    case .allEqual: return End(value: 2.5)
    case .oneFiniteAmongInfinities: return End(value: number == 7 ? 1 : sign * .infinity)
    case .huge: return End(value: sign * 1e300 * Double(number))
    case .largestFinite: return End(value: sign * .greatestFiniteMagnitude)
    case .tiny: return End(value: 1e-300 * Double(number))
    case .subnormal: return End(value: .leastNonzeroMagnitude * Double(number))
    case .prunedWithoutReport: return End(state: .pruned, value: number % 2 == 0 ? 1 : .nan)
    case .mostPruned: return End(state: number < 5 ? .complete : .pruned, value: Double(number))
    case .foretold:
      return End(
        state: number % 3 == 0 ? .complete : .pruned, value: Double(number),
        outlook: number % 3 == 1 ? sign * .greatestFiniteMagnitude : nil)
    case .allInfeasible: return End(value: Double(number), violation: Double(number % 5) + 1)
    case .infiniteViolations: return End(value: 1, violation: number % 2 == 0 ? .infinity : 1e308)
    }
  }
}
