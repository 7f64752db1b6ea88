import AttuneNumerics

/// How objective values become the targets of a model: scaled, or their logarithm above the best.
///
/// z = ln(1 + (y − y_min) / Q), with Q the distance of a quantile from the smallest value, then
/// brought to mean 0 and variance 1. Without a quantile z is y scaled. The logarithm keeps far values
/// from hiding what differs near the best one.
enum OutputWarp: Sendable, Hashable {
  case identity
  case logarithm(quantile: Double)

  static let all: [OutputWarp] = [
    .identity, .logarithm(quantile: 0.75), .logarithm(quantile: 0.5), .logarithm(quantile: 0.25),
    .logarithm(quantile: 0.1),
  ]

  /// Values brought to a common scale, and by how much the map spreads them.
  struct Targets {
    var values: [Double]
    /// The sum of ln dz/dy, before scaling by the deviation: what evidence must be corrected by.
    var logJacobian: Double
    let ruler: Ruler

    /// How far values near the best must part for their targets to part by 1.
    var unit: Double { ruler.unit / ruler.scale }
  }

  /// The map from values to targets.
  struct Ruler: Sendable {
    let warp: OutputWarp
    /// The smallest value, at 0.
    let least: Double
    /// What values are multiplied by, so that their differences do not overflow.
    let scale: Double
    /// The distance from the smallest value, so multiplied, at 1; 0 where all values are equal.
    let unit: Double

    func ratio(of value: Double) -> Double { (scale * value - scale * least) / unit }

    /// By how much the target of a value grows with it.
    func slope(at value: Double) -> Double {
      guard unit > 0 else { return 0 }
      let rate = scale / unit
      return warp == .identity ? rate : rate / (1 + max(ratio(of: value), 0))
    }

    /// The target of a value that may be another than those the map was made from.
    func target(of value: Double) -> Double {
      guard unit > 0 else { return 0 }
      let ratio = ratio(of: value)
      return warp == .identity ? ratio : Elementary.log1p(max(ratio, 0))
    }
  }

  /// The targets of finite `values`; all 0 when they are equal.
  ///
  /// `sorted` holds the same values in ascending order.
  func targets(_ values: [Double], sorted: [Double]) -> Targets {
    guard let least = sorted.first, let most = sorted.last, most > least else {
      return level(values, at: sorted.first ?? 0)
    }
    // Differences of values near ±1e308 overflow: everything is halved then.
    let scale = (most - least).isFinite ? 1.0 : 0.25
    let unit: Double
    if case .logarithm(let quantile) = self {
      let place = min(Int(quantile * Double(sorted.count)), sorted.count - 1)
      var distance = scale * sorted[place] - scale * least
      // A quantile among ties of the best value says nothing: the next larger value does.
      if distance <= 0 {
        distance = (sorted.first { $0 > least }).map { scale * $0 - scale * least } ?? 0
      }
      unit = max(distance, 1e-12 * (scale * most - scale * least))
    } else {
      unit = scale * most - scale * least
    }
    guard unit > 0 else { return level(values, at: least) }
    let ruler = Ruler(warp: self, least: least, scale: scale, unit: unit)
    var targets: [Double] = []
    targets.reserveCapacity(values.count)
    var jacobian = -Double(values.count) * Elementary.log(unit)
    for value in values {
      let ratio = ruler.ratio(of: value)
      if self == .identity {
        targets.append(ratio)
      } else {
        let z = Elementary.log1p(ratio)
        jacobian -= z
        targets.append(z)
      }
    }
    return Targets(values: targets, logJacobian: jacobian, ruler: ruler)
  }

  private func level(_ values: [Double], at least: Double) -> Targets {
    Targets(
      values: [Double](repeating: 0, count: values.count), logJacobian: 0,
      ruler: Ruler(warp: self, least: least, scale: 1, unit: 0))
  }

  /// Brings values to mean 0 and variance 1, all 0 when they are equal; what they had before.
  @discardableResult
  static func standardize(_ values: inout [Double]) -> (mean: Double, deviation: Double) {
    guard !values.isEmpty else { return (0, 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (square / Double(values.count)).squareRoot()
    for index in values.indices {
      values[index] = deviation > 0 ? (values[index] - mean) / deviation : 0
    }
    return (mean, deviation)
  }

  /// The warp under which the targets are likeliest for kernel matrices proportional to the factored one.
  ///
  /// The mean and the variance are profiled out: −(n/2) ln(aᵀa / n) + ln Jacobian with
  /// a = L⁻¹(z − m). `kept` stays unless another is better by more than `margin` nats. `slopes` are
  /// derivatives of values, of which the factor's last rows are: their targets are dz/dy times as large.
  static func likeliest(
    _ values: [Double], slopes: [(value: Int, slope: Double)] = [], factor: CholeskyFactor,
    kept: OutputWarp, margin: Double
  ) -> OutputWarp {
    let sorted = values.sorted()
    let n = Double(values.count + slopes.count)
    var ones =
      [Double](repeating: 1, count: values.count) + [Double](repeating: 0, count: slopes.count)
    ones.withUnsafeMutableBufferPointer { factor.solveLower($0) }
    let norm = ones.reduce(0) { $0 + $1 * $1 }
    func evidence(_ warp: OutputWarp) -> Double {
      let targets = warp.targets(values, sorted: sorted)
      var a = targets.values
      var jacobian = targets.logJacobian
      for (value, slope) in slopes {
        a.append(slope * targets.ruler.slope(at: values[value]))
        if targets.ruler.unit > 0 { jacobian -= Elementary.log(targets.ruler.unit) }
        if warp != .identity { jacobian -= targets.values[value] }
      }
      a.withUnsafeMutableBufferPointer { factor.solveLower($0) }
      var along = 0.0
      for index in a.indices { along += a[index] * ones[index] }
      let mean = norm > 0 ? along / norm : 0
      var square = 0.0
      for index in a.indices {
        let rest = a[index] - mean * ones[index]
        square += rest * rest
      }
      return -0.5 * n * Elementary.log(max(square / n, 1e-300)) + jacobian
    }
    var best = (warp: kept, evidence: evidence(kept) + margin)
    for warp in all where warp != kept {
      let own = evidence(warp)
      if own > best.evidence { best = (warp, own) }
    }
    return best.warp
  }
}
