import AttuneCore
import Synchronization

/// A trial without a study, which counts what an objective asks of it.
final class CheckTrial: EvaluatedTrial {
  struct Counts: Sendable {
    var reports = 0
    var stopPolls = 0
    var gradientIsFilled = false
    /// From the first to the last step it reported at.
    var steps: ClosedRange<Int64>?
    /// Whether it was told to give up.
    var isToldToPrune = false
    /// The first request that broke the contract.
    var refusal: String?
  }

  let number: Int
  let space: Space
  let point: Point
  let wantsGradient: Bool
  let pausing: Pausing?
  /// Whether it is given up once it has reported.
  private let prunes: Bool
  private let state = Mutex(Counts())

  init(
    number: Int, space: Space, point: Point, wantsGradient: Bool, pausing: Pausing? = nil,
    prunes: Bool = false
  ) {
    self.pausing = pausing
    self.prunes = prunes
    self.number = number
    self.space = space
    self.point = point
    self.wantsGradient = wantsGradient
  }

  var counts: Counts { state.withLock { $0 } }
  var seed: UInt64 { Self.mixed(UInt64(number)) }
  var fidelity: Double { 1 }
  var shouldStop: Bool {
    state.withLock { $0.stopPolls += 1 }
    return false
  }

  /// The ends and the middle of all ranges first, then points spread at random, always the same.
  static func point(in space: Space, _ number: Int) -> Point {
    space.point { index in
      let distribution = space.parameters[index].distribution
      switch number {
      case 0: return distribution.slot(atUnit: 0.5)
      case 1: return distribution.slot(atUnit: 0)
      case 2: return distribution.slot(atUnit: 1)
      default: return distribution.slot(atRandom: mixed(UInt64(number) << 32 | UInt64(index)))
      }
    }
  }

  /// SplitMix64's output function (Steele, Lea, Flood 2014).
  private static func mixed(_ number: UInt64) -> UInt64 {
    var z = number &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private func refuse(_ message: String) -> AttuneError {
    state.withLock { $0.refusal = $0.refusal ?? message }
    return AttuneError(.invalidArgument, message)
  }

  func report(step: Int64, values: [Double]) throws(AttuneError) {
    guard step >= 0 else { throw refuse("it reported at step \(step), wanted 0 or more") }
    state.withLock { state in
      state.reports += 1
      let steps = state.steps ?? step...step
      state.steps = min(steps.lowerBound, step)...max(steps.upperBound, step)
    }
  }
  func shouldPrune() throws(AttuneError) -> Bool {
    guard prunes else { return false }
    return state.withLock { state in
      if state.reports > 0 { state.isToldToPrune = true }
      return state.isToldToPrune
    }
  }
  func setAttribute(_ key: String, json: String) throws(AttuneError) {}
  func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {}
  func setGradient(_ gradient: [Double]) throws(AttuneError) {
    let isFilled = space.parameters.indices.allSatisfy { index in
      guard case .float = space.parameters[index].distribution, point[index] != nil else {
        return true
      }
      return !gradient[index].isNaN
    }
    state.withLock { $0.gradientIsFilled = isFilled }
  }
  func requestCancel(reason: String) {}
  func log(_ level: LogLevel, _ message: String) {
    Logger.log(level, component: "check", message)
  }
}
