import AttuneCore
import AttuneNumerics

/// The part of a space that gradients move in: continuous parameters, each on the unit interval.
///
/// All else makes the *branch* of a point: levels, choices, numbers that others depend on, and what is
/// active. Within a branch the coordinates are those of `Distribution.unit(ofSlot:)`, derivatives by the
/// chain rule (`UnitScale`).
struct SmoothSpace: Sendable {
  let space: Space
  /// The continuous parameters that no other depends on.
  let parameters: [Int]
  /// Whether there are other parameters with more than one value.
  let hasBranches: Bool
  private let isSmooth: [Bool]
  /// How each smooth parameter changes with its coordinate.
  private let scales: [UnitScale]

  init(_ space: Space) {
    self.space = space
    var parents: Set<String> = []
    for condition in space.parameters.flatMap(\.conditions) { parents.insert(condition.parent) }
    var smooth: [Int] = []
    var scales: [UnitScale] = []
    var isSmooth: [Bool] = []
    for (index, parameter) in space.parameters.enumerated() {
      guard case .float(let float) = parameter.distribution, float.step == nil,
        float.low < float.high, !parents.contains(parameter.name)
      else {
        isSmooth.append(false)
        continue
      }
      isSmooth.append(true)
      smooth.append(index)
      scales.append(UnitScale(float))
    }
    parameters = smooth
    self.scales = scales
    self.isSmooth = isSmooth
    hasBranches = space.parameters.indices.contains {
      !isSmooth[$0] && !space.parameters[$0].distribution.isSingle
    }
  }

  /// The point of a trial, with a slot for every parameter of the space.
  func point(of trial: Int, in history: History) -> Point {
    var active = ActiveSet()
    var slots = [UInt64](repeating: 0, count: space.count)
    for index in slots.indices {
      guard let slot = history.slot(trial, index) else { continue }
      active[index] = true
      slots[index] = slot
    }
    return Point(slots: slots, active: active)
  }

  /// The coordinates of the smooth parameters, ½ for inactive ones.
  func units(of point: Point) -> [Double] {
    parameters.map { index in
      point[index].map { space.parameters[index].distribution.unit(ofSlot: $0) } ?? 0.5
    }
  }

  /// The derivatives by the coordinates, turned where the value is to be made large; NaN where unknown.
  func slopes(
    of trial: Int, at point: Point, isMaximized: Bool, in history: History
  ) -> [Double] {
    parameters.indices.map { place in
      guard let slot = point[parameters[place]] else { return .nan }
      let raw = history.derivative(trial, parameters[place])
      return scales[place].slope(isMaximized ? -raw : raw, atSlot: slot)
    }
  }

  /// `base` with the smooth parameters of `places` at `units`.
  func point(_ base: Point, places: [Int], units: [Double]) -> Point {
    var slots = base.slots
    for (place, unit) in zip(places, units) {
      let index = parameters[place]
      slots[index] = space.parameters[index].distribution.slot(atUnit: unit)
    }
    return Point(slots: slots, active: base.active)
  }

  /// Equal for points of one branch; for others by chance once in 2⁶⁴ pairs.
  func branch(of point: Point) -> UInt64 {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    for index in isSmooth.indices {
      let isActive = point.active[index]
      state = splitMix64(state ^ (isActive && !isSmooth[index] ? point.slots[index] : 0))
      state = splitMix64(state ^ (isActive ? 1 : 2))
    }
    return state
  }
}
