/// Minimises a smooth function of box-bounded variables, one evaluation at a time.
///
/// R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, "A limited memory algorithm for bound constrained
/// optimization", SIAM J. Sci. Comput. 16, 1995, with the projection of J. L. Morales and
/// J. Nocedal, ACM TOMS 38, 2011: the generalised Cauchy point of a limited-memory quadratic model,
/// its minimum over the variables not at a bound, and a line search for the strong Wolfe conditions.
///
/// ```
/// var search = LBFGSB(start: start, lower: lower, upper: upper)
/// while search.stop == nil {
///   let (value, gradient) = function(search.point)
///   search.tell(value: value, gradient: gradient)
/// }
/// use(search.best, search.bestValue)
/// ```
///
/// Values and gradients may be infinite or not-a-number anywhere but at the start: the step is halved
/// there. Points never leave the box. Beside the evaluations an iteration costs about
/// 30 · memory · n + 6 · memory³ operations, 5 µs for 10 variables, without allocation up to 60
/// variables. Evaluation counts are those of SciPy's implementation on the problems tested.
public struct LBFGSB: Sendable {
  /// When to stop, and how much to remember.
  public struct Options: Sendable, Hashable {
    /// The number of curvature pairs kept, at least 1.
    public var memory = 10
    /// Stops when no component of the gradient, projected on the box, exceeds this.
    public var gradientTolerance = 1e-5
    /// Stops when the value falls by less than this times max(1, |value|) in an iteration.
    public var relativeDecrease = 2.2e-9
    /// Stops after this many evaluations.
    public var evaluationLimit = 15_000

    /// Creates the default options.
    public init() {}
  }

  /// Why the search is over.
  public enum Stop: Sendable, Hashable {
    /// The projected gradient is small: a minimum to tolerance.
    case gradient
    /// The value hardly falls any more.
    case decrease
    /// The evaluations are used up.
    case evaluations
    /// No step along the steepest descent is better, as at the end of the number range.
    case stalled
    /// The value or gradient at the start is not finite.
    case invalidStart
    /// A lower bound is above the upper, or something is not-a-number or of the wrong length.
    case invalidBox
  }

  /// The point to evaluate next.
  public private(set) var point: [Double]
  /// Why the search is over, or nil while it goes on.
  public private(set) var stop: Stop?
  /// The evaluations told so far.
  public private(set) var evaluations = 0
  /// The iterations, each of which moved to a better point.
  public private(set) var iterations = 0
  /// The best point so far: the start until it is told.
  public private(set) var best: [Double]
  /// The value at the best point.
  public private(set) var bestValue = Double.infinity
  /// The gradient at the best point.
  public private(set) var bestGradient: [Double]

  let lower: [Double]
  let upper: [Double]
  let options: Options
  var hessian: CompactHessian
  var model: BoxQuadraticModel
  private var direction: [Double]
  private var difference: [Double]
  private var search: MoreThuenteSearch?
  private var trial: (point: [Double], gradient: [Double], value: Double)
  private var hasTrial = false
  private var searchEffort = 0
  private let isBoxed: Bool

  /// Starts at `start`, moved into the box. Bounds may be infinite.
  public init(start: [Double], lower: [Double], upper: [Double], options: Options = Options()) {
    let n = start.count
    let isValid =
      lower.count == n && upper.count == n
      && (0..<n).allSatisfy { lower[$0] <= upper[$0] && !start[$0].isNaN }
      && (0..<n).allSatisfy { lower[$0] < .infinity && upper[$0] > -.infinity }
    let zeros = Array(repeating: 0.0, count: n)
    self.lower = isValid ? lower : zeros
    self.upper = isValid ? upper : zeros
    self.options = options
    let inside =
      isValid
      ? (0..<n).map { Self.clamp(start[$0], lower[$0], upper[$0]) } : zeros
    point = inside
    best = inside
    bestGradient = zeros
    let memory = Swift.min(Swift.max(options.memory, 1), 100)
    hessian = CompactHessian(dimension: n, memory: memory)
    model = BoxQuadraticModel(dimension: n, memory: memory)
    direction = zeros
    difference = zeros
    trial = (inside, zeros, .infinity)
    isBoxed = isValid && (0..<n).allSatisfy { lower[$0].isFinite && upper[$0].isFinite }
    if !isValid { stop = .invalidBox }
  }

  /// A number in a finite range where bounds are infinite.
  private static func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double {
    let limit = Double.greatestFiniteMagnitude
    return Swift.min(Swift.max(x, low, -limit), high, limit)
  }

  /// Takes the value and gradient at `point`, and moves on. Ignored once the search is over.
  ///
  /// A gradient of the wrong length counts as not finite.
  public mutating func tell(value: Double, gradient: [Double]) {
    gradient.withUnsafeBufferPointer { tell(value: value, gradient: $0) }
  }

