import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That values keep their order on the way to targets, of whatever size they are.
struct OutputWarpTests {
  private func targets(_ warp: OutputWarp, _ values: [Double]) -> OutputWarp.Targets {
    warp.targets(values, sorted: values.sorted())
  }

  @Test("targets are in the order of the values", arguments: OutputWarp.all)
  func order(warp: OutputWarp) {
    let values = ModelSamples.normals(50, salt: 61).map { $0 * $0 * $0 * 100 }
    let targets = targets(warp, values).values
    let byValue = values.indices.sorted { values[$0] < values[$1] }
    for (a, b) in zip(byValue, byValue.dropFirst()) { #expect(targets[a] < targets[b]) }
    #expect(targets[byValue[0]] == 0)
  }

  @Test("equal values give zeros, and so do one value and none", arguments: OutputWarp.all)
  func equal(warp: OutputWarp) {
    for values in [[Double](repeating: 3.5, count: 9), [-1e308], []] {
      var found = targets(warp, values)
      #expect(found.values == [Double](repeating: 0, count: values.count))
      #expect(found.logJacobian == 0)
      OutputWarp.standardize(&found.values)
      #expect(found.values == [Double](repeating: 0, count: values.count))
    }
  }

  private static let least = Double.leastNonzeroMagnitude
  private static let largest = Double.greatestFiniteMagnitude
  private static let extremeValues: [[Double]] = [
    [1e300, -1e300, 0, 1e-300], [largest, -largest, 1], [1e-300, 2e-300, 5e-300],
    [least, 2 * least, 0], [0, 0, 0, 0, 0, 0, least], [1, 1, 1, 1, 1, 1 + 0x1p-52, 1e300],
    [-100 * least, 1e308, 3, 3, 3], [-largest, -largest, largest],
  ]

  @Test(
    "values of any size give finite targets with mean 0 and variance 1",
    arguments: extremeValues, OutputWarp.all)
  func extremes(values: [Double], warp: OutputWarp) {
    let found = targets(warp, values)
    #expect(found.values.allSatisfy { $0.isFinite } && found.logJacobian.isFinite)
    var standard = found.values
    OutputWarp.standardize(&standard)
    let n = Double(values.count)
    #expect((standard.reduce(0, +) / n).magnitude < 1e-9)
    #expect((standard.reduce(0) { $0 + $1 * $1 } / n - 1).magnitude < 1e-9)
    for (a, b) in zip(values.indices, values.indices.dropFirst()) where values[a] < values[b] {
      #expect(standard[a] <= standard[b])
    }
  }

  @Test("the correction for the spread is the sum of the logarithms of the slopes")
  func jacobian() {
    let values = [1.0, 1.5, 2.5, 7, 30]
    for warp in OutputWarp.all {
      var sum = 0.0
      for place in 1..<4 {
        var (low, high) = (values, values)
        low[place] -= 1e-6
        high[place] += 1e-6
        // The quantile must not move with the value: it is that of the values themselves.
        let slope =
          (warp.targets(high, sorted: values).values[place]
            - warp.targets(low, sorted: values).values[place]) / 2e-6
        sum += Elementary.log(slope)
      }
      let found = targets(warp, values)
      let z = found.values
      let unit = warp == .identity ? 29 : (values[1] - 1) / (Elementary.exp(z[1]) - 1)
      let ends = -2 * Elementary.log(unit) - (warp == .identity ? 0 : z[0] + z[4])
      #expect(ModelSamples.isClose(found.logJacobian, sum + ends, relative: 1e-6), "\(warp)")
    }
  }

  /// The warp chosen for values of 25 points along a line, with a smooth process's kernel.
  private func chosen(_ function: (Double) -> Double) -> OutputWarp {
    let points = (0..<25).map { Double($0) / 24 }
    var process = GaussianProcess(
      .init(lengths: [0.5], signal: 1, noise: 1e-4), orderedCount: 1)
    process.setPoints(points)
    return OutputWarp.likeliest(
      points.map(function), factor: process.factor, kept: .logarithm(quantile: 0.5), margin: 2)
  }

  @Test("a function that grows exponentially is seen through a logarithm, a straight line is not")
  func evidence() {
    let exponential = chosen { Elementary.exp(14 * $0) }
    #expect(exponential != .identity)
    #expect(chosen { 3 * $0 - 1 } == .identity)
    #expect(chosen { -3 * $0 } == .identity)
  }

  @Test("the warp kept stays when values say nothing, and when no other is better by the margin")
  func margin() {
    #expect(chosen { _ in 4 } == .logarithm(quantile: 0.5))
    let points = (0..<25).map { Double($0) / 24 }
    var process = GaussianProcess(.init(lengths: [0.5], signal: 1, noise: 1e-4), orderedCount: 1)
    process.setPoints(points)
    for kept in OutputWarp.all {
      let chosen = OutputWarp.likeliest(
        points.map { 3 * $0 }, factor: process.factor, kept: kept, margin: 1e9)
      #expect(chosen == kept)
    }
  }
}
