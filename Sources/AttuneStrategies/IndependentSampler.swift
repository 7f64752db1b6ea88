public import AttuneCore
import AttuneNumerics

/// Draws one parameter without knowing any other.
///
/// A draw is addressed by (seed, trial, name of the parameter, attempt): it depends on nothing
/// else, so a parameter that an objective asks for while it runs gets the value that
/// `RandomStrategy` would have proposed. About 15 ns and the draw's `exp` where the parameter is
/// logarithmic.
public enum IndependentSampler {
  /// The slot of `parameter` in trial number `trial`; `attempt` counts proposals turned down.
  public static func slot(
    of parameter: Parameter, seed: UInt64, trial: Int, attempt: Int = 0
  ) -> UInt64 {
    parameter.distribution.slot(
      atRandom: bits(fnv1a(parameter.name.utf8), seed: seed, trial: trial, attempt: attempt))
  }

  /// The slot of the parameter at `index` of a space.
  static func slot(
    of index: Int, in space: Space, seed: UInt64, trial: Int, attempt: Int
  ) -> UInt64 {
    space.slot(
      index, atRandom: bits(space.salts[index], seed: seed, trial: trial, attempt: attempt))
  }

  /// The draw for a parameter whose name has the salt `salt`, as `Space.salts` holds it.
  private static func bits(_ salt: UInt64, seed: UInt64, trial: Int, attempt: Int) -> UInt64 {
    let stream = RandomStream(
      seed: seed, trial: UInt64(truncatingIfNeeded: trial), stream: RandomPurpose.parameter,
      salt: salt)
    return stream.bits(at: UInt32(truncatingIfNeeded: attempt))
  }
}

extension Request {
  /// The slot that is given for a parameter, or `nil` where it is to be chosen.
  func givenSlot(_ index: Int) -> UInt64? {
    guard let slots = given?.slots, index < slots.count else { return nil }
    return slots[index]
  }
}
