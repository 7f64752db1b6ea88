import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// Inputs that tests of the models share.
enum ModelSamples {
  /// Numbers in 0...1 that depend on `salt` alone.
  static func units(_ count: Int, salt: UInt64) -> [Double] {
    let stream = RandomStream(seed: salt, trial: 0, stream: 99)
    return (0..<count).map { stream.unit(at: UInt32($0)) }
  }

  /// About normal numbers with mean 0 and variance 1.
  static func normals(_ count: Int, salt: UInt64) -> [Double] {
    units(count, salt: salt).map { StandardNormal.quantile(min(max($0, 1e-9), 1 - 1e-9)) }
  }

  /// Points of `ordered` numbers and `unordered` choices of three, one after the other.
  static func mixed(_ count: Int, ordered: Int, unordered: Int, salt: UInt64) -> [Double] {
    let width = ordered + unordered
    return units(count * width, salt: salt).enumerated().map { place, unit in
      place % width < ordered ? unit : (3 * unit).rounded(.down)
    }
  }

  /// The central difference of `function` along coordinate `axis`.
  static func difference(
    at point: [Double], axis: Int, step: Double, _ function: ([Double]) -> Double
  ) -> Double {
    var (low, high) = (point, point)
    low[axis] -= step
    high[axis] += step
    return (function(high) - function(low)) / (high[axis] - low[axis])
  }

  static func isClose(_ a: Double, _ b: Double, relative: Double, absolute: Double = 0) -> Bool {
    (a - b).magnitude <= max(absolute, relative * max(a.magnitude, b.magnitude))
  }

  /// Expects means and variances, without slopes along the first two axes and beside them.
  static func expect(
    _ process: GaussianProcess, _ expected: [(query: [Double], mean: Double, variance: Double)],
    relative: Double, at place: SourceLocation = #_sourceLocation
  ) {
    for (query, mean, variance) in expected {
      let found = process.posterior(at: query)
      var (byMean, byVariance) = ([0.0, 0], [0.0, 0])
      let sloped = process.posterior(
        at: query, along: [0, 1], meanSlopes: &byMean, varianceSlopes: &byVariance)
      for posterior in [found, sloped] {
        #expect(
          isClose(posterior.mean, mean, relative: relative), "\(query)", sourceLocation: place)
        #expect(
          isClose(posterior.variance, variance, relative: relative), "\(query)",
          sourceLocation: place)
      }
    }
  }
}
