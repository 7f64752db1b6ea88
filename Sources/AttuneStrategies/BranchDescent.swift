import AttuneCore
import AttuneNumerics

/// A local search within one branch, one evaluation at a time: L-BFGS-B from a trial with a gradient.
///
/// It moves the smooth parameters whose derivatives that trial has; all others keep its values. Where
/// line searches find no way down a slope that is there, as of a function with noise or kinks, it goes on
/// by averaged steps.
struct BranchDescent: Sendable {
  let branch: UInt64
  /// What kind of sample it began from.
  let kind: DescentStarts.Kind
  /// Whether it has brought a new best value.
  var hasWon = false
  /// The trial's point: what is not moved.
  private let base: Point
  /// The moved ones among the smooth parameters.
  private let places: [Int]
  /// What values and slopes are multiplied by, so that the first step has the length wanted.
  private let scale: Double
  private let tolerance: Double
  private var exact: LBFGSB
  private var averaged: AveragedDescent?
  /// The point to evaluate next.
  private(set) var next: Point
  /// By how much the last iterations brought the value down, at most three.
  private var decreases: [Double] = []
  private var smallCount = 0
  private(set) var isOver = false
  /// How many samples there must be until it goes on.
  private(set) var restsUntil = 0
  private(set) var restCount = 0
  private var nextJudgement = 3
  /// Whether the next point is being evaluated.
  var isIssued = false
  /// How many results it has taken in.
  private(set) var step = 0

  /// The length of the first step, in units, where nothing better is known.
  static let firstStep = 0.2
  private static let turnLimit = 60

  /// `nil` where no derivative is known.
  init?(
    from point: Point, units: [Double], value: Double, slopes: [Double],
    kind: DescentStarts.Kind, firstStep: Double, in smooth: SmoothSpace, tolerance: Double,
    isNoisy: Bool
  ) {
    places = slopes.indices.filter { slopes[$0].isFinite }
    guard !places.isEmpty, value.isFinite else { return nil }
    base = point
    next = point
    self.kind = kind
    branch = smooth.branch(of: point)
    self.tolerance = tolerance
    let start = places.map { units[$0] }
    let moved = places.map { slopes[$0] }
    var steepest = 0.0
    for (x, g) in zip(start, moved) where g > 0 ? x > 0 : x < 1 {
      steepest = max(steepest, g.magnitude)
    }
    let scale = firstStep / steepest
    self.scale = scale.isFinite && scale > 0 ? scale : 1
    var options = LBFGSB.Options()
    options.gradientTolerance = 0
    options.relativeDecrease = 0
    options.memory = 20
    let count = places.count
    exact = LBFGSB(
      start: start, lower: Array(repeating: 0, count: count),
      upper: Array(repeating: 1, count: count), options: options)
    if isNoisy {
      averaged = AveragedDescent(at: start, value: value, slopes: moved)
    } else {
      take(value, moved)
    }
    place(in: smooth)
  }

  /// The best point, and its value.
  func best(in smooth: SmoothSpace) -> (point: Point, value: Double) {
    (
      smooth.point(base, places: places, units: averaged?.best ?? exact.best),
      averaged?.bestValue ?? exact.bestValue / scale
    )
  }

  /// Takes in what came of the next point; the value is not finite after a failure.
  mutating func tell(_ value: Double, _ slopes: [Double], in smooth: SmoothSpace) {
    take(value, places.map { slopes[$0] })
    place(in: smooth)
  }

  private mutating func place(in smooth: SmoothSpace) {
    next = smooth.point(base, places: places, units: averaged?.point ?? exact.point)
    guard smooth.space.isConstrained else { return }
    // What constraints forbid is turned back from like a failure, without an evaluation.
    for _ in 0..<Self.turnLimit where !isOver && !smooth.space.allows(next) {
      take(.infinity, places.map { _ in .nan })
      next = smooth.point(base, places: places, units: averaged?.point ?? exact.point)
    }
    if !smooth.space.allows(next) { isOver = true }
  }

  private mutating func take(_ value: Double, _ slopes: [Double]) {
    step += 1
    if averaged != nil {
      averaged?.tell(value, slopes)
      isOver = averaged?.isOver ?? true
      return
    }
    let (iterations, before) = (exact.iterations, exact.bestValue)
    exact.tell(value: value * scale, gradient: slopes.map { $0 * scale })
    if exact.iterations > iterations { follow(before - exact.bestValue) }
    guard exact.stop != nil else { return }
    let isSteep = exact.projectedGradient > 1e-3 * Self.firstStep
    if exact.stop != .invalidStart, exact.stop != .gradient, isSteep, !isOver {
      averaged = AveragedDescent(
        at: exact.best, value: exact.bestValue / scale,
        slopes: exact.bestGradient.map { $0 / scale })
    } else {
      isOver = true
    }
  }

  private mutating func follow(_ decrease: Double) {
    decreases.append(decrease)
    if decreases.count > 3 { decreases.removeFirst() }
    smallCount = decrease <= tolerance * exact.bestValue.magnitude ? smallCount + 1 : 0
    if smallCount >= 2 { isOver = true }
  }

  /// Ends it where it is.
  mutating func end() { isOver = true }

  /// Has it rest where it will hardly get below `value`: five times the last gains would not do.
  ///
  /// It wakes when `sampleCount` is 8 more, then 16 and so on, for some iterations each time: gains
  /// can be small for a while in a bent valley.
  mutating func rest(against value: Double, sampleCount: Int) {
    guard averaged == nil, exact.iterations >= nextJudgement else { return }
    let gain = decreases.reduce(0, +)
    guard exact.bestValue - 5 * gain > value * scale else { return }
    restCount += 1
    restsUntil = sampleCount + 4 << min(restCount, 16)
    nextJudgement = exact.iterations + 4
  }
}