  /// Takes the value and gradient at `point`, and moves on. Ignored once the search is over.
  ///
  /// A gradient of the wrong length counts as not finite.
  public mutating func tell(value: Double, gradient: UnsafeBufferPointer<Double>) {
    guard stop == nil else { return }
    evaluations += 1
    let isFinite =
      value.isFinite && gradient.count == point.count && gradient.allSatisfy(\.isFinite)
    if search == nil {
      guard isFinite else {
        stop = .invalidStart
        return
      }
      bestValue = value
      for i in point.indices { bestGradient[i] = gradient[i] }
      beginIteration()
    } else {
      advance(value, gradient, isFinite)
    }
    if stop == nil && evaluations >= options.evaluationLimit { finish(.evaluations) }
  }

  private mutating func finish(_ reason: Stop) {
    if hasTrial && trial.value < bestValue { moveToTrial() }
    stop = reason
  }

  private mutating func moveToTrial() {
    for i in point.indices {
      best[i] = trial.point[i]
      bestGradient[i] = trial.gradient[i]
    }
    bestValue = trial.value
    hasTrial = false
  }

  /// The largest component of the gradient that the box does not hold back.
  public var projectedGradient: Double {
    var largest = 0.0
    for i in best.indices {
      let g = bestGradient[i]
      let room = g < 0 ? best[i] - upper[i] : best[i] - lower[i]
      largest = Swift.max(largest, g < 0 ? -Swift.max(g, room) : Swift.min(g, room))
    }
    return largest
  }

  private mutating func beginIteration() {
    guard projectedGradient > options.gradientTolerance else { return finish(.gradient) }
    model.findStep(
      from: best, gradient: bestGradient, lower: lower, upper: upper, hessian: &hessian,
      into: &direction)
    var (slope, norm, longest) = (0.0, 0.0, Double.infinity)
    for i in best.indices {
      slope += direction[i] * bestGradient[i]
      norm += direction[i] * direction[i]
      let room = direction[i] > 0 ? upper[i] - best[i] : best[i] - lower[i]
      if direction[i] != 0 { longest = Swift.min(longest, room / direction[i].magnitude) }
    }
    guard slope < 0, slope.isFinite, norm.isFinite, longest > 0 else { return restart() }
    let isFirst = hessian.count == 0
    let maximum = iterations == 0 && longest.isFinite ? Swift.min(longest, 1) : longest
    let step = isFirst && !isBoxed ? Swift.min(1 / norm.squareRoot(), maximum) : 1
    search = MoreThuenteSearch(
      start: MoreThuenteSearch.Sample(step: 0, value: bestValue, slope: slope),
      step: Swift.min(step, maximum), maximum: Swift.min(maximum, 1e10))
    hasTrial = false
    searchEffort = 0
    place()
  }

  /// Sets `point` to the search's step, held in the box against rounding.
  private mutating func place() {
    guard let step = search?.step else { return }
    for i in point.indices {
      point[i] = Swift.min(Swift.max(best[i] + step * direction[i], lower[i]), upper[i])
    }
  }

  private mutating func advance(
    _ value: Double, _ gradient: UnsafeBufferPointer<Double>, _ isFinite: Bool
  ) {
    var slope = Double.nan
    if isFinite {
      slope = 0
      for i in point.indices { slope += direction[i] * gradient[i] }
      if !hasTrial || value <= trial.value { keepTrial(value, gradient) }
    }
    // Twenty evaluations a search; sixty where none is finite, as each of those only halves the step.
    searchEffort += isFinite ? 3 : 1
    let verdict = search?.tell(value: isFinite ? value : .nan, slope: slope) ?? .exhausted
    switch verdict {
    case .accepted:
      keepTrial(value, gradient)
      endIteration()
    case .evaluate where searchEffort < 60:
      place()
    case .evaluate, .exhausted:
      if hasTrial && trial.value < bestValue { endIteration() } else { restart() }
    }
  }

  private mutating func keepTrial(_ value: Double, _ gradient: UnsafeBufferPointer<Double>) {
    for i in point.indices {
      trial.point[i] = point[i]
      trial.gradient[i] = gradient[i]
    }
    trial.value = value
    hasTrial = true
  }

  /// Forgets the curvature and goes downhill; gives up if there was none to forget.
  private mutating func restart() {
    guard hessian.count > 0 else { return finish(.stalled) }
    hessian.reset()
    beginIteration()
  }

  private mutating func endIteration() {
    var (product, size) = (0.0, 0.0)
    for i in best.indices {
      let (s, y) = (trial.point[i] - best[i], trial.gradient[i] - bestGradient[i])
      direction[i] = s
      difference[i] = y
      product += s * y
      size += y * y
    }
    let before = bestValue
    moveToTrial()
    iterations += 1
    guard projectedGradient > options.gradientTolerance else { return finish(.gradient) }
    let scale = Swift.max(before.magnitude, bestValue.magnitude, 1)
    if before - bestValue <= options.relativeDecrease * scale { return finish(.decrease) }
    if product > 0x1p-52 * size && size.isFinite {
      hessian.update(s: direction, y: difference)
    }
    beginIteration()
  }
}
