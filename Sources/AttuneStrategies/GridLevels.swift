import AttuneCore

/// The values of one parameter that a grid visits, as levels 0, 1, … in ascending order.
///
/// Ints and stepped floats have all their values as levels, choices their indexes, a continuous
/// float `points` values spaced evenly (in the logarithm where `log` is set), both ends among them.
struct GridLevels: Sendable {
  let distribution: Distribution
  let count: UInt64
  /// How often the coarsest lattice is refined before it holds every level.
  let refinementCount: Int
  /// The level that every lattice holds.
  private let middle: UInt64
  /// The slots of a float whose levels are not the distribution's own; empty otherwise.
  private let table: [UInt64]

  /// As many values as are kept in a table.
  static let maximumTableCount = 1_000_000

  /// The levels of `parameter`; throws for a float whose steps a double cannot tell apart, and for
  /// all of int64, whose 2⁶⁴ levels have no number.
  init(_ parameter: Parameter, points: Int) throws(AttuneError) {
    distribution = parameter.distribution
    var table: [UInt64] = []
    var count = distribution.levelCount ?? 0
    switch distribution {
    case .float(let float) where distribution.levelCount == nil:
      table = Self.spread(float, distribution, points: points)
      count = UInt64(table.count)
    case .float(let float) where float.step.map { $0 < 2 * Self.resolution(float) } ?? false:
      guard count <= UInt64(Self.maximumTableCount) else {
        throw AttuneError(
          .invalidArgument,
          "strategy grid: parameter \"\(parameter.name)\" has step \(float.step ?? 0), wanted at"
            + " least \(2 * Self.resolution(float)), what a double can tell apart near its bounds",
          subject: "space.\(parameter.name).step")
      }
      let distribution = distribution
      table = Self.distinct((0..<count).lazy.map { distribution.slot(atLevel: $0) })
      count = UInt64(table.count)
    case .int(let int) where int.low == .min && int.high == .max && int.step == 1:
      throw AttuneError(
        .invalidArgument,
        "strategy grid: parameter \"\(parameter.name)\" has 18446744073709551616 values, wanted at"
          + " most 18446744073709551615; give it a step or a narrower range",
        subject: "space.\(parameter.name)")
    default: break
    }
    self.table = table
    self.count = count
    if case .categorical(let categorical) = distribution, !categorical.ordered {
      (refinementCount, middle) = (0, 0)  // choices without order have no coarser half
    } else {
      refinementCount = count < 2 ? 0 : min(64 - (count - 1).leadingZeroBitCount, 63)
      middle = count / 2
    }
  }

  private static func resolution(_ float: FloatDistribution) -> Double {
    max(float.low.magnitude, float.high.magnitude).ulp
  }

  private static func spread(
    _ float: FloatDistribution, _ distribution: Distribution, points: Int
  ) -> [UInt64] {
    if points == 1 { return [distribution.slot(atUnit: 0.5)] }
    return distinct(
      (0..<points).lazy.map { level in
        // The ends exactly: exp and log do not lead back to them.
        if level == 0 { return float.low.bitPattern }
        if level == points - 1 { return float.high.bitPattern }
        return distribution.slot(atUnit: Double(level) / Double(points - 1))
      })
  }

  private static func distinct(_ slots: some Sequence<UInt64>) -> [UInt64] {
    var kept: [UInt64] = []
    for slot in slots {
      if let last = kept.last, Double(bitPattern: slot) <= Double(bitPattern: last) { continue }
      kept.append(slot)
    }
    return kept
  }

  /// The slot of a level below `count`.
  func slot(at level: UInt64) -> UInt64 {
    table.isEmpty ? distribution.slot(atLevel: level) : table[Int(level)]
  }

  /// The level of a slot, or `nil` for a value that is not on the grid.
  func level(of slot: UInt64) -> UInt64? {
    let level: UInt64
    if table.isEmpty {
      level = distribution.level(ofSlot: slot)
    } else {
      level = first { Double(bitPattern: self.slot(at: $0)) >= Double(bitPattern: slot) }
    }
    return level < count && self.slot(at: level) == slot ? level : nil
  }

  /// The levels that pass `test`, as ascending ranges that do not touch.
  func passing(_ test: Condition.Test) -> [Range<UInt64>] {
    switch test {
    case .range(let low, let high):
      if case .categorical = distribution { return [] }
      let lower = first { number(at: $0) >= low }
      let upper = first { number(at: $0) > high }
      return lower < upper ? [lower..<upper] : []
    case .choices(let values):
      let levels = Set(values.compactMap(level(matching:))).sorted()
      var ranges: [Range<UInt64>] = []
      for level in levels {
        if let last = ranges.last, last.upperBound == level {
          ranges[ranges.count - 1] = last.lowerBound..<(level + 1)
        } else {
          ranges.append(level..<(level + 1))
        }
      }
      return ranges
    }
  }

  private func level(matching value: Value) -> UInt64? {
    let level: UInt64
    switch distribution {
    case .categorical(let categorical):
      guard let index = categorical.index(of: value) else { return nil }
      return UInt64(index)
    case .fixed: level = 0
    case .int(let int):
      guard let integer = value.integer, int.low <= integer, integer <= int.high else { return nil }
      level = distribution.level(ofSlot: UInt64(bitPattern: integer))
    case .float:
      guard let number = value.number else { return nil }
      level = first { self.number(at: $0) >= number }
    }
    guard level < count, value.matches(distribution.value(ofSlot: slot(at: level))) else {
      return nil
    }
    return level
  }

  func number(at level: UInt64) -> Double { distribution.number(ofSlot: slot(at: level)) }

  /// The first level that passes a test which, once passed, stays passed; `count` if none does.
  func first(where passes: (UInt64) -> Bool) -> UInt64 {
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = low + (high - low) / 2
      if passes(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// Lattices: nested sets of levels around the middle one, twice as fine at every stage.
extension GridLevels {
  /// The distance of neighbouring levels of the lattice at `stage`, a power of two.
  func stride(at stage: Int) -> UInt64 { 1 << UInt64(max(refinementCount - stage, 0)) }

  /// The lowest stage whose lattice holds `level`.
  func stage(of level: UInt64) -> Int {
    level == middle ? 0 : max(refinementCount - (level &- middle).trailingZeroBitCount, 0)
  }

  /// How many levels below `level` the lattice at `stage` holds.
  func latticeCount(below level: UInt64, stage: Int) -> UInt64 {
    let stride = stride(at: stage)
    let first = middle & (stride - 1)
    return level > first ? (level - first - 1) / stride + 1 : 0
  }

  /// How many levels of `levels` the lattice at `stage` holds.
  func latticeCount(_ levels: Range<UInt64>, stage: Int) -> UInt64 {
    latticeCount(below: levels.upperBound, stage: stage)
      - latticeCount(below: levels.lowerBound, stage: stage)
  }

  /// The lattice's level number `index`, counted from 0 over the whole lattice.
  func latticeLevel(_ index: UInt64, stage: Int) -> UInt64 {
    let stride = stride(at: stage)
    return (middle & (stride - 1)) + index * stride
  }
}
