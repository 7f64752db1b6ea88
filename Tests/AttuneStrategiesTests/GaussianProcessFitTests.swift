import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That the fit follows its gradient and finds lengths and noise that are there.
struct GaussianProcessFitTests {
  private static func prior(_ axisCount: Int) -> GaussianProcessFit.Prior {
    GaussianProcessFit.Prior(
      logLength: (-1 + 0.5 * Elementary.log(Double(axisCount)), 1), logSignal: (0, 1.5),
      logNoise: (Elementary.log(1e-4), 3), noiseFloor: 1e-6)
  }

  private static func standardized(_ values: [Double]) -> [Double] {
    var values = values
    OutputWarp.standardize(&values)
    return values
  }

  private static func start(_ axisCount: Int) -> [Double] {
    [Double](repeating: Elementary.log(0.5), count: axisCount) + [0, Elementary.log(1e-4)]
  }

  @Test(
    "the gradient is that of central differences, over numbers and choices",
    arguments: [(3, 2), (2, 0), (0, 3), (1, 1)])
  func gradient(ordered: Int, unordered: Int) {
    let axisCount = ordered + unordered
    let points = ModelSamples.mixed(19, ordered: ordered, unordered: unordered, salt: 21)
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: axisCount, orderedCount: ordered,
      targets: Self.standardized(ModelSamples.normals(19, salt: 22)),
      prior: Self.prior(axisCount))
    for number in 0..<4 {
      let units = ModelSamples.units(axisCount + 2, salt: 30 + UInt64(number))
      let theta =
        units.prefix(axisCount).map { 3 * $0 - 2 }
        + [2 * units[axisCount] - 1, 5 * units[axisCount + 1] - 6]
      var gradient = [Double](repeating: 0, count: axisCount + 2)
      let value = fit.evaluate(theta, gradient: &gradient)
      #expect(value.isFinite)
      var unused = gradient
      for axis in theta.indices {
        let difference = ModelSamples.difference(at: theta, axis: axis, step: 1e-5) {
          fit.evaluate($0, gradient: &unused)
        }
        #expect(
          ModelSamples.isClose(gradient[axis], difference, relative: 1e-5, absolute: 1e-6),
          "theta \(number), component \(axis)")
      }
    }
  }

  @Test("an axis that does not matter is given a longer length than those that do")
  func irrelevant() throws {
    let points = ModelSamples.mixed(40, ordered: 3, unordered: 0, salt: 41)
    let values = (0..<40).map { (index: Int) -> Double in
      let (x, z) = (points[3 * index], points[3 * index + 2])
      return Elementary.exp(2 * x) + 3 * z * z
    }
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: 3, orderedCount: 3, targets: Self.standardized(values),
      prior: Self.prior(3))
    let found = fit.fit(from: [Self.start(3)], evaluations: 60)
    let lengths = try #require(found).hyperparameters.lengths
    #expect(lengths[1] > 2 * lengths[0] && lengths[1] > 2 * lengths[2], "\(lengths)")
  }

  @Test("a choice that does not matter is given a longer length than one that does")
  func irrelevantChoice() throws {
    let points = ModelSamples.mixed(40, ordered: 1, unordered: 2, salt: 42)
    let values = (0..<40).map { (index: Int) -> Double in
      let choice = points[3 * index + 1]
      return points[3 * index] + (choice == 1 ? 2 : 0)
    }
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: 3, orderedCount: 1, targets: Self.standardized(values),
      prior: Self.prior(3))
    let found = fit.fit(from: [Self.start(3)], evaluations: 60)
    let lengths = try #require(found).hyperparameters.lengths
    #expect(lengths[2] > 2 * lengths[1], "\(lengths)")
  }

  @Test("noise is found within a factor of three", arguments: [0.1, 0.3])
  func noise(deviation: Double) throws {
    let points = ModelSamples.mixed(60, ordered: 2, unordered: 0, salt: 43)
    let errors = ModelSamples.normals(60, salt: 44)
    let values = (0..<60).map { (index: Int) -> Double in
      let (x, y) = (points[2 * index] - 0.4, points[2 * index + 1] - 0.6)
      return 8 * x * x + 5 * y * y + deviation * errors[index]
    }
    let mean = values.reduce(0, +) / 60
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60
    let actual = errors.reduce(0) { $0 + $1 * $1 } / 60 * deviation * deviation / variance
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: 2, orderedCount: 2, targets: Self.standardized(values),
      prior: Self.prior(2))
    let found = fit.fit(from: [Self.start(2)], evaluations: 80)
    let noise = try #require(found).hyperparameters.noise
    #expect(noise > actual / 3 && noise < 3 * actual, "found \(noise), wanted \(actual)")
  }

  @Test("the value is finite or +∞ at every corner of the bounds, with points that coincide too")
  func corners() {
    var points = ModelSamples.mixed(14, ordered: 1, unordered: 1, salt: 45)
    for index in 0..<4 { points += [0.5 + 1e-13 * Double(index), 1] }
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: 2, orderedCount: 1,
      targets: Self.standardized(ModelSamples.normals(18, salt: 46)), prior: Self.prior(2))
    let bounds: [[Double]] = [[0.025, 30], [0.025, 30], [1e-3, 1e3], [1e-6, 10]]
    for corner in 0..<16 {
      let theta = bounds.indices.map { Elementary.log(bounds[$0][corner >> $0 & 1]) }
      var gradient = [Double](repeating: 0, count: 4)
      let value = fit.evaluate(theta, gradient: &gradient)
      #expect(value.isFinite && gradient.allSatisfy { $0.isFinite }, "corner \(corner): \(value)")
    }
  }

  @Test("targets that are all equal, and two points alone, still have a fit")
  func degenerate() throws {
    for count in [2, 3, 10] {
      var fit = GaussianProcessFit(
        coordinates: ModelSamples.mixed(count, ordered: 2, unordered: 1, salt: 47), axisCount: 3,
        orderedCount: 2, targets: [Double](repeating: 0, count: count), prior: Self.prior(3))
      let fitted = fit.fit(from: [Self.start(3)], evaluations: 40)
      let found = try #require(fitted)
      let hyperparameters = found.hyperparameters
      #expect(hyperparameters.lengths.allSatisfy { $0 > 0.02 && $0 < 31 })
      #expect(hyperparameters.signal > 0 && hyperparameters.noise > 0 && found.value.isFinite)
    }
  }

  @Test("a search from several starts ends no higher than from any one of them")
  func starts() throws {
    let points = ModelSamples.mixed(20, ordered: 2, unordered: 0, salt: 48)
    let values = (0..<20).map { (index: Int) -> Double in
      4 * points[2 * index] - points[2 * index + 1]
    }
    var fit = GaussianProcessFit(
      coordinates: points, axisCount: 2, orderedCount: 2, targets: Self.standardized(values),
      prior: Self.prior(2))
    let starts = [Self.start(2), [1, 1, 0, -2], [-3, -3, 0, -9]]
    let together = fit.fit(from: starts, evaluations: 30)
    let least = try #require(together).value
    for start in starts {
      let alone = fit.fit(from: [start], evaluations: 30)
      #expect(try least <= #require(alone).value)
    }
  }
}
