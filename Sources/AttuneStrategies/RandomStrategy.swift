public import AttuneCore

/// Draws every parameter independently and uniformly (in its logarithm where `log` is set).
///
/// For: a baseline, many workers, and spaces that nothing is known of. J. Bergstra, Y. Bengio,
/// "Random search for hyper-parameter optimization", JMLR 13 (2012).
///
/// Draws are addressed by seed, trial number and parameter name (`IndependentSampler`), so a value
/// depends neither on the order of asks, nor on threads, nor on the other parameters. With constraints, up
/// to 256 points are drawn for one that is allowed: uniform among these unless they are rare, when the
/// first draw is repaired (`Space.repaired`). Reads nothing of the history. No options. About 0.2 µs an ask with 5 parameters, one allocation.
public struct RandomStrategy: Strategy {
  public static let comparesWholePoints = false
  public static let description = StrategyDescription(
    name: "random",
    summary: "independent uniform draws: a baseline for any space and any number of workers",
    supportsSeveralObjectives: true, supportsConditions: true, supportsDefineByRun: true)

  private let space: Space

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = space
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    space.drawn(request)
  }
}

extension Space {
  /// How many draws are tried where constraints forbid some.
  private static let drawLimit = 256

  /// Independent draws for a request, the first that constraints allow.
  func drawn(_ request: Request) -> Point {
    let first = independent(request, attempt: request.attempt)
    guard isConstrained, !allows(first) else { return first }
    for retry in 0..<Self.drawLimit {
      let next = independent(request, attempt: 1 << 24 | request.attempt << 8 | retry)
      if allows(next) { return next }
    }
    return mended(first, request)
  }

  private func independent(_ request: Request, attempt: Int) -> Point {
    point { index in
      request.givenSlot(index)
        ?? IndependentSampler.slot(
          of: index, in: self, seed: request.seed, trial: request.number, attempt: attempt)
    }
  }
}
