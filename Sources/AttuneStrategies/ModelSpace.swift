import AttuneCore

/// A space as models of the objective see it: one coordinate an axis, and the way back to points.
///
/// A numeric parameter is its place in 0...1; a categorical one its index, compared for equality
/// alone. Parameters with one value take no axis. In conditional spaces each distinct set of
/// conditions adds an indicator axis: 0 while inactive, ½ while active; inactive numbers lie at ½ and
/// inactive choices at −1. That embeds the space in one of fixed dimension, so every kernel over it
/// stays positive definite.
struct ModelSpace: Sendable {
  /// What one axis holds.
  enum Kind: Sendable, Hashable {
    /// 0...1 without levels worth counting.
    case continuous
    /// This many levels in 0...1, in their order.
    case levels(Int)
    /// Indices below this count, without order.
    case choices(Int)
    /// Whether a group of parameters is active.
    case indicator
  }

  struct Axis: Sendable {
    let kind: Kind
    /// The parameter; of an indicator, one whose activity it tells.
    let parameter: Int
  }

  let space: Space
  let axes: [Axis]
  /// The axis of each parameter, or `nil`.
  let axisOfParameter: [Int?]
  /// Axes with an order come first: how many there are.
  let orderedCount: Int
  /// The axes that steps along gradients may move.
  let smoothAxes: [Int]
  /// The axes that take a few values each and are searched by trying them.
  let steppedAxes: [Int]
  /// The axes that objectives may give derivatives along: of continuous parameters.
  let gradientAxes: [(axis: Int, scale: UnitScale)]
  /// The number of different points of an unconditional space without continuous axes; else `nil`.
  let pointCount: Int?

  /// How each axis is rounded where no parameter depends on another.
  private let roundings: [Rounding]

  private enum Rounding: Sendable {
    case none
    /// To the middle of one of so many cells.
    case cells(Double)
    /// To an index below.
    case choices(Double)
    /// As the distribution says.
    case levels
  }

  /// More levels than this are searched as if they were continuous, then by neighbours.
  static let levelLimit = 24

  init(_ space: Space) {
    self.space = space
    var ordered: [Axis] = []
    var unordered: [Axis] = []
    var gates: Set<[Condition]> = []
    for (index, parameter) in space.parameters.enumerated() {
      if !parameter.conditions.isEmpty, gates.insert(parameter.conditions).inserted {
        ordered.append(Axis(kind: .indicator, parameter: index))
      }
      guard !parameter.distribution.isSingle else { continue }
      let kind = Self.kind(parameter.distribution)
      if case .choices = kind {
        unordered.append(Axis(kind: kind, parameter: index))
      } else {
        ordered.append(Axis(kind: kind, parameter: index))
      }
    }
    axes = ordered + unordered
    orderedCount = ordered.count
    var axisOfParameter = [Int?](repeating: nil, count: space.count)
    var smooth: [Int] = []
    var stepped: [Int] = []
    var points: Int? = space.isConditional ? nil : 1
    for (index, axis) in axes.enumerated() {
      if axis.kind != .indicator { axisOfParameter[axis.parameter] = index }
      switch axis.kind {
      case .continuous:
        smooth.append(index)
        points = nil
      case .levels(let count):
        if count > Self.levelLimit { smooth.append(index) }
        stepped.append(index)
        points = points.flatMap { Self.product($0, count) }
      case .choices(let count):
        stepped.append(index)
        points = points.flatMap { Self.product($0, count) }
      case .indicator: break
      }
    }
    self.axisOfParameter = axisOfParameter
    smoothAxes = smooth
    steppedAxes = stepped
    pointCount = points
    gradientAxes = axes.enumerated().compactMap { index, axis in
      guard axis.kind == .continuous,
        case .float(let float) = space.parameters[axis.parameter].distribution, float.step == nil
      else { return nil }
      return (index, UnitScale(float))
    }
    roundings = axes.map { Self.rounding($0, space.parameters[$0.parameter].distribution) }
  }

  private static func rounding(_ axis: Axis, _ distribution: Distribution) -> Rounding {
    switch axis.kind {
    case .continuous, .indicator: return .none
    case .choices(let count): return .choices(Double(count))
    case .levels(let count):
      if case .int(let int) = distribution, int.log { return .levels }
      return .cells(Double(count))
    }
  }

