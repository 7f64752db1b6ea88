import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That a process with derivatives is the one its covariances say, and its fit follows its gradient.
@Suite("Processes with derivatives")
struct DerivativeProcessTests {
  private static let points: [Double] = [
    0.1, 0.2, 0, 0.9, 0.35, 1, 0.4, 0.8, 2, 0.65, 0.1, 0,
  ]
  private static let targets = [-0.7, 1.3, 0.4, -1.1]
  private static let slopes = [2.5, -1.25, 0.75, -3, 1.5]
  private static let hyperparameters = GaussianProcess.Hyperparameters(
    lengths: [0.3, 0.7, 1.5], signal: 1.7, noise: 0.02, derivativeNoise: 0.05)

  private static func rows(_ axes: [[Int]]) -> DerivativeRows {
    var rows = DerivativeRows()
    for own in axes { rows.append(axes: own) }
    return rows
  }

  private static let someRows = rows([[0, 1], [1], [], [0, 1]])

  private static func sample() throws -> GaussianProcess {
    var process = GaussianProcess(hyperparameters, orderedCount: 2)
    let isSet = process.setPoints(points, someRows)
    try #require(isSet)
    process.setTargets(targets, slopes: slopes)
    return process
  }

  /// A process over three numbers and two choices, with derivatives of most points along some axes.
  private static func large(_ count: Int) throws -> (process: GaussianProcess, points: [Double]) {
    let points = ModelSamples.mixed(count, ordered: 3, unordered: 2, salt: 4)
    let rows = rows((0..<count).map { $0 % 5 == 3 ? [] : $0 % 3 == 0 ? [0, 2] : [0, 1, 2] })
    var process = GaussianProcess(
      .init(lengths: [0.4, 1.1, 0.6, 0.9, 2], signal: 0.8, noise: 1e-3, derivativeNoise: 1e-2),
      orderedCount: 3)
    let isSet = process.setPoints(points, rows)
    try #require(isSet)
    process.setTargets(
      ModelSamples.normals(count, salt: 5), slopes: ModelSamples.normals(rows.count, salt: 6))
    return (process, points)
  }

  /// Reference: mpmath with 50 digits; covariances of derivatives by its numerical differentiation of the
  /// kernel, K inverted.
  @Test("means and variances are those of 50-digit arithmetic")
  func reference() throws {
    let process = try Self.sample()
    #expect(ModelSamples.isClose(process.mean, 0.0062266705470253591269, relative: 1e-11))
    let expected: [(query: [Double], mean: Double, variance: Double)] = [
      ([0.5, 0.5, 0], -0.10692160671536150648, 0.37963705663860989875),
      ([0.12, 0.25, 0], -0.69259586623004329619, 0.021201610356117881569),
      ([0.95, 0.95, 2], 0.64425648887028610427, 1.1371877646776717961),
      ([0.3, 0.3, 1], -0.052647983723780699455, 0.82216994537053141059),
    ]
    ModelSamples.expect(process, expected, relative: 1e-11)
  }

