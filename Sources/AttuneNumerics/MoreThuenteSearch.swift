/// A line search for the strong Wolfe conditions that asks for one evaluation at a time.
///
/// J. J. Moré, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS
/// 20, 1994: an interval that holds an acceptable step is narrowed by safeguarded cubic and quadratic
/// interpolation, first on the function less its sufficient decrease, then on itself.
///
/// A value or slope that is not finite halves the way back to the best step; from there on the
/// search only backtracks to sufficient decrease.
struct MoreThuenteSearch: Sendable {
  /// A step along the direction, the function there and its derivative along the direction.
  struct Sample: Sendable {
    var step: Double
    var value: Double
    var slope: Double
  }

  enum Verdict: Sendable, Hashable {
    /// Evaluate at `step`.
    case evaluate
    /// The sample just taken satisfies the conditions.
    case accepted
    /// No better step can be told apart; the best sample is what there is.
    case exhausted
  }

  /// f(step) ≤ f(0) + 10⁻³ · step · f′(0).
  static let sufficientDecrease = 1e-3
  /// |f′(step)| ≤ 0.9 · |f′(0)|.
  static let curvature = 0.9
  /// The interval's relative width at which the search ends.
  private static let resolution = 0.1

  /// The step to evaluate next.
  private(set) var step: Double
  private let start: Sample
  private let maximum: Double
  private var best: Sample
  private var other: Sample
  private var isBracketed = false
  private var isOnDecrease = true
  private var isBacktracking = false
  private var width: Double
  private var widthBefore: Double
  private var lower = 0.0
  private var upper: Double

  /// Starts a search from `start`, whose step is 0 and slope below 0, with a first `step`.
  init(start: Sample, step: Double, maximum: Double) {
    self.start = start
    self.maximum = maximum
    self.step = Swift.min(step, maximum)
    best = start
    other = start
    width = maximum
    widthBefore = 2 * maximum
    upper = 5 * self.step
  }

  /// Takes the function's value and slope at `step`.
  mutating func tell(value: Double, slope: Double) -> Verdict {
    let sample = Sample(step: step, value: value, slope: slope)
    let decrease = Self.sufficientDecrease * start.slope
    let isLow = value <= start.value + step * decrease
    guard value.isFinite, slope.isFinite, !isBacktracking else {
      isBacktracking = true
      if isLow && value.isFinite && slope.isFinite { return .accepted }
      let next = best.step + 0.5 * (step - best.step)
      guard next != step, next != best.step else { return .exhausted }
      step = next
      return .evaluate
    }
    if isLow && slope.magnitude <= -Self.curvature * start.slope { return .accepted }
    if isBracketed && (step <= lower || step >= upper) { return .exhausted }
    if isBracketed && upper - lower <= Self.resolution * upper { return .exhausted }
    if step == maximum && isLow && slope <= decrease { return .accepted }
    if step == 0 { return .exhausted }
    narrow(with: sample, isLow: isLow, decrease: decrease)
    return isBracketed
      && (step <= lower || step >= upper || upper - lower <= Self.resolution * upper)
      ? .exhausted : .evaluate
  }

  private mutating func narrow(with sample: Sample, isLow: Bool, decrease: Double) {
    if isOnDecrease && isLow && sample.slope >= 0 { isOnDecrease = false }
    if isOnDecrease && sample.value <= best.value && !isLow {
      tilt(-decrease)
      step = interpolate(sample.tilted(-decrease))
      tilt(decrease)
    } else {
      step = interpolate(sample)
    }
    if isBracketed {
      let distance = (other.step - best.step).magnitude
      if distance >= 0.66 * widthBefore { step = best.step + 0.5 * (other.step - best.step) }
      widthBefore = width
      width = distance
      lower = Swift.min(best.step, other.step)
      upper = Swift.max(best.step, other.step)
    } else {
      lower = step + 1.1 * (step - best.step)
      upper = step + 4 * (step - best.step)
    }
    step = Swift.min(Swift.max(step, 0), maximum)
  }

  private mutating func tilt(_ slope: Double) {
    best = best.tilted(slope)
    other = other.tilted(slope)
  }