  private static func product(_ a: Int, _ b: Int) -> Int? {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : result
  }

  static func kind(_ distribution: Distribution) -> Kind {
    if case .categorical(let categorical) = distribution, !categorical.ordered,
      categorical.choices.count > 2
    {
      return .choices(categorical.choices.count)
    }
    guard let count = distribution.levelCount, count <= 1 << 20 else { return .continuous }
    return .levels(Int(count))
  }

  /// The coordinates of a point, written to `result`, which has room for all axes.
  func write(_ slot: (Int) -> UInt64?, to result: UnsafeMutablePointer<Double>) {
    for (index, axis) in axes.enumerated() {
      let slot = slot(axis.parameter)
      switch axis.kind {
      case .continuous, .levels:
        result[index] =
          slot.map { space.parameters[axis.parameter].distribution.unit(ofSlot: $0) } ?? 0.5
      case .choices: result[index] = slot.map { Double($0) } ?? -1
      case .indicator: result[index] = slot == nil ? 0 : 0.5
      }
    }
  }

  /// The coordinates of a point.
  func coordinates(of point: Point) -> [Double] { coordinates { point[$0] } }

  /// The coordinates of a point whose slots `slot` tells.
  func coordinates(_ slot: (Int) -> UInt64?) -> [Double] {
    // All empty arrays share their storage, whose count would be written on any thread.
    guard !axes.isEmpty else { return [] }
    return [Double](unsafeUninitializedCapacity: axes.count) { buffer, count in
      if let base = buffer.baseAddress { write(slot, to: base) }
      count = axes.count
    }
  }

  /// The point nearest to `coordinates`: levels rounded, conditions applied, given values kept.
  func point(at coordinates: UnsafePointer<Double>, given: PartialPoint?) -> Point {
    space.point { parameter in
      if let slots = given?.slots, parameter < slots.count, let slot = slots[parameter] {
        return slot
      }
      let distribution = space.parameters[parameter].distribution
      guard let axis = axisOfParameter[parameter] else { return distribution.slot(atUnit: 0.5) }
      let x = coordinates[axis]
      guard case .choices(let count) = axes[axis].kind else { return distribution.slot(atUnit: x) }
      return UInt64(max(0, min(x, Double(count - 1))))
    }
  }

  /// Moves `coordinates` to those of the point nearest to them, but for the rounding of real numbers.
  func snap(_ coordinates: UnsafeMutablePointer<Double>, given: PartialPoint?) {
    guard !space.isConditional, given == nil else {
      let point = point(at: coordinates, given: given)
      return write({ point[$0] }, to: coordinates)
    }
    for axis in axes.indices {
      let x = coordinates[axis]
      switch roundings[axis] {
      case .none: coordinates[axis] = max(0, min(x, 1))
      case .cells(let count):
        coordinates[axis] = (max(0, min((x * count).rounded(.down), count - 1)) + 0.5) / count
      case .choices(let count): coordinates[axis] = max(0, min(x, count - 1)).rounded(.down)
      case .levels:
        let distribution = space.parameters[axes[axis].parameter].distribution
        coordinates[axis] = distribution.unit(ofSlot: distribution.slot(atUnit: x))
      }
    }
  }

  /// The coordinate of a level or choice of a stepped axis.
  func coordinate(ofLevel level: Int, axis: Int) -> Double {
    if case .choices = axes[axis].kind { return Double(level) }
    let distribution = space.parameters[axes[axis].parameter].distribution
    return distribution.unit(ofSlot: distribution.slot(atLevel: UInt64(max(level, 0))))
  }

  /// The level or choice that a coordinate of a stepped axis stands for.
  func level(of coordinate: Double, axis: Int) -> Int {
    let distribution = space.parameters[axes[axis].parameter].distribution
    if case .choices = axes[axis].kind { return Int(max(0, coordinate)) }
    return Int(clamping: distribution.level(ofSlot: distribution.slot(atUnit: coordinate)))
  }

  /// How many levels or choices a stepped axis has.
  func levelCount(axis: Int) -> Int {
    switch axes[axis].kind {
    case .levels(let count), .choices(let count): count
    case .continuous, .indicator: 1
    }
  }
}
