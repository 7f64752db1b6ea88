import AttuneCore
import AttuneNumerics

/// A space as CMA-ES sees it: a real number for each numeric parameter, an index for each choice.
///
/// The real number of a value is its place in 0...1; numbers beyond stand for the nearest end
/// (`CMAESBounds`, `CMAESMargin`).
/// Parameters with two values count as choices, which have no order.
///
/// Every parameter has its number or index whether it is active or not: those of inactive ones have
/// no effect, and are learned no worse than by chance.
struct CMAESSpace: Sendable {
  /// A parameter that has a real number.
  struct Axis: Sendable {
    let parameter: Int
    let distribution: Distribution
    /// How many values it has; 0 when continuous.
    let levelCount: Int
    /// ln(low − ½) and the length of the axis, for whole numbers with `log`.
    private let logAxis: (low: Double, length: Double, first: Double)?

    init(_ parameter: Int, _ distribution: Distribution, levelCount: Int) {
      self.parameter = parameter
      self.distribution = distribution
      self.levelCount = levelCount
      if case .int(let int) = distribution, int.log {
        let low = Elementary.log(Double(int.low) - 0.5)
        logAxis = (low, Elementary.log(Double(int.high) + 0.5) - low, Double(int.low))
      } else {
        logAxis = nil
      }
    }

    /// The level at a real number.
    func level(at x: Double) -> Int {
      Int(clamping: distribution.level(ofSlot: distribution.slot(atUnit: x)))
    }

    /// The middle of a level.
    func middle(ofLevel level: Int) -> Double {
      distribution.unit(ofSlot: distribution.slot(atLevel: UInt64(max(level, 0))))
    }

    /// Where a level ends and the next begins.
    func edge(above level: Int) -> Double {
      guard let logAxis else { return Double(level + 1) / Double(levelCount) }
      let bound = Elementary.log(logAxis.first + Double(level) + 0.5)
      return (bound - logAxis.low) / logAxis.length
    }
  }

  /// A parameter that has an index.
  struct Choice: Sendable {
    let parameter: Int
    let distribution: Distribution
    let count: Int
  }

  let space: Space
  let axes: [Axis]
  let choices: [Choice]
  /// The axes that are floats without steps and logarithm: at hand without a copy of the distribution, which
  /// costs more than its value.
  private let lines: [FloatLine?]
  /// A space that has no others.
  private let box: FloatBox?
  /// The places of axes with levels among `axes`.
  let levelAxes: [Int]
  /// For each parameter its place among `axes`, or ~place among `choices`, or `nil`.
  private let places: [Int?]

  /// Whether points come twice by chance.
  var isDiscrete: Bool { levelAxes.count == axes.count }

  init(_ space: Space) {
    self.space = space
    var axes: [Axis] = []
    var choices: [Choice] = []
    var places: [Int?] = []
    for (index, parameter) in space.parameters.enumerated() {
      let distribution = parameter.distribution
      guard !distribution.isSingle else {
        places.append(nil)
        continue
      }
      switch ModelSpace.kind(distribution) {
      case .choices(let count):
        places.append(~choices.count)
        choices.append(Choice(parameter: index, distribution: distribution, count: count))
      case .levels(2):
        places.append(~choices.count)
        choices.append(Choice(parameter: index, distribution: distribution, count: 2))
      case .levels(let count):
        places.append(axes.count)
        axes.append(Axis(index, distribution, levelCount: count))
      case .continuous, .indicator:
        places.append(axes.count)
        axes.append(Axis(index, distribution, levelCount: 0))
      }
    }
    self.axes = axes
    self.choices = choices
    lines = axes.map { $0.distribution.float?.line }
    self.places = places
    box = axes.count == space.count ? FloatBox(space) : nil
    levelAxes = axes.indices.filter { axes[$0].levelCount > 0 }
  }

  /// The point that numbers and indices stand for; given values are kept.
  func point(_ draw: CMAESDraw, given: PartialPoint? = nil) -> Point {
    guard let slots = given?.slots else {
      if let box { return box.point(atUnits: draw.numbers) }
      return space.point { slot(of: $0, draw) }
    }
    return space.point { parameter in
      parameter < slots.count
        ? slots[parameter] ?? slot(of: parameter, draw) : slot(of: parameter, draw)
    }
  }

  private func slot(of parameter: Int, _ draw: CMAESDraw) -> UInt64 {
    guard let place = places[parameter] else {
      return space.parameters[parameter].distribution.slot(atUnit: 0.5)
    }
    guard place >= 0 else {
      return choices[~place].distribution.slot(atLevel: UInt64(draw.choices[~place]))
    }
    if let line = lines[place] { return line.value(atUnit: draw.numbers[place]).bitPattern }
    return axes[place].distribution.slot(atUnit: draw.numbers[place])
  }

  /// The numbers and indices of a point; where a parameter is inactive, those of `standard`.
  func draw(of point: Point, else standard: CMAESDraw) -> CMAESDraw {
    var draw = standard
    for (place, axis) in axes.enumerated() {
      guard let slot = point[axis.parameter] else { continue }
      draw.numbers[place] = axis.distribution.unit(ofSlot: slot)
    }
    for (place, choice) in choices.enumerated() {
      guard let slot = point[choice.parameter] else { continue }
      draw.choices[place] = Int(clamping: choice.distribution.level(ofSlot: slot))
    }
    return draw
  }
}

/// What a distribution of CMA-ES yields: a number an axis and an index a choice.
struct CMAESDraw: Sendable, Equatable {
  var numbers: [Double]
  var choices: [Int]
  /// The squared length of the standard normal vector behind the numbers, where it is at hand.
  var square: Double?
}
