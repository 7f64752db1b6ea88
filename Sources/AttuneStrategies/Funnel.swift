import AttuneNumerics

/// The bowl that the minima of a rugged function lie in, and its bottom.
///
/// A quadratic through the lower ones of the minima that local searches ended in, least squares or the
/// least Hessian where they are few, as K. A. Dill, A. T. Phillips, J. B. Rosen, "Protein structure and
/// energy landscape dependence on sequence using a continuous energy function", 1997, do with a convex
/// underestimator; its minimum is where a deeper one may be. About 2 k c² operations for k minima
/// and c = (d + 1)(d + 2)/2 coefficients.
struct Funnel: Sendable {
  /// Where a local search should start, in units.
  let bottom: [Double]
  /// The least distance of two minima: a first step should be shorter.
  let spacing: Double

  /// `nil` where the minima are too few, or their bowl has its bottom at the best of them.
  ///
  /// `axes` are those that the minima differ in; of minima nearer than `nearness` one counts.
  init?(of all: [(units: [Double], value: Double)], axes: [Int], nearness: Double) {
    let d = axes.count
    guard d > 0, all.count >= d + 2 else { return nil }
    let coefficients = (d + 1) * (d + 2) / 2
    let order = all.indices.sorted {
      all[$0].value != all[$1].value ? all[$0].value < all[$1].value : $0 < $1
    }
    var minima: [(units: [Double], value: Double)] = []
    var spacing = Double.infinity
    for minimum in order.map({ all[$0] }) where minima.count < 2 * coefficients {
      let distance = minima.map { DescentStarts.distance($0.units, minimum.units) }.min()
      if let distance, distance < nearness { continue }
      minima.append(minimum)
      spacing = min(spacing, distance ?? .infinity)
    }
    guard minima.count >= d + 2 else { return nil }
    let lower = minima.prefix(max(d + 2, min(2 * coefficients, minima.count * 2 / 3)))
    let centre = axes.map { lower[0].units[$0] }
    let distances = lower.map { minimum in
      zip(axes, centre).reduce(0) { sum, place in
        let difference = minimum.units[place.0] - place.1
        return sum + difference * difference
      }.squareRoot()
    }
    guard let reach = distances.max(), reach > 0,
      let size = lower.last.map({ $0.value - lower[0].value }), size > 0, size.isFinite
    else { return nil }
    var fit = QuadraticFit()
    let model = fit.fit(
      points: lower.flatMap { minimum in
        zip(axes, centre).map { (minimum.units[$0] - $1) / reach }
      }, dimension: d, values: lower.map { ($0.value - lower[0].value) / size }, ridge: 1e-2
    ).model
    guard let model else { return nil }
    var step = BoxTrustRegionStep()
    let gain = step.minimize(
      gradient: model.gradient, hessian: model.hessian,
      lower: centre.map { (0 - $0) / reach }, upper: centre.map { (1 - $0) / reach }, radius: 1)
    guard let gain, gain < 0 else { return nil }
    var bottom = lower[0].units
    for (place, axis) in axes.enumerated() {
      bottom[axis] = min(max(centre[place] + reach * step.step[place], 0), 1)
    }
    self.bottom = bottom
    self.spacing = spacing
  }
}