  /// Chooses the next step and replaces one end of the interval by `sample`.
  private mutating func interpolate(_ sample: Sample) -> Double {
    let isOpposed = sample.slope * (best.slope < 0 ? -1 : 1) < 0
    let next: Double
    if sample.value > best.value {
      let cubic = best.step + best.cubicFraction(sample) * (sample.step - best.step)
      let chord = (best.value - sample.value) / (sample.step - best.step) + best.slope
      let quadratic = best.step + 0.5 * (best.slope / chord) * (sample.step - best.step)
      let isCubicNearer = (cubic - best.step).magnitude < (quadratic - best.step).magnitude
      next = isCubicNearer ? cubic : cubic + 0.5 * (quadratic - cubic)
      isBracketed = true
    } else if isOpposed {
      let cubic = sample.step + sample.cubicFraction(best) * (best.step - sample.step)
      let secant = sample.secant(best)
      let isCubicFarther = (cubic - sample.step).magnitude > (secant - sample.step).magnitude
      next = isCubicFarther ? cubic : secant
      isBracketed = true
    } else if sample.slope.magnitude < best.slope.magnitude {
      next = extrapolate(sample)
    } else if isBracketed {
      next = sample.step + sample.cubicFraction(other) * (other.step - sample.step)
    } else {
      next = sample.step > best.step ? upperLimit : lowerLimit
    }
    if sample.value > best.value {
      other = sample
    } else {
      if isOpposed { other = best }
      best = sample
    }
    return next.isNaN ? 0.5 * (best.step + other.step) : next
  }

  private var lowerLimit: Double { Swift.max(lower, 0) }
  private var upperLimit: Double { Swift.min(upper, Swift.max(maximum, 0)) }

  /// The step where the slope falls towards 0 without having changed sign.
  private func extrapolate(_ sample: Sample) -> Double {
    let fraction = sample.minimumFraction(best)
    let isBeyond = sample.step > best.step
    let cubic =
      fraction.map { sample.step + $0 * (best.step - sample.step) }
      ?? (isBeyond ? upperLimit : lowerLimit)
    let secant = sample.secant(best)
    let isCubicNearer = (cubic - sample.step).magnitude < (secant - sample.step).magnitude
    guard isBracketed else {
      return Swift.min(Swift.max(isCubicNearer ? secant : cubic, lowerLimit), upperLimit)
    }
    let next = isCubicNearer ? cubic : secant
    let bound = sample.step + 0.66 * (other.step - sample.step)
    return isBeyond ? Swift.min(bound, next) : Swift.max(bound, next)
  }
}

extension MoreThuenteSearch.Sample {
  /// The sample of the function plus `slope` times the step.
  fileprivate func tilted(_ slope: Double) -> Self {
    Self(step: step, value: value + slope * step, slope: self.slope + slope)
  }

  /// The minimum of the secant line through both slopes.
  fileprivate func secant(_ end: Self) -> Double {
    step + slope / (slope - end.slope) * (end.step - step)
  }

  /// Where the cubic through both samples has its minimum, in fractions of the way to `end`.
  fileprivate func cubicFraction(_ end: Self) -> Double {
    let (theta, gamma) = cubic(end)
    return (gamma - slope + theta) / (gamma - slope + gamma + end.slope)
  }

  /// Like `cubicFraction`, or nil if the cubic has no minimum on this side of the sample.
  fileprivate func minimumFraction(_ end: Self) -> Double? {
    let (theta, gamma) = cubic(end)
    let fraction = (gamma - slope + theta) / (gamma + (end.slope - slope) + gamma)
    return fraction < 0 && gamma != 0 ? fraction : nil
  }

  private func cubic(_ end: Self) -> (theta: Double, gamma: Double) {
    let theta = 3 * (value - end.value) / (end.step - step) + slope + end.slope
    let size = Swift.max(theta.magnitude, slope.magnitude, end.slope.magnitude)
    let t = theta / size
    let root = size * Swift.max(0, t * t - slope / size * (end.slope / size)).squareRoot()
    return (theta, end.step < step ? -root : root)
  }
}
