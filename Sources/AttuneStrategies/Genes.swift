import AttuneCore
import AttuneNumerics

/// The parameters of a space as genes: how one changes, and how those of two parents mix.
///
/// What evolving strategies share. Choices without order change to any other; a few ordered levels to
/// a neighbour or to any other; numbers, and levels beyond `levelLimit`, move on the unit interval of
/// their distribution. Parents' genes come first: a gene that a change makes active is taken from a
/// `memory` where there is one, or drawn; one that it makes inactive is dropped.
struct Genes: Sendable {
  /// How a gene changes.
  enum Kind: Sendable, Hashable {
    /// One of so many, without order.
    case choice(UInt64)
    /// One of so many, in order.
    case level(UInt64)
    /// Where it lies on the unit interval.
    case number
  }

  let space: Space
  /// The gene of each parameter; `nil` for those with one value.
  let kinds: [Kind?]
  /// Whether others depend on the parameter.
  let isStructural: [Bool]

  /// More levels than this move like numbers.
  static let levelLimit: UInt64 = 24
  /// How often a child that constraints forbid is made anew.
  static let allowedLimit = 32

  init(_ space: Space) {
    self.space = space
    kinds = space.parameters.map { Self.kind($0.distribution) }
    var isStructural = [Bool](repeating: false, count: space.count)
    for condition in space.parameters.flatMap(\.conditions) {
      if let parent = space.find(condition.parent) { isStructural[parent] = true }
    }
    self.isStructural = isStructural
  }

  private static func kind(_ distribution: Distribution) -> Kind? {
    guard !distribution.isSingle else { return nil }
    guard let count = distribution.levelCount else { return .number }
    if case .categorical(let categorical) = distribution, !categorical.ordered {
      return .choice(count)
    }
    return count <= levelLimit ? .level(count) : .number
  }

  /// The genes that a point has and a request leaves free.
  func free(_ point: Point, _ request: Request) -> [Int] {
    kinds.indices.filter {
      kinds[$0] != nil && point[$0] != nil && request.givenSlot($0) == nil
    }
  }

  /// A point made gene by gene, parents first: given values are kept, `choose` makes the others.
  func point(_ request: Request, choosing choose: (Int) -> UInt64) -> Point {
    space.point { index in
      if let slot = request.givenSlot(index) { return slot }
      return kinds[index] == nil
        ? space.parameters[index].distribution.slot(atUnit: 0.5) : choose(index)
    }
  }

  /// Any value of a parameter.
  func drawn(_ index: Int, _ stream: inout RandomStream) -> UInt64 {
    space.parameters[index].distribution.slot(atRandom: stream.next())
  }

  /// Another value of a parameter near `slot`; `move` takes a place in 0...1 to a new one.
  func changed(
    _ index: Int, _ slot: UInt64, _ stream: inout RandomStream,
    move: (Double, inout RandomStream) -> Double
  ) -> UInt64 {
    let distribution = space.parameters[index].distribution
    switch kinds[index] {
    case .choice(let count): return (slot + 1 + stream.nextBelow(count - 1)) % count
    case .level(let count):
      return distribution.slot(
        atLevel: Self.changedLevel(distribution.level(ofSlot: slot), of: count, &stream))
    case .number:
      let moved = distribution.slot(atUnit: move(distribution.unit(ofSlot: slot), &stream))
      guard moved == slot, let count = distribution.levelCount else { return moved }
      // A small move on many levels may end where it began.
      let level = distribution.level(ofSlot: slot)
      let isUp = level == 0 || (level < count - 1 && stream.next() & 1 == 0)
      return distribution.slot(atLevel: isUp ? level + 1 : level - 1)
    case nil: return slot
    }
  }

  /// A neighbour with probability 0.7, else any other level.
  private static func changedLevel(
    _ level: UInt64, of count: UInt64, _ stream: inout RandomStream
  ) -> UInt64 {
    guard stream.nextUnit() < 0.7 else { return (level + 1 + stream.nextBelow(count - 1)) % count }
    let isUp = stream.next() & 1 == 0
    if level == 0 { return 1 }
    if level == count - 1 { return count - 2 }
    return isUp ? level + 1 : level - 1
  }

  /// `unit` moved by a normal step, thrown back at the ends of 0...1.
  static func reflected(
    _ unit: Double, deviation: Double, _ stream: inout RandomStream
  ) -> Double {
    // The middle of a cell of 2^-53, since 0 has no quantile.
    let step = deviation * StandardNormal.quantile(stream.nextUnit() + 0x1p-54)
    var moved = (unit + step).magnitude
    moved = moved.truncatingRemainder(dividingBy: 2)
    return moved > 1 ? 2 - moved : moved
  }
}
