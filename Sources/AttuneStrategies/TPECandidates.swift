import AttuneCore

/// Points drawn from the density of the good trials, in memory that is used again.
struct TPECandidates: Sendable {
  let count: Int
  private let width: Int
  private let dimensionCount: Int
  /// By candidate and parameter; 0 where inactive.
  private var slots: [UInt64]
  private var active: [ActiveSet]
  /// By candidate and dimension: the place in 0...1, a choice's index, the level where kernels have
  /// a table; not-a-number where inactive.
  private(set) var coordinates: [Float]

  /// Room for `count` candidates, all of whose parameters are active until set otherwise.
  init(_ count: Int, width: Int, dimensionCount: Int) {
    self.count = count
    self.width = width
    self.dimensionCount = dimensionCount
    var all = ActiveSet()
    for parameter in 0..<width { all[parameter] = true }
    slots = Array(repeating: 0, count: count * width)
    active = Array(repeating: all, count: count)
    coordinates = Array(repeating: .nan, count: count * dimensionCount)
  }

  func point(_ number: Int) -> Point {
    Point(slots: Array(slots[(number * width)..<((number + 1) * width)]), active: active[number])
  }

  func activeSet(_ number: Int) -> ActiveSet { active[number] }

  /// The slot of a parameter; `nil` where it is inactive.
  func slot(_ number: Int, _ parameter: Int) -> UInt64? {
    active[number][parameter] ? slots[number * width + parameter] : nil
  }

  mutating func set(_ number: Int, _ point: Point) {
    for parameter in 0..<width { slots[number * width + parameter] = point[parameter] ?? 0 }
    active[number] = point.active
  }

  mutating func set(_ number: Int, _ parameter: Int, _ slot: UInt64) {
    slots[number * width + parameter] = slot
  }

  mutating func setCoordinate(_ number: Int, _ dimension: Int, _ coordinate: Float) {
    coordinates[number * dimensionCount + dimension] = coordinate
  }

  /// The coordinates of a candidate begin here.
  func start(_ number: Int) -> Int { number * dimensionCount }
}