  @Test("covariances of derivatives are differences of the kernel")
  func covariances() throws {
    let lengths = Self.hyperparameters.lengths
    let rows = Self.rows([[0, 1], [0, 1], [0, 1], [0, 1]])
    var process = GaussianProcess(Self.hyperparameters, orderedCount: 2)
    let isSet = process.setPoints(Self.points, rows)
    try #require(isSet)
    var matrix = SymmetricMatrix(count: 12, capacity: 12)
    process.withPoints {
      MaternKernel.fillCovariance(
        $0, rows, signal: 1.7, diagonal: 1.72, derivativeDiagonal: 3, into: &matrix)
    }
    func point(_ index: Int) -> [Double] { Array(Self.points[(3 * index)..<(3 * index + 3)]) }
    func kernel(_ a: [Double], _ b: [Double]) -> Double {
      var one = GaussianProcess(Self.hyperparameters, orderedCount: 2)
      one.setPoints(b)
      var row = [0.0, 0, 0, 0]
      row.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { one.kernelRow(of: a, 0, into: base) }
      }
      return row[0]
    }
    matrix.withRows { elements in
      for e in 0..<8 {
        let (p, i) = (rows.points[e], rows.axes[e])
        func sloped(_ a: [Double]) -> Double {
          lengths[i] * ModelSamples.difference(at: point(p), axis: i, step: 1e-4) { kernel(a, $0) }
        }
        for q in 0..<4 where q != p {
          #expect(
            ModelSamples.isClose(
              elements[(4 + e) * matrix.stride + q], sloped(point(q)), relative: 1e-6,
              absolute: 1e-7))
        }
        for f in 0..<e where rows.points[f] != p {
          let (q, j) = (rows.points[f], rows.axes[f])
          let twice = ModelSamples.difference(at: point(q), axis: j, step: 1e-4, sloped)
          #expect(
            ModelSamples.isClose(
              elements[(4 + e) * matrix.stride + 4 + f], lengths[j] * twice, relative: 1e-5,
              absolute: 1e-6))
        }
      }
    }
  }

  @Test("slopes of mean and variance are those of central differences, with points pending too")
  func slopes() throws {
    var (process, _) = try Self.large(25)
    process.append([0.3, 0.6, 0.2, 1, 2])
    process.append([0.8, 0.1, 0.7, 0, 1])
    #expect(process.count == 27 && process.targetCount == 25)
    let queries = ModelSamples.mixed(12, ordered: 3, unordered: 2, salt: 7)
    for index in 0..<12 {
      let query = Array(queries[(5 * index)..<(5 * index + 5)])
      var (byMean, byVariance) = ([0.0, 0, 0], [0.0, 0, 0])
      _ = process.posterior(
        at: query, along: [2, 0, 1], meanSlopes: &byMean, varianceSlopes: &byVariance)
      for (place, axis) in [2, 0, 1].enumerated() {
        let mean = ModelSamples.difference(at: query, axis: axis, step: 1e-5) {
          process.posterior(at: $0).mean
        }
        let variance = ModelSamples.difference(at: query, axis: axis, step: 1e-5) {
          process.posterior(at: $0).variance
        }
        #expect(ModelSamples.isClose(byMean[place], mean, relative: 1e-5, absolute: 1e-6))
        #expect(ModelSamples.isClose(byVariance[place], variance, relative: 1e-5, absolute: 1e-6))
      }
    }
  }

  @Test("the mean follows values and slopes told; the mean at a point follows from its target")
  func interpolation() throws {
    let lengths = [0.5, 0.8]
    let points: [Double] = [0.2, 0.3, 0.7, 0.6, 0.4, 0.9]
    var process = GaussianProcess(
      .init(lengths: lengths, signal: 1, noise: 1e-8, derivativeNoise: 1e-8), orderedCount: 2)
    let isSet = process.setPoints(points, Self.rows([[0, 1], [0, 1], [0, 1]]))
    try #require(isSet)
    let (targets, slopes) = ([0.3, -0.4, 0.9], [1.0, -0.5, 0.25, 2, -1, 0.75])
    process.setTargets(targets, slopes: slopes)
    for index in 0..<3 {
      let query = Array(points[(2 * index)..<(2 * index + 2)])
      var (byMean, byVariance) = ([0.0, 0], [0.0, 0])
      let found = process.posterior(
        at: query, along: [0, 1], meanSlopes: &byMean, varianceSlopes: &byVariance)
      #expect(ModelSamples.isClose(found.mean, targets[index], relative: 1e-5))
      let fitted = process.fitted(index, target: targets[index])
      #expect(ModelSamples.isClose(found.mean, fitted, relative: 1e-9))
      for axis in 0..<2 {
        #expect(ModelSamples.isClose(byMean[axis], slopes[2 * index + axis], relative: 1e-4))
      }
    }
  }

  @Test("many queries at once, and along an axis, give what one at a time gives, within bounds")
  func batches() throws {
    var (process, _) = try Self.large(21)
    process.append([0.3, 0.6, 0.2, 1, 2])
    let queries = ModelSamples.mixed(16, ordered: 3, unordered: 2, salt: 8)
    var batch = GaussianProcess.Batch()
    process.fill(&batch, queries)
    var found: [Int: Double] = [:]
    process.solve(0..<16, of: &batch, while: { _, _ in true }, found: { found[$0] = $1 })
    for index in 0..<16 {
      let one = process.posterior(at: Array(queries[(5 * index)..<(5 * index + 5)]))
      #expect(batch.means[index] == one.mean && found[index] == one.variance)
      #expect(one.variance <= batch.bounds[index] + 1e-12)
    }
    for axis in [1, 4] {
      let query = Array(queries[0..<5])
      process.fill(&batch, query, along: axis, to: [0, 1, 2])
      for place in 0..<3 {
        var moved = query
        moved[axis] = Double(place)
        #expect(batch.means[place] == process.posterior(at: moved).mean)
      }
    }
  }

  private static func fit(_ points: [Double], _ rows: DerivativeRows, count: Int) -> DerivativeFit {
    let width = points.count / count
    return DerivativeFit(
      coordinates: points, axisCount: width, orderedCount: width - 1,
      targets: count == 4 ? targets : ModelSamples.normals(count, salt: 22),
      slopes: count == 4 ? slopes : ModelSamples.normals(rows.count, salt: 23), rows: rows,
      prior: GaussianProcessFit.Prior(
        logLength: (-0.5, 1e9), logSignal: (0, 1e9), logNoise: (-5, 1e9), noiseFloor: 1e-6),
      logDerivativeNoise: (-5, 1e9))
  }

  /// Reference: mpmath as above, ½ (t − m)ᵀK⁻¹(t − m) + ½ ln |K|. The prior is flat here.
  @Test("the fit's objective is that of 50-digit arithmetic")
  func likelihood() {
    var fit = Self.fit(Self.points, Self.someRows, count: 4)
    let theta = [0.3, 0.7, 1.5, 1.7, 0.02, 0.05].map { Elementary.log($0) }
    var gradient = [Double](repeating: 0, count: 6)
    let value = fit.evaluate(theta, gradient: &gradient)
    #expect(ModelSamples.isClose(value, 9.5267891008475799951, relative: 1e-11))
  }

  @Test("the fit's gradient is that of central differences", arguments: [0, 1, 2, 3])
  func gradient(number: Int) {
    let points = ModelSamples.mixed(11, ordered: 3, unordered: 1, salt: 21)
    let rows = Self.rows((0..<11).map { $0 % 4 == 1 ? [] : $0 % 4 == 2 ? [1] : [0, 1] })
    var fit = Self.fit(points, rows, count: 11)
    let units = ModelSamples.units(7, salt: 30 + UInt64(number))
    let theta =
      units.prefix(4).map { 2 * $0 - 1.5 } + [units[4] - 0.5, 4 * units[5] - 6, 4 * units[6] - 6]
    var gradient = [Double](repeating: 0, count: 7)
    #expect(fit.evaluate(theta, gradient: &gradient).isFinite)
    var unused = gradient
    for axis in theta.indices {
      let difference = ModelSamples.difference(at: theta, axis: axis, step: 1e-5) {
        fit.evaluate($0, gradient: &unused)
      }
      #expect(
        ModelSamples.isClose(gradient[axis], difference, relative: 1e-5, absolute: 1e-5),
        "component \(axis): \(gradient[axis]), differences give \(difference)")
    }
  }

  @Test("points that coincide break nothing; numbers that are none are refused")
  func breakdown() throws {
    for distance in [0, 1e-12, 1e-6] {
      let points = (0..<12).flatMap { [0.5 + distance * Double($0), 0.25] }
      let rows = Self.rows((0..<12).map { _ in [0, 1] })
      var process = GaussianProcess(
        .init(lengths: [1, 30], signal: 1, noise: 1e-6, derivativeNoise: 1e-6), orderedCount: 2)
      let isSet = process.setPoints(points, rows)
      try #require(isSet)
      process.setTargets(
        (0..<12).map { Double($0 % 3) }, slopes: ModelSamples.normals(24, salt: 3))
      let (mean, variance) = process.posterior(at: [0.4, 0.9])
      #expect(mean.isFinite && variance > 0 && variance <= 1)
    }
    var process = GaussianProcess(
      .init(lengths: [1, 1], signal: 1, noise: 1e-6), orderedCount: 2)
    let isSet = process.setPoints([.nan, 0.5, 0.1, 0.2], Self.rows([[0], [1]]))
    #expect(!isSet)
    #expect(process.count == 0 && process.derivatives == nil)
    #expect(process.posterior(at: [0.5, 0.5]) == (0, 1))
  }
}
