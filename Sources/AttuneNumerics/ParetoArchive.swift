/// The points so far that no other dominates, kept as points come.
///
/// Values are to be small. Equal points are all members. With two values an add is a binary search in
/// a sorted array and a move; with more, one pass over the members.
public struct ParetoArchive: Sendable {
  /// Values a point.
  public let width: Int
  /// The names of the members, as given; in no order that means something.
  public private(set) var members: [Int] = []
  /// The members' values, one member after the other.
  public private(set) var values: [Double] = []

  /// An empty archive of points with `width` values, at least one.
  public init(width: Int) {
    self.width = width
  }

  public var count: Int { members.count }

  /// Adds a point; false, and nothing changes, when a member dominates it or a value is NaN.
  @discardableResult
  public mutating func add(_ member: Int, _ point: [Double]) -> Bool {
    guard point.count == width, !point.contains(where: \.isNaN) else { return false }
    return width == 2 ? addToStairs(member, point[0], point[1]) : addToSet(member, point)
  }

  private mutating func addToSet(_ member: Int, _ point: [Double]) -> Bool {
    for index in members.indices
    where Dominance.dominates(values, at: index * width, point, width: width) { return false }
    var kept = 0
    for index in members.indices
    where !Dominance.dominates(point, values, from: index * width, width: width) {
      members[kept] = members[index]
      for offset in 0..<width { values[kept * width + offset] = values[index * width + offset] }
      kept += 1
    }
    members.removeLast(members.count - kept)
    values.removeLast(values.count - kept * width)
    members.append(member)
    values += point
    return true
  }

  /// The members rise in their first value and fall in their second.
  private mutating func addToStairs(_ member: Int, _ x: Double, _ y: Double) -> Bool {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if values[2 * middle] < x { low = middle + 1 } else { high = middle }
    }
    if low > 0, values[2 * low - 1] <= y { return false }
    if low < members.count, values[2 * low] == x, values[2 * low + 1] < y { return false }
    var end = low
    while end < members.count, values[2 * end + 1] >= y,
      values[2 * end] > x || values[2 * end + 1] > y
    {
      end += 1
    }
    members.replaceSubrange(low..<end, with: CollectionOfOne(member))
    values.replaceSubrange((2 * low)..<(2 * end), with: [x, y])
    return true
  }
}
