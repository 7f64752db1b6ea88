import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  /// The walk from a point that constraints forbid to an allowed one.
  static let repair: UInt32 = 0x5350_4302
}

/// A strategy for a space with constraints: another one, whose proposals are kept to what is allowed.
///
/// Every strategy gets this from the catalog and need not know of constraints; those that choose among
/// candidates ask `Space.allows` themselves, so that this has little to do. A forbidden proposal is asked for
/// again some times, as if it were turned down as a duplicate, then repaired (`Space.repaired`). Values that
/// are given are kept, and win where nothing allowed goes with them.
struct ConstraintKeeping<Inner: Strategy>: Strategy {
  static var description: StrategyDescription { Inner.description }

  private let space: Space
  private var inner: Inner

  /// Forbidden proposals that are asked for again.
  private static var retryLimit: Int { 4 }

  init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    self.space = space
    inner = try Inner(space: space, directions: directions, options: options)
  }

  var pointCount: UInt64? { inner.pointCount }

  mutating func propose(_ request: Request, given history: History) -> Point? {
    guard let first = inner.propose(request, given: history) else { return nil }
    if space.allows(first) { return first }
    for retry in 0..<Self.retryLimit {
      let next = inner.propose(request.again(retry), given: history)
      if let next, space.allows(next) { return next }
    }
    let near = space.mended(first, request)
    if space.allows(near) { return near }
    // The long search, once a proposal: what is given may leave no allowed point.
    return (request.given == nil ? space.allowedPoint : space.allowedPoint(given: request.given))
      ?? near
  }
}

extension Request {
  /// The request after a proposal that constraints forbid; attempts of duplicates stay other ones.
  func again(_ retry: Int) -> Request {
    Request(
      seed: seed, number: number, ordinal: ordinal,
      attempt: 1 << 16 | (attempt & 0xFF) << 8 | (retry & 0xFF), given: given)
  }
}

extension Space {
  /// The allowed point that a walk from `point` finds for a request, else `point`.
  func mended(_ point: Point, _ request: Request) -> Point {
    if allows(point) { return point }
    let stream = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.repair, salt: UInt64(truncatingIfNeeded: request.attempt))
    return repaired(point, given: request.given, stream) ?? point
  }
}
